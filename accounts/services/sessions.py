"""Ends sessions: signs an account out in browsers."""

from django.db import transaction

from accounts.account_events import record_event
from accounts.models import AccountSessionQuerySet, User


@transaction.atomic
def end_sessions(*, account: User, sessions: AccountSessionQuerySet) -> int:
    """End ``sessions``, which are of ``account``. Return how many there were; an account event has it."""
    ended = sessions.end()
    record_event(account, {"sessions": ended}, {"sessions": 0})
    return ended
