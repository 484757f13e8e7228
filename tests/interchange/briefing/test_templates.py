"""Templates that a ministry edits: their versions, the check of an upload, and who may."""

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from accounts.models import User
from commitments.services.errors import NotYours
from core.audit.sealing import seal_all
from core.audit.verifying import verify
from core.documents.child import Extract
from interchange.briefing import rendering
from interchange.briefing.templates import add_version, in_force, shipped
from interchange.models import BriefingTemplate
from tests import factories as make
from tests.clients import client_as
from tests.interchange.briefing.conftest import word, words_of

pytestmark = pytest.mark.django_db
OOXML = "http://schemas.openxmlformats.org/officeDocument/2006"
ADD, LIST = "/admin/interchange/briefingtemplate/add/", "/admin/interchange/briefingtemplate/"


@pytest.fixture
def administrator() -> User:
    return make.user("administrator")


@pytest.fixture
def client(administrator: User) -> Client:
    return client_as(administrator)


def edited(change: Callable[[Any], None], kind: str = "pack") -> bytes:
    """The shipped template as somebody changed it in Word."""
    document = Document(io.BytesIO(shipped(kind)))
    change(document)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def with_text(text: str, kind: str = "pack") -> bytes:
    return edited(lambda document: document.paragraphs[0].insert_paragraph_before(text), kind)


def upload(client: Client, content: bytes, kind: str = "pack", name: str = "ours.docx", **more: str) -> Any:
    file = SimpleUploadedFile(name, content)
    once = str(uuid4())
    return client.post(ADD, {"kind": kind, "language": "en", "note": "", "file": file, "once": once, **more})


def errors(answer: Any) -> list[str]:
    assert answer.status_code == 200
    assert not BriefingTemplate.objects.exists()
    form = answer.context["adminform"].form
    return [message for messages in form.errors.values() for message in messages]


def test_an_uploaded_template_is_used_from_then_on(client: Client) -> None:
    make.country("KH")
    assert upload(client, with_text("Ministry of Foreign Affairs, {{ title }}")).status_code == 302
    assert "Ministry of Foreign Affairs, Cambodia" in words_of(
        word(client, "/countries/KH/pack.docx").element.body
    )
    assert upload(client, with_text("Another")).status_code == 302
    assert [each.version for each in BriefingTemplate.objects.all()] == [2, 1]
    text = words_of(word(client, "/countries/KH/pack.docx").element.body)
    assert "Another" in text
    assert "Ministry of Foreign Affairs" not in text


def test_the_shipped_template_can_be_taken_again(client: Client) -> None:
    upload(client, with_text("Ours"))
    answer = client.post(ADD, {"kind": "pack", "language": "en", "note": "", "use_shipped": "on"})
    assert answer.status_code == 302
    assert in_force("pack") == shipped("pack")
    assert [each.version for each in BriefingTemplate.objects.all()] == [2, 1]


def test_an_unknown_placeholder_is_named_with_what_is_near(client: Client) -> None:
    text = "{{ titel }} {% for c in overdue %}{{ c.referenz }}{% endfor %}"
    found = errors(upload(client, with_text(text)))
    assert any("“titel”" in each and "“title”" in each for each in found)
    assert any("“referenz”" in each and "“reference”" in each for each in found)


def test_a_placeholder_in_a_branch_that_is_seldom_taken_is_checked_too(client: Client) -> None:
    text = "{% if overdue %}{{ title }}{% else %}{{ nothing_like_it }}{% endif %}"
    assert errors(upload(client, with_text(text))) == ["There is no placeholder “nothing_like_it”."]


def test_a_header_or_a_footer_without_the_classification_is_refused(client: Client) -> None:
    def without_header(document: Any) -> None:
        document.sections[0].header.paragraphs[0].clear()

    def with_another_first_page(document: Any) -> None:
        document.sections[0].different_first_page_header_footer = True

    lacks = "A {} lacks the placeholder {{{{ classification }}}}."
    assert errors(upload(client, edited(without_header))) == [lacks.format("header")]
    assert errors(upload(client, edited(with_another_first_page))) == [
        lacks.format("footer"),
        lacks.format("header"),
    ]


def with_field(*instructions: str) -> bytes:
    """The shipped template with a field, in which the text of the second stands within that of the first."""

    def change(document: Any) -> None:
        paragraph = document.paragraphs[0].insert_paragraph_before()
        marks = ["begin", *instructions, *["end" for _each in instructions]]
        for position, mark in enumerate(marks):
            run = paragraph.add_run()._r
            if mark in ("begin", "end"):
                run.append(OxmlElement("w:fldChar", {qn("w:fldCharType"): mark}))
                continue
            run.append(OxmlElement("w:instrText"))
            run[-1].text = mark
            if marks[position + 1] not in ("begin", "end"):
                run.append(OxmlElement("w:fldChar", {qn("w:fldCharType"): "begin"}))

    return edited(change)


