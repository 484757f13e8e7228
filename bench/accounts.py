"""The accounts of the benchmark: one for each role, in every database."""

from django.contrib.auth.models import Group

from accounts.choices import Role
from accounts.models import User
from relations.models import Agency

ROLES = (Role.OFFICER, Role.REVIEWER, Role.ADMINISTRATOR, Role.FOCAL_POINT)


def username_for(role: Role) -> str:
    """The username of the account with ``role``."""
    return f"bench-{role}"


def write_accounts() -> None:
    """Create the accounts that are missing."""
    for role in ROLES:
        agency = Agency.objects.get(slug="vn-mofa") if role == Role.FOCAL_POINT else None
        is_administrator = role == Role.ADMINISTRATOR
        account, _made = User.objects.get_or_create(
            username=username_for(role),
            defaults={"agency": agency, "is_staff": is_administrator, "is_superuser": is_administrator},
        )
        account.groups.set([Group.objects.get(name=role)])
