"""A small provider of identities (OpenID Connect) that a test starts itself, on this machine.

It signs with a key of its own. What it says can be changed, to see what is refused.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "aide-memoire", "shared with the provider"


def new_key() -> rsa.RSAPrivateKey:
    """A key; 2048 bits are made in a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """The provider. ``person`` is who signs in; ``wrong`` and ``headers`` change the token."""

    def __init__(self) -> None:
        self.key = new_key()
        self.signing_key: Any = self.key
        self.person: dict[str, Any] = {}
        self.wrong: dict[str, Any] = {}
        self.headers: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.config: dict[str, Any] = {}
        self.answer: dict[str, Any] | None = None
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802  (the name of the base class)
                provider.asked.append(self.path)
                found = provider.configuration() if "well-known" in self.path else provider.keys()
                self._send(200, found)

            def do_POST(self) -> None:  # noqa: N802
                provider.asked.append(self.path)
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._send(*provider.token({name: values[0] for name, values in parse_qs(body).items()}))

            def _send(self, status: int, content: object) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(content).encode())

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def configuration(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            **self.config,
        }

    def keys(self) -> dict[str, Any]:
        """Its public key."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "first", "alg": "RS256", "use": "sig"}]}

    def authorize(self, url: str) -> dict[str, str]:
        """What the browser brings back after somebody has signed in at the address ``url``."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = secrets.token_urlsafe(8)
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, body: dict[str, str]) -> tuple[int, Any]:
        """The answer to a code, which can be used once, by whoever knows its secret and has begun."""
        asked = self._codes.pop(body.get("code", ""), None)
        digest = hashlib.sha256(body.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or asked.get("code_challenge_method") != "S256"
            or asked.get("code_challenge") != challenge
            or body.get("redirect_uri") != asked["redirect_uri"]
            or (body.get("client_id"), body.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET)
        ):
            return 400, {"error": "invalid_grant"}
        if self.answer is not None:
            return 200, self.answer
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": self.id_token(asked)}

    def id_token(self, asked: dict[str, str]) -> str:
        """The signed token."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked.get("nonce", ""),
            **self.person,
            **self.wrong,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        headers = {"kid": "first", **self.headers}
        return jwt.encode(claims, self.signing_key, algorithm=self.algorithm, headers=headers)
