"""A form that is sent twice is carried out once, and every form that adds something has the token for it."""

import datetime as dt
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from accounts.models import KeptAnswer
from commitments.models import (
    Commitment,
    DeadlineProposal,
    Evidence,
    EvidenceWithdrawal,
    ProgressUpdate,
    Reading,
    SavedView,
    StatusChange,
    Target,
)
from commitments.services.progress import add_evidence
from relations.models import Meeting, MeetingSource
from tests import factories as make
from tests.clients import client_as
from tests.commitments.services.test_concurrency import at_once
from tests.html import form_of, page_of, text_of
from tests.pseudo.world import built

Typed = dict[str, Any]
PDF = b"%PDF-1.4\n"


@pytest.fixture
def pledge() -> Commitment:
    """A commitment with a target and evidence, and a text in which nothing is decided yet."""
    meeting = make.meeting(slug="jc-21")
    MeetingSource.objects.create(meeting=meeting, source=make.source(slug="minutes"))
    made = make.commitment()
    Target.objects.create(commitment=made, indicator="Gates", unit="gates", value=2)
    officer = make.user("officer")
    add_evidence(commitment=made, actor=officer, title="Decree", url="https://1.example/")
    return made


def page(name: str, *args: Any, query: str = "") -> Callable[[Commitment], str]:
    def address(pledge: Commitment) -> str:
        values = {"ref": pledge.reference, "pk": pledge.pk, "evidence": Evidence.objects.get().pk}
        return reverse(name, args=[values.get(each, each) for each in args]) + query

    return address


ADMIN = "admin:commitments_commitment_"
NEW_COMMITMENT: Typed = {
    "title": "Build it",
    "text": "Build it.",
    "nature": "event",
    "parties": ["KH", "VN"],
    "obligated": "VN",
    "status": "agreed",
    "kind": "made",
    "note": "Agreed there.",
    "theme": "border",
}
NEW_MEETING: Typed = {
    "meeting-title": "Talks in Huế",
    "meeting-form": "talks",
    "meeting-level": "minister",
    "meeting-starts_on": "2026-01-20",
    "document-title": "Biên bản",
    "document-kind": "agreed_minutes",
    "document-text": "They met.",
}
EVIDENCE_ROW: Typed = {
    "evidence-TOTAL_FORMS": "2",
    "evidence-1-title": "Photo",
    "evidence-1-url": "https://2.example/",
    "evidence-1-type": "other",
}
RECORDING = ("record_new", "jc-21", "minutes", 1)
FORMS: dict[str, tuple[Callable[[Commitment], str], Typed, type[Model]]] = {
    "progress": (page("progress", "ref"), {"achieved": "Half of it."}, ProgressUpdate),
    "link": (page("evidence", "ref"), {"title": "Photo", "url": "https://2.example/"}, Evidence),
    "file": (page("evidence", "ref"), {"title": "Photo", "file": PDF}, Evidence),
    "reading": (page("readings", "ref"), {"value": "1", "as_of": "2026-01-01"}, Reading),
    "withdrawal": (page("withdrawal", "ref", "evidence"), {"reason": "Old."}, EvidenceWithdrawal),
    "deadline": (page("deadline", "ref"), {"wording": "Soon", "reason": "Asked."}, DeadlineProposal),
    "transition": (page("transition", "ref", "start"), {"note": "Begun."}, StatusChange),
    "meeting": (page("record", query="?meeting=new"), NEW_MEETING, Meeting),
    "registration": (page(*RECORDING), NEW_COMMITMENT, Commitment),
    "saved view": (page("saved_view_new"), {"name": "Mine"}, SavedView),
    "admin transition": (page(f"{ADMIN}transition", "pk", "start"), {"note": "Begun."}, StatusChange),
    "admin evidence": (page(f"{ADMIN}change", "pk"), EVIDENCE_ROW, Evidence),
}


def fill(client: Client, url: str, typed: Typed) -> Typed:
    """The form at ``url`` as it is shown, with what is ``typed``."""
    shown = client.get(url)
    ids = [form.get("id", "") for form in page_of(shown).tree.forms if "once" in form.fields]
    return form_of(shown, ids[0]) | typed


def send(client: Client, url: str, data: Typed) -> Any:
    files = {name: SimpleUploadedFile("a.pdf", value) for name, value in data.items() if value == PDF}
    return client.post(url, data | files)


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_sent_twice_is_carried_out_once(name: str, pledge: Commitment) -> None:
    address, typed, model = FORMS[name]
    client, url = client_as("officer"), address(pledge)
    data, before = fill(client, url, typed), model._default_manager.count()
    first, second = send(client, url, data), send(client, url, data)
    assert (first.status_code, second.status_code) == (302, 302), text_of(first)
    assert model._default_manager.count() == before + 1
    assert second["Location"] == first["Location"]
    words = text_of(client.get(second["Location"], follow=True))
    assert "This form was sent twice. It was saved once." in words


@pytest.mark.django_db
def test_a_refused_form_can_be_sent_again(pledge: Commitment) -> None:
    client, url = client_as("officer"), reverse("progress", args=[pledge.reference])
    data = fill(client, url, {"achieved": "Half of it.", "occurred_on": "2999-01-01"})
    assert [client.post(url, data).status_code for _ in range(2)] == [400, 400]
    assert client.post(url, data | {"occurred_on": ""}).status_code == 302
    assert ProgressUpdate.objects.count() == 1


@pytest.mark.django_db
def test_other_words_in_the_same_form_are_never_lost(pledge: Commitment) -> None:
    client, url = client_as("officer"), reverse("progress", args=[pledge.reference])
    data = fill(client, url, {"achieved": "One."})
    client.post(url, data)
    client.post(url, data | {"achieved": "Two."})  # gone back in the browser, typed and sent
    assert [each.achieved for each in ProgressUpdate.objects.order_by("pk")] == ["One.", "Two."]


