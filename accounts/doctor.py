"""What the doctor says of sign-in: the second step, and the provider of identities."""

from collections.abc import Iterator

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.db import DatabaseError, transaction

from accounts.provider import NAME, ProviderConversation
from accounts.services.second_step import lacking_second_step, required_roles
from core.doctor.findings import Finding, area, odd, well, wrong

_FEW = 5


@area
def second_step() -> Iterator[Finding]:
    """Which roles require two-step sign-in, and which accounts still have to set it up."""
    try:
        with transaction.atomic():
            roles, lacking = required_roles(), list(lacking_second_step()[: _FEW + 1])
    except DatabaseError:
        return  # the database has been told already
    if not roles:
        yield odd(
            "two-step sign-in",
            "No role requires it.",
            "Require it of administrators and security officers at least: in the admin site, "
            "Accounts, Two-step sign-in by role.",
        )
        return
    yield well("two-step sign-in", f"Required of: {', '.join(roles)}.")
    if lacking:
        names = ", ".join(each.username for each in lacking[:_FEW]) + (", …" if lacking[_FEW:] else "")
        yield odd(
            "two-step sign-in",
            f"It is required of these accounts, which have not set it up yet: {names}.",
            "They are asked at their next request. Close the accounts that nobody uses.",
        )


@area
def identity_provider() -> Iterator[Finding]:
    """Whether the provider of identities answers, and whether it is the one of the settings."""
    if not settings.OIDC.issuer:
        return
    try:
        found = ProviderConversation(None, NAME).openid_config
    except (OSError, OAuth2Error) as error:
        yield wrong(
            "provider of identities",
            f"Nobody can sign in at {settings.OIDC.issuer}: {error}",
            "Check OIDC_ISSUER and the network. Meanwhile: docs/operations.md#a-provider-of-identities",
        )
        return
    yield well("provider of identities", f"{found['issuer']} answers.")
    if not settings.LOCAL_SIGN_IN:
        yield well("provider of identities", "Passwords sign in nobody.")
