"""What a briefing tells: the groups, the order, the words and the figures."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import CommitmentParty
from commitments.services.progress import record_progress
from commitments.services.transitions import apply_transition
from relations.models import Participation, Person
from tests import factories as make
from tests.clients import client_as
from tests.interchange.briefing.conftest import references, values

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_briefings")]


def test_what_was_delivered_since_the_last_session_is_told_with_what_was_done() -> None:
    joint = make.mechanism()
    make.meeting(dt.date(2025, 6, 1), slug="first", title="First session", mechanism=joint, session=1)
    make.meeting(None, slug="second", title="Second session", mechanism=joint, session=2, status="planned")
    before, since = make.commitment(title="Before"), make.commitment(title="Since")
    make.record(before, "fulfilled", occurred_on=dt.date(2025, 5, 1))
    make.record(since, "fulfilled", occurred_on=dt.date(2025, 7, 1))
    pack = values(client_as("officer"), "/meetings/second/pack.docx")
    assert [each["title"] for each in pack["delivered"]] == ["Since"]
    assert pack["since"] == "since First session (1 June 2025)"
    assert pack["delivered"][0]["done"] == "Fulfilled (1 Jul 2025)\nRecorded."


def test_what_the_last_session_did_not_mention_again_is_told() -> None:
    joint = make.mechanism()
    paper = make.source(slug="note")
    one = make.meeting(dt.date(2025, 1, 1), slug="one", title="One", mechanism=joint, session=1)
    two = make.meeting(dt.date(2025, 6, 1), slug="two", title="Two", mechanism=joint, session=2)
    make.meeting(None, slug="three", title="Three", mechanism=joint, session=3, status="planned")
    first, second = paper.paragraphs.get(number=1), paper.paragraphs.get(number=2)
    silent = make.commitment(title="Forgotten", mention=make.FirstMention(one, first))
    make.commitment(title="New", mention=make.FirstMention(two, second))
    pack = values(client_as("officer"), "/meetings/three/pack.docx")
    assert references(pack, "silent") == [silent.reference]
    assert pack["silence"] == "Raised at “One”, not mentioned at “Two”, and still open."


def test_a_stalled_commitment_tells_its_obstacle() -> None:
    pledge, actor = make.commitment(), make.user("officer")
    apply_transition(commitment=pledge, name="stall", actor=actor, note="No funds.")
    pack = values(client_as(actor), "/countries/KH/pack.docx")
    assert [each["obstacle"] for each in pack["stalled"]] == ["No funds."]
    assert [each["reason"] for each in pack["points"]] == ["Stalled: No funds."]


def test_the_classification_is_the_highest_that_is_in_the_document() -> None:
    make.commitment(title="Open")
    make.commitment(title="Hidden", classification=2)
    assert values(client_as("officer"), "/countries/KH/pack.docx")["classification"] == "UNCLASSIFIED"
    cleared = values(client_as("officer", clearance=3), "/countries/KH/pack.docx")
    assert cleared["classification"] == "CONFIDENTIAL"
    assert len(cleared["matrix"]) == 2


def test_the_classification_is_at_least_that_of_the_meetings_and_of_what_is_counted() -> None:
    joint = make.mechanism()
    make.meeting(dt.date(2025, 1, 1), slug="one", mechanism=joint, session=1, classification=2)
    make.meeting(dt.date(2027, 1, 1), slug="two", mechanism=joint, session=2, status="planned")
    make.meeting(dt.date(2027, 1, 2), slug="alone", title="Hush", status="planned", classification=3)
    cleared = client_as("officer", clearance=3)
    assert values(cleared, "/meetings/alone/pack.docx")["classification"] == "SECRET"
    assert values(cleared, "/meetings/two/pack.docx")["classification"] == "CONFIDENTIAL"
    assert values(client_as("officer"), "/meetings/two/pack.docx")["classification"] == "UNCLASSIFIED"
    # A figure counts it, no list names it.
    make.commitment(classification=1, status="dropped")
    pack = values(cleared, "/countries/KH/pack.docx")
    assert (pack["matrix"], pack["classification"]) == ([], "RESTRICTED")


def test_the_leaders_are_the_heads_of_the_delegations_and_not_their_company() -> None:
    meeting = make.meeting(slug="talks")
    for n, (name, role) in enumerate((("Head", "head_of_delegation"), ("Aide", "participant"))):
        person = Person.objects.create(slug=f"p{n}", name=name, country=make.country("KH"))
        Participation.objects.create(
            meeting=meeting, person=person, office="Minister", country=person.country, role=role
        )
    leaders = values(client_as("officer"), "/meetings/talks/pack.docx")["leaders"]
    assert [each["person"] for each in leaders] == ["Head"]


def test_a_note_tells_one_commitment_with_its_history() -> None:
    pledge, actor = make.commitment(title="Road"), make.user("officer")
    record_progress(commitment=pledge, actor=actor, achieved="Half built.", challenges="Rain.")
    note = values(client_as(actor), f"/commitments/{pledge.reference}/note.docx")
    assert (note["title"], note["commitment"]["challenges"]) == ("Road", "Rain.")
    assert "Half built." in note["commitment"]["done"]
    assert [each["change"] for each in note["history"]][-1] == "Agreed"


@pytest.mark.parametrize(
    "address", ["/countries/KH/pack.docx", "/commitments/pack.docx", "/meetings/talks/pack.docx"]
)
def test_the_number_of_queries_does_not_grow_with_the_commitments(address: str) -> None:
    make.meeting(slug="talks", mechanism=make.mechanism(), session=1)
    pledge = make.commitment(agencies=(make.agency(),))
    client, counts = client_as("officer"), []
    values(client, address)
    for n in (2, 27):
        make.many(n, pledge)
        with CaptureQueriesContext(connection) as queries:
            values(client, address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_more_than_a_briefing_holds_is_refused_with_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interchange.briefing.contents.MOST_ROWS", 2)
    make.many(2, make.commitment())
    for address in ("/countries/KH/pack.docx", "/commitments/pack.pdf", "/commitments/reply.docx"):
        answer = client_as("officer").get(address)
        assert answer.status_code == 400
        assert "A briefing holds at most 2 commitments, and these are 3." in answer.content.decode()


def test_a_register_without_commitments_has_a_briefing_too() -> None:
    make.country("KH"), make.country("VN")
    pack = values(client_as("officer"), "/countries/KH/pack.docx")
    assert pack["matrix"] == []
    assert [line["all"] for line in pack["standing"]] == ["0", "0"]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("/commitments/pack.docx?overdu=true", "There is no parameter “overdu”."),
        ("/countries/KH/pack.pdf?as_of=yesterday", "as_of"),
        ("/meetings/talks/pack.docx?theme=border", "There is no parameter “theme”."),
    ],
)
def test_a_wrong_parameter_is_named_and_nothing_is_made(address: str, message: str) -> None:
    make.country("KH")
    make.meeting(slug="talks")
    answer = client_as("officer").get(address)
    assert answer.status_code == 400
    assert message in answer.content.decode()


def test_a_commitment_without_an_obligated_country_is_counted_with_those_of_others() -> None:
    pledge = make.commitment()
    CommitmentParty.objects.filter(commitment=pledge, role="obligated").delete()
    [line, *_others] = values(client_as("officer"), "/countries/KH/pack.docx")["standing"]
    assert (line["label"], line["theirs"], line["all"]) == ("Open", "1", "1")