@pytest.mark.django_db
def test_tokens_are_deleted_after_a_day(pledge: Commitment) -> None:
    client, url = client_as("officer"), reverse("progress", args=[pledge.reference])
    client.post(url, fill(client, url, {"achieved": "One."}))
    KeptAnswer.objects.update(created_at=timezone.now() - dt.timedelta(hours=25))
    client.post(url, fill(client, url, {"achieved": "Two."}))
    assert KeptAnswer.objects.count() == 1


@pytest.mark.django_db
def test_the_token_of_somebody_else_means_nothing(pledge: Commitment) -> None:
    url = reverse("progress", args=[pledge.reference])
    clients = [client_as("officer"), client_as("officer")]
    data = fill(clients[0], url, {"achieved": "Half of it."})
    assert [client.post(url, data).status_code for client in clients] == [302, 302]
    assert ProgressUpdate.objects.count() == 2


@pytest.mark.django_db
def test_a_registration_by_the_script_is_answered_with_the_paragraph_and_made_once(
    pledge: Commitment,
) -> None:
    client, url = client_as("officer"), reverse("record_new", args=["jc-21", "minutes", 1])
    data = fill(client, url, NEW_COMMITMENT)
    first = client.post(url, data, headers={"HX-Request": "true"})
    assert first.status_code == 200
    assert "data-paragraph" in first.content.decode()
    assert client.post(url, data)["Location"] == first["Content-Location"]
    assert Commitment.objects.filter(title="Build it").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_of_two_forms_at_the_same_moment_the_second_waits(pledge: Commitment) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; run the suite with DATABASE_URL=postgres://…")
    officer, url = make.user("officer"), reverse("progress", args=[pledge.reference])
    clients = [client_as(officer) for _ in range(4)]
    data = fill(clients[0], url, {"achieved": "Half of it."})
    answers = at_once(*(lambda client=client: client.post(url, data) for client in clients))
    assert [answer.status_code for answer in answers] == [302] * 4
    assert ProgressUpdate.objects.count() == 1


# -- which forms have the token ---------------------------------------------------------------------------

NEEDS_NONE = {
    "account_change_password": "the second finds another password",
    "account_logout": "signed out already",
    "account_reauthenticate": "adds nothing",
    "api_tokens": "its answer shows a key that is shown once",
    "api_token_revoke": "revoked already",
    "answer_report": "a request is answered once",
    "withdraw_report_request": "withdrawn already",
    "calendar_feeds": "its answer shows an address that is shown once",
    "calendar_feed_revoke": "revoked already",
    "bulk_again": "a selection changes nothing",
    "bulk_move": "a job begins once",
    "bulk_assign": "a job begins once",
    "bulk_change": "a job begins once",
    "bulk_take_back": "taken back already",
    "bulk_new": "a selection changes nothing",
    "bulk_run": "a row is carried out once",
    "bulk_stop": "stopped already",
    "default_view": "the same view again",
    "list_columns": "the same columns again",
    "list_density": "the same density again",
    "import_columns": "the same columns again",
    "import_names": "the same names again",
    "import_read": "the same rows again",
    "import_rows": "the same decisions again",
    "import_stop": "stopped already",
    "record_candidate_refuse": "refused already",
    "record_nothing": "marked already",
    "record_nothing_in_many": "marked already",
    "record_read": "the same passages again",
    "record_take_back": "taken back already",
    "saved_view_delete": "deleted already",
    "saved_view_edit": "the same values again",
    "saved_view_update": "the same values again",
    "watching": "the same choices again",
    "admin:index": "adds nothing",
    "changelist": "leads to a selection",
}
"""Forms that send nothing which could be written twice, and why."""


@pytest.fixture
def world() -> dict[str, Any]:
    return built()


@pytest.mark.django_db
@pytest.mark.usefixtures("plain_briefings")
@pytest.mark.parametrize("role", ["officer", "reviewer", "focal"])
def test_every_form_that_adds_something_has_a_token(role: str, world: dict[str, Any]) -> None:
    forms = dict(forms_seen_by(client_as(world["people"][role])))
    assert len(forms) > 5
    without = {name for name, has_token in forms.items() if not has_token}
    assert without <= NEEDS_NONE.keys()
    assert "transition" in forms.keys() - without


def forms_seen_by(client: Client) -> Iterator[tuple[str, bool]]:
    """Each POST form on the pages that links lead to: the name of its address, and whether it has a token.

    One page is read for each name of an address, and for each transition.
    """
    waiting, seen = ["/", "/admin/"], {("", None)}
    while waiting:
        url = waiting.pop()
        response = client.get(url, follow=True)
        if response.status_code != HTTPStatus.OK or not response["Content-Type"].startswith("text/html"):
            response.getvalue()  # a file is read to its end, which closes it
            continue
        tree = page_of(response).tree
        for form in tree.forms:
            assert form.method == "POST" or not form.xpath(".//textarea"), f"a long text in an address: {url}"
            if form.method == "POST":
                yield name_of(urljoin(url, form.action or ""))[0], "once" in form.fields
        for link in tree.xpath("//a/@href"):
            target = urljoin(url, link)
            if (kind := name_of(target)) not in seen:
                seen.add(kind)
                waiting.append(target)


def name_of(url: str) -> tuple[str, str | None]:
    """The name of an address of this site, and the transition in it."""
    try:
        found = resolve(urlsplit(url).path)
    except Resolver404:
        return "", None
    name = "changelist" if found.view_name.endswith("_changelist") else found.view_name
    return name, found.kwargs.get("name")