@pytest.mark.parametrize(
    ("kind", "instructions"),
    [
        ("INCLUDEPICTURE", (' INCLUDEPICTURE "https://example.org/{{ title }}" \\d ',)),
        ("INCLUDETEXT", (' includetext "/etc/passwd" ',)),
        ("DDEAUTO", (" {{ 'DDE' }}AUTO cmd ",)),
        ("a field within a field", (" ", " QUOTE 73 78 ")),
    ],
)
def test_a_field_that_fetches_something_is_refused(
    client: Client, kind: str, instructions: tuple[str, ...]
) -> None:
    (told,) = errors(upload(client, with_field(*instructions)))
    assert "from outside" in told
    assert f"({kind})" in told


@pytest.mark.parametrize("instruction", [" PAGE ", " page \\* MERGEFORMAT ", " =2+2 ", ' TOC \\o "1-3" '])
def test_a_field_that_reads_the_document_itself_is_accepted(client: Client, instruction: str) -> None:
    assert upload(client, with_field(instruction)).status_code == 302


@pytest.mark.parametrize("kind", ["image", "attachedTemplate", "oleObject"])
def test_a_picture_or_a_template_at_another_address_is_refused(client: Client, kind: str) -> None:
    address = f"{OOXML}/relationships/{kind}"
    content = edited(lambda document: document.part.relate_to("https://example.org/x", address, True))
    (told,) = errors(upload(client, content))
    assert f"({kind})" in told


def test_a_stored_template_that_fetches_something_makes_no_document(
    administrator: User, client: Client
) -> None:
    make.country("KH")
    content = with_field(' INCLUDEPICTURE "https://example.org/{{ title }}" ')
    add_version(actor=administrator, kind="pack", language="en", content=content)
    answer = client.get("/countries/KH/pack.docx")
    assert answer.status_code == 503
    assert "from outside" in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{% for c in overdue %}", "An instruction is wrong"),
        ("{{ title + }}", "An instruction is wrong"),
        ("{{ title.__class__.__mro__ }}", "__"),
        ("{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}", "__"),
        ("{{ 1 / 0 }}", "An instruction is wrong"),
        ("{% include 'etc/passwd' %}", "An instruction is wrong"),
        ("{{ lipsum.__globals__ }}", "__"),
    ],
)
def test_an_instruction_that_is_wrong_or_forbidden_is_told(client: Client, text: str, told: str) -> None:
    found = errors(upload(client, with_text(text)))
    assert any(told in each for each in found), found


def test_a_template_that_never_ends_is_stopped(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "WALL_SECONDS", 3)
    loops = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    assert errors(upload(client, with_text(loops))) == [
        "The template takes too much time or memory, or is damaged."
    ]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("ours.docx", b"not a document", "is not a Word document"),
        ("ours.pdf", b"%PDF-1.7", "Choose a .docx file"),
        ("ours.docx", b"", "empty"),
    ],
)
def test_a_file_that_is_no_word_document_is_told(
    client: Client, name: str, content: bytes, told: str
) -> None:
    assert any(told in each for each in errors(upload(client, content, name=name)))


def test_a_choice_is_needed(client: Client) -> None:
    answer = client.post(ADD, {"kind": "pack", "language": "en", "note": ""})
    assert errors(answer) == ["Choose a file, or the shipped template."]


def test_a_version_is_never_changed(administrator: User, client: Client) -> None:
    made = add_version(actor=administrator, kind="pack", language="en", content=b"x")
    for change in ({"note": "y"}, {"content": b"z"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            BriefingTemplate.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM interchange_briefingtemplate")
    assert client.post(f"{LIST}{made.pk}/delete/").status_code == 403


def test_a_version_is_sealed_in_the_audit_log_with_its_file(administrator: User) -> None:
    add_version(actor=administrator, kind="pack", language="en", content=b"x\x00\xff")
    seal_all()
    assert verify().faults == []


def test_only_an_administrator_adds_a_version() -> None:
    with pytest.raises(NotYours):
        add_version(actor=make.user("officer"), kind="pack", language="en", content=b"x")


def test_every_version_and_every_shipped_template_can_be_downloaded(
    administrator: User, client: Client
) -> None:
    made = add_version(actor=administrator, kind="note", language="en", content=b"first")
    shown = client.get(LIST).content.decode()
    assert f"{LIST}{made.pk}/file/" in shown
    assert "<code>classification</code>" in shown
    assert client.get(f"{LIST}{made.pk}/file/").content == b"first"
    for kind in ("pack", "note", "reply"):
        assert f"{LIST}shipped/{kind}/en/" in shown
        assert client.get(f"{LIST}shipped/{kind}/en/").content == shipped(kind)
    assert client.get(f"{LIST}shipped/pack/../").status_code == 404
    assert client.get(f"{LIST}{made.pk}/change/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_check_of_a_template_is_done_outside_of_a_transaction(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_transaction = []

    def told(_module: str, _content: bytes) -> Any:
        in_transaction.append(connection.in_atomic_block)
        return Extract(("filled", ""))

    monkeypatch.setattr(rendering, "_run_now", told)
    assert upload(client, with_text("x")).status_code == 302
    assert in_transaction == [False]
