"""The field history: it comes with the dump, and a load gives it to new entries only."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from commitments.models import Assignment, Commitment, CommitmentParty, Mention, Reading, Target, Theme
from commitments.services.editing import edit_commitment
from core.admin.history import FieldHistoryEntry
from interchange.register_file.result import LoadResult
from relations.models import Agency, Country, Mechanism, Meeting, Participation, Person, Source
from relations.services.sources import record_text
from tests import factories
from tests.clients import client_as

Dump = Callable[[], str]
Load = Callable[..., LoadResult]
Errors = Callable[[str], list[str]]

TWO = "commitments.KHVN-2025-002"
SHOWN: tuple[Any, ...] = (Country, Agency, Person, Mechanism, Theme, Source, Meeting, Commitment)
ROWS: tuple[Any, ...] = (Participation, CommitmentParty, Assignment, Target, Reading, Mention)


def histories() -> list[list[FieldHistoryEntry]]:
    """What the history page of every record shows, in the order of the file."""
    reviewer = client_as("reviewer", clearance=3)
    pages = (
        reviewer.get(f"/admin/{model._meta.label_lower.replace('.', '/')}/{record.pk}/history/")
        for model in SHOWN
        for record in model.objects.order_by("pk")
    )
    return [list(page.context["page"]) for page in pages]


def rows() -> list[int]:
    """The number of rows in the field history of the entries that exist, and of all rows of entries."""
    entries = [model.history.filter(id__in=model.objects.values("pk")).count() for model in SHOWN]
    return entries + [model.history.count() for model in ROWS]


def edit_everything() -> None:
    """Edit, add and remove records of every kind, also what the history refers to."""
    editor, focal = (
        factories.user("officer", username="lan", first_name="", last_name=""),
        factories.user(username="focal"),
    )
    pledge = Commitment.objects.get(reference="KHVN-2025-001")
    kh, vn = Country.objects.get(code="KH"), Country.objects.get(code="VN")
    old_theme = Theme.objects.create(slug="old", name="Old theme")
    lost = [Commitment.objects.get(reference="KHVN-2025-002")]
    for fields, related, reason in (
        ({"title": "Second title", "theme": old_theme, "remarks": "no"}, [], "Read again."),
        ({"theme": pledge.theme, "remarks": ""}, lost, ""),
    ):
        edit_commitment(commitment=pledge, actor=editor, fields=fields, related=related, reason=reason)
    Commitment.objects.filter(pk=pledge.pk).update(classification=1)  # without history
    old_theme.delete()
    mofa = Assignment.objects.get()
    mofa._history_user = editor  # type: ignore[attr-defined]
    mofa.focal_point = focal
    mofa.save()
    mofa.delete()
    mfa = Agency.objects.create(slug="kh-mfa", name="MFA", country=kh, kind="ministry")
    Assignment.objects.create(commitment=pledge, agency=mfa)
    pledge.parties.get(country=vn, role="obligated").delete()
    CommitmentParty.objects.create(commitment=pledge, country=kh, role="obligated")
    CommitmentParty.objects.create(commitment=pledge, country=vn, role="beneficiary")
    source = Source.objects.get()
    other = Source.objects.create(slug="other", kind="letter", title="Other")
    paragraph = other.paragraphs.create(number=1, text="Yes.")
    held = Meeting.objects.get()
    mention = Mention.objects.create(commitment=pledge, meeting=held, paragraph=paragraph, kind="reaffirmed")
    mention.summary = "Briefly."
    mention.save()
    reading = Reading.objects.create(
        commitment=pledge, as_of=dt.date(2026, 1, 2), value=1, paragraph=source.paragraphs.first()
    )
    reading.value, reading.note = "2.5", "Counted."
    reading.save()
    reading.paragraph = source.paragraphs.last()
    reading.save()
    target = Target(commitment=pledge, indicator="Built", unit="bridges", value=3)
    target.save()
    target.delete()
    Target.objects.create(commitment=pledge, indicator="Built", unit="roads", value=3)
    mention.delete()
    paragraph.delete()
    source.based_on.add(other)
    source.based_on.clear()
    other.delete()
    held.title, held.window_wording = "Another title", "soon"
    held.save()
    guest = Person.objects.create(slug="guest", name="Guest", country=kh, aliases=["Visitor"])
    Participation.objects.create(meeting=held, person=guest, country=kh, office="Minister")
    held.participations.order_by("pk").first().delete()
    Mechanism.objects.get().countries.remove(vn)
    Theme.objects.bulk_create([Theme(slug="bare", name="Without history")])
    guest.aliases = []
    guest.save()


@pytest.mark.django_db(transaction=True)
def test_the_field_history_is_the_same_after_a_dump_and_a_load(
    small: str, dump: Dump, load: Load, emptied: Callable[[], None]
) -> None:
    load(small)
    edit_everything()
    first, pages, count = dump(), histories(), rows()
    for part in PARTS:
        assert part in first, part
    emptied()
    load(first)
    User.objects.get(username="lan", is_active=False)
    assert rows() == count
    assert histories() == pages
    assert dump() == first
    assert load(first).changed == {}
    assert rows() == count


PARTS = (
    "    name: Without history\n    edits: {}\n",
    # The first edit has what differs from the values now.
    "          values:\n            title: Hold the next session\n",
    "          reason: Read again.\n",
    "          actor: lan\n          values:\n            focal_point: focal\n",
    "          without: [remarks]\n",
    # A paragraph is named with its source, even if only its number changed.
    "          values:\n            source: note\n            paragraph: 2\n",
    "          deleted:\n            - key: theme\n",
    "          deleted:\n            - key: paragraph\n",
    "          deleted:\n            - key: based_on\n",
    "        - row: 2\n          did: removed\n",
)


@pytest.mark.django_db
def test_the_history_of_a_file_without_edits_begins_with_the_load(small: str, load: Load, dump: Dump) -> None:
    load(small)
    assert dump().count("did: added\n") == 21
    assert "did: removed" not in dump()


@pytest.mark.django_db
def test_edits_are_read_as_they_are_written_by_hand(small: str, load: Load) -> None:
    load(small + EDITS)
    kept = Commitment.objects.get(reference="KHVN-2025-002")
    found = kept.history.order_by("history_date")
    assert [(row.title, row.history_type, row.history_change_reason) for row in found] == [
        ("Keep calm", "+", None),
        ("Keep the peace", "~", "A slip."),
    ]
    assert [str(row.history_user) for row in found] == ["lan", "lan"]
    assert list(kept.edits.order_by("history_date")) == list(found)
    gone = Mention.history.get(commitment_id=kept.pk)
    assert (gone.meeting, gone.kind, gone.paragraph.number) == (Meeting.objects.get(), "made", 1)
    assert gone.id not in Mention.objects.values_list("pk", flat=True)
    # The entry says what its history is, so the load adds nothing to it.
    assert not CommitmentParty.history.filter(commitment_id=kept.pk).exists()


EDITS = """\
    edits:
      entry:
        - did: added
          at: 2026-01-01T00:00:00Z
          actor: lan
          values:
            title: Keep calm
        - did: changed
          at: 2026-01-02T00:00:00Z
          actor: lan
          reason: A slip.
          values:
            title: Keep the peace
      mentions:
        - row: 2
          did: removed
          at: 2026-01-01T00:00:00Z
          values:
            meeting: jc-21
            source: note
            paragraph: 1
            kind: made
