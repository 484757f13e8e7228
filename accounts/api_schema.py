"""How the API's sign-in by token is described in its OpenAPI document."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):
    """A bearer token, as ``accounts.api_auth`` reads it."""

    target_class = "accounts.api_auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """What OpenAPI calls it."""
        return {"type": "http", "scheme": "bearer"}
