"""What the doctor says of sign-in: the second step."""

from collections.abc import Iterator

from django.db import DatabaseError, transaction

from accounts.services.second_step import lacking_second_step, required_roles
from core.doctor.findings import Finding, area, odd, well

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
