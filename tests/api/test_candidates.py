"""The reader of texts over HTTP: a text is read, and each passage is accepted or refused by an officer."""

from typing import Any

import pytest

from commitments.models import Candidate, Commitment, Mention
from relations.models import MeetingSource, Source
from tests import factories as make
from tests.api.conftest import post, queries
from tests.clients import client_as

pytestmark = pytest.mark.django_db
LIST = "/api/v1/sources/note/candidates/"
TEXT = "Both sides agreed to open a new border gate by 2030.\n\nThe ministers met over dinner."
GATE = "agreed to open a new border gate"


@pytest.fixture
def note() -> Any:
    meeting, source = make.meeting(slug="talks"), make.source(TEXT, slug="note")
    MeetingSource.objects.create(meeting=meeting, source=source)
    meeting.mechanism = make.mechanism()
    meeting.save()
    return source


@pytest.fixture
def passage(note) -> Candidate:
    return make.candidate(note, GATE, theme=make.theme("border"))


def address(candidate: Candidate, below: str = "") -> str:
    return f"{LIST}{candidate.pk}/{below}"


def test_a_text_is_read_once_or_often_with_the_same_result(note, officer) -> None:
    first = post(officer, LIST, {})
    assert first.status_code == 200
    (told,) = first.json()["results"]
    start, end = told["start"], told["end"]
    assert TEXT[start:end] == told["quote"]
    assert (told["paragraph"], told["class"], told["state"]) == (1, "commitment", "offered")
    assert post(officer, LIST, {}).json() == first.json()
    assert officer.get(LIST).json() == first.json()
    assert not Commitment.objects.exists()


def test_a_passage_is_accepted_as_proposed(passage, officer) -> None:
    answer = post(officer, address(passage, "accept/"), {})
    assert answer.status_code == 201, answer.json()
    told = answer.json()
    made = Commitment.objects.get()
    assert made.text == GATE
    assert told["state"] == "accepted"
    assert told["accepted"] == [
        {
            "reference": made.reference,
            "mention": made.mentions.get().pk,
            "meeting": "talks",
            "kind": "made",
        }
    ]
    assert told["decided_by"].startswith("officer")
    mentions = officer.get(f"/api/v1/commitments/{made.reference}/mentions/").json()["results"]
    assert [each["reader_quote"] for each in mentions] == [GATE]
    again = post(officer, address(passage, "accept/"), {})
    assert again.status_code == 409
    assert made.reference in again.json()["detail"]


def test_a_passage_is_accepted_with_other_values(passage, officer) -> None:
    body = {
        "commitment": None,
        "title": "Open the gate",
        "nature": "event",
        "obligated": ["VN"],
        "deadline": {"wording": "by 2030", "latest": "2030-12-31"},
        "kind": "requested",
        "status": "requested",
        "summary": "In short.",
    }
    assert post(officer, address(passage, "accept/"), body).status_code == 201
    made = Commitment.objects.get()
    assert (made.title, made.nature, made.status) == ("Open the gate", "event", "requested")
    assert (made.deadline_wording, made.deadline_latest.isoformat()) == ("by 2030", "2030-12-31")
    assert list(made.parties.filter(role="obligated").values_list("country__code", flat=True)) == ["VN"]
    assert (made.mentions.get().kind, made.mentions.get().summary) == ("requested", "In short.")


def test_a_passage_is_accepted_as_a_mention(passage, officer) -> None:
    pledge = make.commitment()
    body = {"commitment": pledge.reference, "kind": "progress"}
    assert post(officer, address(passage, "accept/"), body).status_code == 201
    mention = pledge.mentions.latest("pk")
    assert (mention.kind, mention.modality, mention.reader_quote) == ("progress", "agreed", GATE)
    assert Commitment.objects.count() == 1


