"""The provider of identities: what it is asked, and whether its answer is believed.

allauth finds the provider by the name of this module. Of its answer only the ID token counts: signed by the
provider, for this site, for this sign-in, and not expired.
"""

import hashlib
import hmac
import secrets
from typing import Any

import jwt
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal.jwtkit import verify_jti
from allauth.socialaccount.models import SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

NAME = "openid_connect"
"""allauth's name of the provider, also in the stored identities."""

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a public key. One with a shared secret could be made by whoever knows that."""

_LEEWAY = 60
"""Seconds by which the clocks may differ."""

_ERRORS = (KeyError, TypeError, ValueError, AttributeError, jwt.PyJWTError)
"""What is raised when an answer has not the shape that it must have."""


class Unreachable(OAuth2Error):
    """The provider does not answer."""


class ProviderConversation(OpenIDConnectOAuth2Adapter):
    """Asks the provider for a code, and for the ID token that it stands for."""

    state: dict[str, Any] | None = None
    """What was kept when the sign-in began; the view sets it."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself. Raises ``OAuth2Error`` if it is another issuer."""
        try:
            config: dict[str, Any] = super().openid_config
            issuer, *addresses = (
                str(config[name])
                for name in ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
            )
        except OSError as error:
            raise Unreachable("no configuration") from error
        except _ERRORS as error:
            raise OAuth2Error("The configuration of the provider is not complete.") from error
        if issuer.rstrip("/") != settings.OIDC.issuer.rstrip("/"):
            raise OAuth2Error("The configuration is of another issuer.")
        if settings.OIDC.issuer.startswith("https://") and any(
            not each.startswith("https://") for each in addresses
        ):
            raise OAuth2Error("The configuration has an address without https.")
        return config

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Where the provider sends the browser back."""
        return request.build_absolute_uri(reverse("provider_callback"))

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> Any:
        """The answer to the code. Raises ``OAuth2Error``."""
        try:
            return super().get_access_token_data(*args, **kwargs)
        except OSError as error:
            raise Unreachable("no token") from error
        except _ERRORS as error:
            raise OAuth2Error("The answer of the provider cannot be read.") from error

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """An empty token: nothing is read with it, and it is not kept."""
        return SocialToken(token="")  # noqa: S106

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any) -> Any:
        """The sign-in of whom the ID token names, with its claims. Raises ``OAuth2Error``."""
        try:
            claims = self._claims(str(kwargs["response"]["id_token"]))
            login = self.get_provider().sociallogin_from_response(request, claims)
        except _ERRORS as error:
            raise OAuth2Error(f"The ID token is not valid: {type(error).__name__}") from error
        login.claims = claims
        return login

    def _claims(self, id_token: str) -> dict[str, Any]:
        """What the token says, if it is signed by the provider, for this site, and for this sign-in."""
        client_id = settings.OIDC.client_id
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key=self._key_of(id_token),
            algorithms=list(_ALGORITHMS),
            audience=client_id,
            issuer=self.openid_config["issuer"],
            leeway=_LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"], "verify_sub": True},
        )
        if claims.get("azp", client_id) != client_id:
            raise OAuth2Error("The ID token is for another party.")
        expected = str((self.state or {}).get("nonce") or "")
        if not expected or not hmac.compare_digest(expected, str(claims.get("nonce", ""))):
            raise OAuth2Error("The ID token is not for this sign-in.")
        verify_jti(claims)
        return claims

    def _key_of(self, id_token: str) -> jwt.PyJWK:
        """The key of the provider that has signed."""
        header = jwt.get_unverified_header(id_token)
        from allauth.socialaccount.adapter import get_adapter

        try:
            with get_adapter().get_requests_session() as session:
                answer = session.get(self.openid_config["jwks_uri"])
                answer.raise_for_status()
                found = jwt.PyJWKSet.from_dict(answer.json()).keys
        except OSError as error:
            raise Unreachable("no keys") from error
        named = [key for key in found if key.key_id == header.get("kid")]
        usable = named if "kid" in header else found
        if len(usable) != 1:
            raise OAuth2Error("The ID token is signed with an unknown key.")
        return usable[0]


class IdentityProvider(OpenIDConnectProvider):
    """allauth's provider. What it is asked for is in the settings, and nothing of it in the address."""

    id = NAME
    pkce_enabled_default = True
    oauth2_adapter_class = ProviderConversation

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **_asked: Any
    ) -> HttpResponse:
        """Send the browser to the provider, with a nonce that its answer must bear."""
        nonce = secrets.token_urlsafe(32)
        params = {"nonce": nonce}
        if settings.OIDC.prompt:
            params["prompt"] = settings.OIDC.prompt
        try:
            answer: HttpResponse = super().redirect(
                request,
                AuthProcess.LOGIN,
                next_url,
                data,
                scope=list(settings.OIDC.scope),
                auth_params=params,
                nonce=nonce,
            )
        except (OSError, OAuth2Error) as error:
            return render_authentication_error(request, self, exception=error)
        return answer

    def extract_uid(self, data: dict[str, Any]) -> str:
        """A key of who it is, which never changes: the subject is unique with its issuer alone."""
        return hashlib.sha256(f"{data['iss']}\n{data['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is stored of the token."""
        return {"iss": data["iss"], "sub": data["sub"]}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing: ``provider_adapter`` finds or makes the account."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """Nothing, in the same way."""
        return []


class ProviderCallback(OAuth2CallbackView):
    """allauth's view of the way back, which tells the conversation what was kept when it began."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go on, or say why not; allauth itself does so for most of what can fail."""
        try:
            answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        except (OSError, OAuth2Error) as error:
            provider = self.adapter.get_provider()
            return render_authentication_error(
                request, provider, exception=error, extra_context={"state": self.adapter.state}
            )
        return answer

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, answer = super()._get_state(request, provider)
        self.adapter.state = state
        return state, answer


provider_classes = [IdentityProvider]
