"""Those who ask: one account for each role, in every database."""

from django.contrib.auth.models import Group

from accounts.choices import Role
from accounts.models import User
from relations.models import Agency

ASKING = (Role.OFFICER, Role.REVIEWER, Role.ADMINISTRATOR, Role.FOCAL_POINT)


def name_of(role: Role) -> str:
    """The name with which somebody in ``role`` signs in."""
    return f"bench-{role}"


def write_accounts() -> None:
    """Make the accounts that are not there yet."""
    for role in ASKING:
        agency = Agency.objects.get(slug="vn-mofa") if role == Role.FOCAL_POINT else None
        everything = role == Role.ADMINISTRATOR
        account, _made = User.objects.get_or_create(
            username=name_of(role),
            defaults={"agency": agency, "is_staff": everything, "is_superuser": everything},
        )
        account.groups.set([Group.objects.get(name=role)])