def test_a_likely_twin_is_named_and_can_be_set_aside(passage, officer) -> None:
    twin = make.commitment(title="Open a new border gate", text=GATE)
    answer = post(officer, address(passage, "accept/"), {"commitment": None})
    assert (answer.status_code, answer.json()["twins"]) == (409, [twin.reference])
    body = {"commitment": None, "despite": [twin.reference]}
    assert post(officer, address(passage, "accept/"), body).status_code == 201


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"commitment": "KHVN-2020-001"}, "commitment"),
        ({"meeting": "unknown"}, "meeting"),
        ({"meeting": "others", "commitment": None}, "paragraph"),
        ({"kind": "sung"}, "kind"),
        ({"commitment": None, "title": ""}, "title"),
        ({"commitment": None, "theme": "unknown"}, "theme"),
        ({"commitment": None, "obligated": []}, "obligated"),
        ({"commitment": None, "classification": "secret"}, "classification"),
        (
            {
                "commitment": None,
                "deadline": {"wording": "soon", "earliest": "2030-01-02", "latest": "2030-01-01"},
            },
            "deadline.latest",
        ),
        ({"commitment": "PLEDGE", "title": "Other"}, "title"),
        ({"mention": {}}, "mention"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(passage, officer, body: dict, field: str) -> None:
    make.meeting(slug="others")
    pledge = make.commitment()
    if body.get("commitment") == "PLEDGE":
        body = {**body, "commitment": pledge.reference}
    answer = post(officer, address(passage, "accept/"), body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert Commitment.objects.count() == 1
    assert not Mention.objects.exclude(reader_quote="").exists()


def test_what_the_reader_could_not_tell_must_be_entered(note, officer) -> None:
    bare = make.candidate(note, GATE, nature="", obligated=[], modality="")
    answer = post(officer, address(bare, "accept/"), {"commitment": None})
    assert (answer.status_code, sorted(answer.json()["errors"])) == (400, ["nature", "obligated", "theme"])


def test_the_meeting_is_named_where_the_source_reports_on_several(passage, officer) -> None:
    MeetingSource.objects.create(meeting=make.meeting(slug="more"), source=passage.source)
    answer = post(officer, address(passage, "accept/"), {})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["meeting"])
    assert post(officer, address(passage, "accept/"), {"meeting": "more"}).status_code == 201
    MeetingSource.objects.all().delete()
    other = make.candidate(passage.source, "open a new")
    assert list(post(officer, address(other, "accept/"), {}).json()["errors"]) == ["meeting"]


def test_a_passage_is_refused_and_offered_again(passage, officer) -> None:
    told = post(officer, address(passage, "refuse/"), {}).json()
    assert (told["state"], told["decided_by"][:7]) == ("refused", "officer")
    assert post(officer, address(passage, "refuse/"), {}).json() == told
    post(officer, LIST, {})
    listed = officer.get(f"{LIST}?state=offered").json()["results"]
    assert GATE not in [each["quote"] for each in listed]
    assert officer.get(f"{LIST}?state=refused").json()["count"] == 1
    assert post(officer, address(passage, "refuse/"), {"lift": True}).json()["state"] == "offered"


def test_a_passage_is_split_and_its_parts_are_joined_again(passage, officer) -> None:
    at = passage.start + GATE.index("a new")
    answer = post(officer, address(passage, "split/"), {"at": at})
    assert answer.status_code == 200, answer.json()
    first, second = answer.json()["parts"]
    assert [first["quote"], second["quote"]] == ["agreed to open", "a new border gate"]
    assert (first["id"], first["recut"], second["state"]) == (passage.pk, True, "offered")
    assert officer.get(LIST).json()["count"] == 2
    joined = post(officer, f"{LIST}{second['id']}/join/", {"other": first["id"]})
    assert (joined.status_code, joined.json()["quote"], joined.json()["id"]) == (200, GATE, passage.pk)
    assert officer.get(f"{LIST}{second['id']}/").status_code == 404


def test_a_split_or_a_join_that_makes_no_sense_is_refused_at_its_field(passage, officer) -> None:
    other = make.candidate(passage.source, "The ministers met", passage_class="report", kind="progress")
    elsewhere = make.candidate(make.source(TEXT, slug="elsewhere"), GATE)
    for below, body, field in (
        ("split/", {}, "at"),
        ("split/", {"at": passage.start}, "at"),
        ("split/", {"at": -1}, "at"),
        ("join/", {"other": passage.pk}, "other"),
        ("join/", {"other": other.pk}, "other"),
        ("join/", {"other": elsewhere.pk}, "other"),
        ("join/", {"nonsense": 1}, "nonsense"),
    ):
        answer = post(officer, address(passage, below), body)
        assert answer.status_code == 400, (below, body)
        assert field in answer.json()["errors"]
    assert Candidate.objects.count() == 3
    post(officer, address(passage, "accept/"), {})
    assert post(officer, address(passage, "split/"), {"at": passage.start + 7}).status_code == 409


def test_the_list_is_filtered_and_strict(passage, officer) -> None:
    make.candidate(passage.source, "The ministers met", passage_class="report", kind="progress")
    assert officer.get(f"{LIST}?class=report").json()["count"] == 1
    assert officer.get(f"{LIST}?class=report&state=refused").json()["count"] == 0
    for query in ("class=sung", "state=lost", "page=0", "nonsense=1"):
        assert officer.get(f"{LIST}?{query}").status_code == 400
    assert officer.get(f"{LIST}?page=2").status_code == 404
    assert officer.get(f"{address(passage)}?x=1").status_code == 400
    etag = officer.get(address(passage))["ETag"]
    assert officer.get(address(passage), headers={"If-None-Match": etag}).status_code == 304


def test_only_officers_have_texts_read_and_decide(passage, reader) -> None:
    assert reader.get(address(passage)).status_code == 200
    below = ("accept/", "refuse/", "split/", "join/")
    for url in (LIST, *(address(passage, each) for each in below)):
        assert post(reader, url, {}).status_code == 403
        assert post(client_as("reviewer"), url, {"nonsense": 1}).status_code == 403


def test_what_is_not_there_is_not_found(passage, officer) -> None:
    elsewhere = make.candidate(make.source(TEXT, slug="elsewhere"), GATE)
    moved = make.candidate(passage.source, "dinner")
    Candidate.objects.filter(pk=moved.pk).update(quote="lunch")
    for url in (address(elsewhere), address(moved), f"{LIST}999999/", "/api/v1/sources/x/candidates/"):
        assert officer.get(url).status_code == 404
    assert post(officer, address(moved, "accept/"), {}).status_code == 404
    assert moved.pk not in [each["id"] for each in officer.get(LIST).json()["results"]]


def test_commitments_out_of_sight_are_not_matched(passage, officer) -> None:
    words = {"title": "Open a new border gate", "text": "Both sides open a new border gate by 2030."}
    hidden = make.commitment(classification=2, **words)
    for number in range(3):  # words that all commitments share tell nothing
        make.commitment(title=f"Train {number} officers of the police", text="To train them.")
    high = client_as("officer", clearance=3)
    assert hidden.reference in [each["reference"] for each in high.get(address(passage)).json()["matches"]]
    assert hidden.reference not in officer.get(address(passage)).content.decode()
    post(high, address(passage, "accept/"), {"commitment": hidden.reference})
    assert high.get(address(passage)).json()["state"] == "accepted"
    assert officer.get(address(passage)).json()["state"] == "offered"
    assert hidden.reference not in officer.get(address(passage)).content.decode()


def test_the_list_takes_as_many_queries_for_many_candidates(officer) -> None:
    meeting = make.meeting()
    for n in range(12):
        make.commitment(title=f"Build road {n}", text="They agreed to build a road.")

    def listed(times: int) -> int:
        text = " ".join(f"They agreed to build road {n}." for n in range(times))
        source = make.source(text, slug=f"of-{times}")
        MeetingSource.objects.create(meeting=meeting, source=source)
        for n in range(times):
            made = make.candidate(source, f"build road {n}.", theme=make.theme())
            body = {"commitment": make.commitment().reference, "kind": "progress"}
            if n % 2:
                post(officer, f"/api/v1/sources/{source.slug}/candidates/{made.pk}/accept/", body)
        return queries(officer, f"/api/v1/sources/{source.slug}/candidates/")

    assert listed(2) == listed(12)


def test_the_same_request_sent_again_is_carried_out_once(passage, officer) -> None:
    url, key = address(passage, "accept/"), {"Idempotency-Key": "one"}
    first = post(officer, url, {}, **key)
    again = post(officer, url, {}, **key)
    assert (first.status_code, again.json()) == (201, first.json())
    assert Commitment.objects.count() == 1


def test_a_kept_answer_is_not_repeated_to_whom_the_source_is_hidden_since(note, officer) -> None:
    for level, status in ((0, 200), (0, 200), (2, 404)):
        Source.objects.update(classification=level)
        assert post(officer, LIST, {}, **{"Idempotency-Key": "one"}).status_code == status