"""
"""The edits of the second commitment, at the end of the file."""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "line", "error"),
    [
        ("did: added", "did: made", 3, "entry[1].did: “made” is not one of: added, changed, removed"),
        ("at: 2026-01-02T00:00:00Z", "at: soon", 9, "entry[2].at: “soon” is not a time with a time"),
        ("title: Keep calm", "titel: Keep calm", 7, "entry[1].values.titel: unknown key; did you mean"),
        ("title: Keep calm", "theme: war", 7, "entry[1].values.theme: there is no theme “war”"),
        ("        - row: 2\n          did", "        - did", 15, "mentions[1].row: is missing"),
        ("paragraph: 1\n", "paragraph: 9\n", 21, "mentions[1].values.paragraph: note has no paragraph 9"),
        ("            kind: made\n", "", 18, "mentions[1].values: kind is missing"),
        ("            source: note\n", "", 19, "mentions[1].values.source: is missing"),
        ("reason: A slip.\n", "without: [text]\n", 12, "entry[2].values: text is missing"),
        ("reason: A slip.\n", "without: [words]\n", 11, "entry[2].without: “words” is not one of"),
    ],
)
def test_bad_edits_are_errors_that_name_the_line(
    small: str, errors: Errors, old: str, new: str, line: int, error: str
) -> None:
    assert old in EDITS
    found = errors(small + EDITS.replace(old, new, 1))
    start = f"line {len(small.splitlines()) + line}: {TWO}.edits.{error}"
    assert any(each.startswith(start) for each in found), found


@pytest.mark.django_db
def test_an_entry_of_the_register_keeps_its_history(small: str, load: Load) -> None:
    load(small)
    count = rows()
    result = load(small + EDITS)
    assert (rows(), result.changed, result.conflicts) == (count, {}, [])


@pytest.mark.django_db
def test_edits_are_ignored_if_a_mention_that_they_number_is_not_loaded(small: str, load: Load) -> None:
    record_text(source=Source(slug="note", kind="letter", title="Another text"), text="1. They agreed.\n")
    result = load(small + EDITS)
    assert any("the register has a different text of this source" in str(each) for each in result.conflicts)
    kept = Commitment.objects.get(reference="KHVN-2025-002")
    assert not kept.mentions.exists()
    assert kept.history.get().history_change_reason == "register file"


@pytest.mark.django_db
def test_a_dump_reads_the_history_of_many_in_as_many_queries_as_that_of_few(
    small: str, load: Load, dump: Dump
) -> None:
    load(small)
    counts = []
    for days in ((1,), (2, 3, 4)):
        for pledge in Commitment.objects.all():
            for day in days:
                Reading.objects.create(commitment=pledge, as_of=dt.date(2026, 1, day), value=1)
                pledge.save()
        with CaptureQueriesContext(connection) as queries:
            dump()
        counts.append(len(queries))
    assert counts[0] == counts[1]
