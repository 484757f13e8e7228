"""The kinds of mail: each makes its mail when it is sent.

A module of ``notifications/mails`` makes a function a kind with ``mail_kind``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from notifications.models import OutboxMessage

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Mail:
    """What a message says: its subject, and ``templates/mail/<template>.txt`` and ``.html`` with a context.

    ``can_unsubscribe`` for what a recipient may do without. ``on_sent`` is called in the transaction that
    stores that it was sent.
    """

    subject: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    can_unsubscribe: bool = False
    on_sent: Callable[[], None] | None = None


Compose = Callable[[OutboxMessage], Mail | None]
"""Makes the mail of a message, from what its recipient may see now; ``None`` if there is nothing to tell."""


@dataclass(frozen=True, slots=True)
class MailKind:
    """A kind of mail: its name for people, and what makes its mails."""

    label: "StrPromise"
    compose: Compose


_kinds: dict[str, MailKind] = {}


def mail_kind(name: str, label: "StrPromise") -> Callable[[Compose], Compose]:
    """Make a function a kind of mail. It is called in the recipient's language and time zone."""

    def add(compose: Compose) -> Compose:
        _kinds[name] = MailKind(label, compose)
        return compose

    return add


def known_kind(name: str) -> MailKind:
    """The kind of this name. Raise ``LookupError``."""
    return _kinds[name]
