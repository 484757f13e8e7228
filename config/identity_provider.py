"""The settings of a provider of identities (OpenID Connect), read from the environment.

Read: OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME, OIDC_SCOPE, OIDC_PROMPT, OIDC_GROUPS_CLAIM,
OIDC_ROLES, OIDC_SIGN_UP, OIDC_HAS_SECOND_STEP.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_ROLES = {"officer", "reviewer", "focal_point", "reader", "administrator", "security_officer"}


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """What is known of the provider. ``issuer`` is "" where there is none."""

    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""
    name: str = ""
    scope: tuple[str, ...] = ("openid", "profile", "email")
    prompt: str = ""
    """What the provider is to ask for at each sign-in: ``login`` asks for the password again."""
    groups_claim: str = "groups"
    roles: dict[str, list[str]] = field(default_factory=dict)
    """The roles that each group of the provider has. Roles of no group are left to the administrators."""
    signs_up: bool = False
    has_second_step: bool = False

    @property
    def origins(self) -> list[str]:
        """Where the form of sign-in may be sent on to."""
        parts = urlsplit(self.issuer)
        return [f"{parts.scheme}://{parts.netloc}"] if self.issuer else []


def identity_provider(env: Any, *, allows_http: bool) -> IdentityProvider:
    """The provider of the environment. Raises ``ImproperlyConfigured``, naming the variable."""
    issuer = env.str("OIDC_ISSUER", default="").strip()
    if not issuer:
        return IdentityProvider()
    parts = urlsplit(issuer)
    if not parts.netloc or parts.scheme not in (("https", "http") if allows_http else ("https",)):
        raise ImproperlyConfigured("OIDC_ISSUER must be an address that begins with https://.")
    client_id = env.str("OIDC_CLIENT_ID", default="").strip()
    if not client_id:
        raise ImproperlyConfigured(
            "OIDC_CLIENT_ID is not set. The provider has told it when you registered there."
        )
    return IdentityProvider(
        issuer=issuer,
        client_id=client_id,
        client_secret=env.str("OIDC_CLIENT_SECRET", default=""),
        name=env.str("OIDC_NAME", default="").strip() or parts.netloc,
        scope=tuple(env.str("OIDC_SCOPE", default="openid profile email").split()),
        prompt=env.str("OIDC_PROMPT", default=""),
        groups_claim=env.str("OIDC_GROUPS_CLAIM", default="groups"),
        roles=_roles(env),
        signs_up=env.bool("OIDC_SIGN_UP", default=False),
        has_second_step=env.bool("OIDC_HAS_SECOND_STEP", default=False),
    )


def _roles(env: Any) -> dict[str, list[str]]:
    """OIDC_ROLES, in JSON: ``{"Asia desk": ["officer"], "Heads": ["officer", "reviewer"]}``."""
    wrong = ImproperlyConfigured(
        'OIDC_ROLES must be JSON such as {"Asia desk": ["officer"]}. Roles: '
        + ", ".join(sorted(_ROLES))
        + "."
    )
    try:
        found = env.json("OIDC_ROLES", default={})
    except ValueError:
        raise wrong from None
    if not isinstance(found, dict):
        raise wrong
    for roles in found.values():
        if not isinstance(roles, list) or not set(map(str, roles)) <= _ROLES:
            raise wrong
    return found
