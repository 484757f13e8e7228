"""Lock-out: failed sign-ins are counted for each account, over all workers and hosts.

An account has ``ATTEMPTS`` places. An attempt takes a free one before the password is checked. It keeps the
place for ``LOCK_SECONDS`` when the password was wrong, and gives it back when it was right. Taking a place
is one atomic insert into the shared cache: guesses that arrive at the same moment cannot pass together, and
right passwords that arrive together wait for each other.
"""

import hashlib
import time
from dataclasses import dataclass

from django.core.cache import cache

from accounts.models import User
from core.search.folding import fold

ATTEMPTS = 5
"""Wrong passwords within ``LOCK_SECONDS`` before an account is locked."""

LOCK_SECONDS = 5 * 60
_CHECK_SECONDS = 30
"""How long a place stays taken when the worker that checks a password dies."""

_WAIT_SECONDS = 10
_RETRY_SECONDS = 0.05
_CHECKING, _FAILED = "checking", "failed"


class AccountLocked(Exception):
    """All places of the account are taken by wrong passwords."""


class AttemptsNotCounted(Exception):
    """The shared cache cannot be written, so no attempt can be counted and none is made."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A place taken by one attempt to sign in."""

    place: str

    def failed(self) -> None:
        """The password was wrong: the place stays taken for ``LOCK_SECONDS``."""
        cache.set(self.place, _FAILED, LOCK_SECONDS)

    def succeeded(self) -> None:
        """The password was right: the place is free again."""
        cache.delete(self.place)


def begin_attempt(login: str) -> Attempt:
    """Take a place of the account that ``login`` names.

    Raises ``AccountLocked`` or ``AttemptsNotCounted``.
    """
    places = _places(account_key(login))
    give_up = time.monotonic() + _WAIT_SECONDS
    while True:
        for place in places:
            if cache.add(place, _CHECKING, _CHECK_SECONDS):
                return Attempt(place)
        taken = cache.get_many(places)
        # A cache in the database answers "not added" also when it cannot be written.
        if len(taken) < len(places) and time.monotonic() > give_up:
            raise AttemptsNotCounted
        if len(taken) == len(places) and (_CHECKING not in taken.values() or time.monotonic() > give_up):
            raise AccountLocked
        time.sleep(_RETRY_SECONDS)


def account_key(login: str) -> str:
    """One key for every spelling of an account: user name or e-mail address, in any case."""
    pk = User.objects.pks_by_login([login]).get(login)
    return f"account {pk}" if pk is not None else f"text {fold(login)}"


def _places(key: str) -> list[str]:
    digest = hashlib.sha256(key.encode()).hexdigest()
    return [f"sign-in:{digest}:{number}" for number in range(ATTEMPTS)]
