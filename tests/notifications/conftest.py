"""A kind of mail for tests."""

from collections.abc import Callable

import pytest
from django.utils.translation import gettext_lazy

from notifications import mail_kinds
from notifications.mail_kinds import Mail, MailKind
from notifications.models import OutboxMessage


@pytest.fixture
def note(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make “note” a kind of mail. The function that is returned replaces what it says."""

    def says(compose: Callable[[OutboxMessage], Mail | None]) -> None:
        monkeypatch.setitem(mail_kinds._kinds, "note", MailKind(gettext_lazy("note"), compose))

    says(lambda message: Mail(f"Note {message.about['n']}", "base"))
    return says
