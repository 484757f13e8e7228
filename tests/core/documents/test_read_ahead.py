"""A document is read while no transaction is open, through every door that carries out a request once."""

from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from commitments.models import Commitment, Evidence
from core.documents import reading
from relations.models import Paragraph
from tests import factories as make
from tests.api.conftest import address
from tests.clients import client_as
from tests.html import form_of, page_of, text_of
from tests.relations.services.documents import word

pytestmark = pytest.mark.django_db(transaction=True)
NEW_MEETING = {
    "meeting-title": "Talks in Huế",
    "meeting-form": "talks",
    "meeting-level": "minister",
    "meeting-starts_on": "2026-01-20",
    "document-title": "Biên bản",
    "document-kind": "agreed_minutes",
}


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each process that reads a document: whether a transaction is open while it does."""
    found: list[bool] = []
    start: Callable[..., int] = reading._status_of

    def status_of(*arguments: Any) -> int:
        found.append(connection.in_atomic_block)
        return start(*arguments)

    monkeypatch.setattr(reading, "_status_of", status_of)
    return found


def sent(client: Client, url: str, file: str, content: bytes, **typed: str) -> Any:
    """The form at ``url``, filled in as it is shown and sent with a Word document in the field ``file``."""
    shown = client.get(url)
    ids = [form.get("id", "") for form in page_of(shown).tree.forms if "once" in form.fields]
    upload = SimpleUploadedFile("minutes.docx", content)
    return client.post(url, form_of(shown, ids[0]) | typed | {file: upload})


def test_the_form_of_evidence(seen: list[bool]) -> None:
    pledge, content = make.commitment(), word("They agreed.")
    url = reverse("evidence", args=[pledge.reference])
    assert sent(client_as("officer"), url, "file", content, title="Minutes").status_code == 302
    assert seen == [False]
    with Evidence.objects.get().file.open() as stored:
        assert stored.read() == content


def test_the_form_of_a_meeting(seen: list[bool]) -> None:
    url = reverse("record") + "?meeting=new"
    answer = sent(client_as("officer"), url, "document-file", word("They agreed."), **NEW_MEETING)
    assert answer.status_code == 302, text_of(answer)
    assert seen == [False]
    assert Paragraph.objects.get().text == "They agreed."


def test_a_request_with_an_idempotency_key(seen: list[bool]) -> None:
    pledge, client, content = make.commitment(), client_as("officer"), word("They agreed.")
    for _time in range(2):
        upload = SimpleUploadedFile("minutes.docx", content)
        data = {"title": "Minutes", "file": upload}
        headers = {"Idempotency-Key": "one"}
        assert client.post(address(pledge, "evidence/"), data, headers=headers).status_code == 201
    assert seen == [False]
    assert Commitment.objects.get().evidence.count() == 1


def test_a_document_that_is_refused_is_read_once_and_told_in_the_form(seen: list[bool]) -> None:
    url = reverse("record") + "?meeting=new"
    answer = sent(client_as("officer"), url, "document-file", word(""), **NEW_MEETING)
    assert answer.status_code == 400
    assert "“minutes.docx” contains no text." in text_of(answer)
    assert seen == [False]


def test_readers_that_are_all_busy_are_told_in_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_processes", BoundedSemaphore(1))
    monkeypatch.setattr(reading, "WAIT_SECONDS", 0.01)
    url = reverse("evidence", args=[make.commitment().reference])
    with reading._processes:
        answer = sent(client_as("officer"), url, "file", word("They agreed."), title="Minutes")
    assert "The server is reading other documents." in text_of(answer)
    assert not Evidence.objects.exists()
