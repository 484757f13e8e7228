"""Registering and changing a commitment over HTTP: the rules of the writers, and nobody's change lost."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts import idempotency
from accounts.models import KeptAnswer, User
from accounts.services.tokens import make_token
from commitments.models import Commitment
from commitments.services.progress import add_evidence, record_progress, withdraw_evidence
from commitments.services.transitions import apply_transition
from relations.models import MeetingSource
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/commitments/"


@pytest.fixture
def officer() -> Client:
    return client_as("officer", clearance=1)


@pytest.fixture
def body() -> dict[str, Any]:
    talks, note = make.meeting(slug="talks"), make.source(slug="note")
    MeetingSource.objects.create(meeting=talks, source=note)
    make.theme("border"), make.country("VN"), make.country("KH"), make.agency("vn-mofa")
    return {
        "title": "Cửa khẩu Lệ Thanh – ច្រកទ្វារ",
        "text": "To open the gate.",
        "nature": "instrument_to_conclude",
        "theme": "border",
        "parties": ["VN", "KH"],
        "obligated": ["KH"],
        "deadline": {"wording": "in 2025", "earliest": "2025-01-01", "latest": "2025-12-31"},
        "mention": {"meeting": "talks", "source": "note", "paragraph": 2, "modality": "agreed"},
        "agencies": [{"agency": "vn-mofa"}],
        "target": {"indicator": "Gates", "unit": "gates", "value": "3"},
        "occurred_on": "2024-07-13",
        "note": "From the note.",
    }


def post(client: Client, data: Any, address: str = ADDRESS, **headers: str) -> Any:
    return client.post(address, data, content_type="application/json", headers=headers)


def patch(client: Client, pledge: Commitment, data: Any, **headers: str) -> Any:
    return client.patch(f"{ADDRESS}{pledge.reference}/", data, "application/json", headers=headers)


def tag(client: Client, pledge: Commitment) -> str:
    return client.get(f"{ADDRESS}{pledge.reference}/").headers["ETag"]


def test_a_commitment_is_registered_with_all_that_hangs_on_it(officer: Client, body: dict) -> None:
    answer = post(officer, body)
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/api/v1/commitments/KHVN-2024-001/"
    shown = answer.json()
    assert {
        "reference": "KHVN-2024-001",
        "title": "Cửa khẩu Lệ Thanh – ច្រកទ្វារ",
        "status": "agreed",
        "parties": ["KH", "VN"],
        "obligated": ["KH"],
        "deadline": {"wording": "in 2025", "earliest": "2025-01-01", "latest": "2025-12-31"},
        "agencies": [{"agency": "vn-mofa", "role": "lead"}],
        "target": {"indicator": "Gates", "unit": "gates", "value": 3},
        "mentions": [
            {"meeting": "talks", "source": "note", "paragraph": 2, "kind": "made", "modality": "agreed"}
        ],
    }.items() <= shown.items()
    again = officer.get(answer.headers["Location"])
    assert again.json() == shown
    assert again.headers["ETag"] == answer.headers["ETag"]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"title": ""}, {"title"}),
        ({"title": None, "text": 7, "nature": "poem"}, {"title", "text", "nature"}),
        ({"theme": "nothing"}, {"theme"}),
        ({"theme": ["border"]}, {"theme"}),
        ({"parties": ["VN"]}, {"parties", "obligated"}),
        ({"parties": "VN"}, {"parties"}),
        ({"obligated": []}, {"obligated"}),
        ({"parties": ["VN", "xx"]}, {"parties"}),
        ({"mention": {"meeting": "talks", "source": "note", "paragraph": 9}}, {"mention.paragraph"}),
        ({"mention": {"meeting": "talks", "source": "other", "paragraph": 1}}, {"mention.source"}),
        ({"mention": None}, {"mention"}),
        ({"deadline": {"latest": "2025-12-31"}}, {"deadline.wording"}),
        ({"deadline": {"wording": "x", "earliest": "2025-02-30"}}, {"deadline.earliest"}),
        (
            {"deadline": {"wording": "x", "earliest": "2025-02-02", "latest": "2025-02-01"}},
            {"deadline.latest"},
        ),
        ({"occurred_on": "2999-01-01"}, {"occurred_on"}),
        ({"status": "standing"}, {"status"}),
        ({"classification": "secret"}, {"classification"}),
        ({"note": " "}, {"note"}),
        ({"colour": "red"}, {"colour"}),
        ({"target": {"indicator": "Gates", "unit": "gates", "value": "many"}}, {"target.value"}),
        ({"related": ["KHVN-1999-001"]}, {"related"}),
        ({"agencies": [{"agency": "vn-mofa", "focal_point": "nobody"}]}, {"agencies.0.focal_point"}),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    officer: Client, body: dict, change: dict, fields: set[str]
) -> None:
    answer = post(officer, {**body, **change})
    assert answer.status_code == 400, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert set(answer.json()["errors"]) == fields
    assert not Commitment.objects.exists()


def test_a_mention_must_rest_on_a_source_of_the_meeting(officer: Client, body: dict) -> None:
    make.source(slug="elsewhere")
    body["mention"]["source"] = "elsewhere"
    answer = post(officer, body)
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"mention.paragraph"})


def test_a_late_fault_takes_back_the_reference(officer: Client, body: dict) -> None:
    stranger = make.user("officer")
    refused = post(officer, {**body, "agencies": [{"agency": "vn-mofa", "focal_point": stranger.username}]})
    assert refused.status_code == 400
    assert post(officer, body).json()["reference"] == "KHVN-2024-001"


def test_only_officers_register(body: dict) -> None:
    for role in ("reviewer", "reader", "administrator", "focal_point"):
        assert post(client_as(role), body).status_code == 403
    assert not Commitment.objects.exists()


def test_a_change_needs_the_state_that_was_read(officer: Client) -> None:
    pledge = make.commitment(title="Before")
    missing = patch(officer, pledge, {"title": "After"})
    assert (missing.status_code, missing.headers["Content-Type"]) == (428, "application/problem+json")
    read = tag(officer, pledge)
    assert patch(officer, pledge, {"title": "After"}, **{"If-Match": read}).status_code == 200
    stale = patch(officer, pledge, {"title": "Mine"}, **{"If-Match": read})
    assert (stale.status_code, Commitment.objects.get().title) == (412, "After")
    any_state = patch(officer, pledge, {"remarks": "Seen."}, **{"If-Match": "*"})
    assert any_state.json()["remarks"] == "Seen."
    assert any_state.headers["ETag"] == tag(officer, pledge)


@pytest.mark.parametrize(
    "changed",
    ['W/"{}"', '"{}-gzip"', '"{}--gzip"', '"{};br"', 'W/"{}-zstd"', '"{}"-gzip', "{}", '"x", W/"{}"'],
)
def test_an_etag_that_a_proxy_changed_is_told_from_a_stale_one(changed: str, officer: Client) -> None:
    pledge = make.commitment(title="Before")
    read, address = tag(officer, pledge), f"{ADDRESS}{pledge.reference}/"
    sent = changed.format(read.strip('"'))
    assert officer.get(address, headers={"If-None-Match": sent}).status_code == 304
    refused = patch(officer, pledge, {"title": "After"}, **{"If-Match": sent})
    assert (refused.status_code, Commitment.objects.get().title) == (412, "Before")
    assert "Nobody has changed it" in refused.json()["detail"]
    assert read in refused.json()["detail"]
    assert patch(officer, pledge, {"title": "After"}, **{"If-Match": read}).status_code == 200
    assert officer.get(address, headers={"If-None-Match": sent}).status_code == 200
    stale = patch(officer, pledge, {"title": "Mine"}, **{"If-Match": sent})
    assert (stale.status_code, Commitment.objects.get().title) == (412, "After")
    assert "Somebody else has changed it" in stale.json()["detail"]


def test_a_change_changes_what_is_given_and_keeps_a_history() -> None:
    me = make.user("officer")
    pledge, other, hidden = make.commitment(), make.commitment(), make.commitment(classification=3)
    pledge.related.add(hidden)
    change = {
        "title": "Anew",
        "obligated": ["VN"],
        "related": [other.reference],
        "target": {"indicator": "Trade", "unit": "USD billion", "value": "20"},
        "outcome_meeting": None,
        "reason": "Read again.",
    }
    answer = patch(client_as(me), pledge, change, **{"If-Match": "*"})
    assert answer.status_code == 200, answer.content
    shown = answer.json()
    assert (shown["title"], shown["obligated"], shown["parties"]) == ("Anew", ["VN"], ["KH", "VN"])
    assert shown["related"] == [other.reference]
    assert set(pledge.related.all()) == {other, hidden}
    assert shown["target"] == {"indicator": "Trade", "unit": "USD billion", "value": 20}
    edit = pledge.edits.first()
    assert (edit.history_user, edit.history_change_reason) == (me, "Read again.")


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"status": "fulfilled"}, {"status"}),
        ({"deadline": {"wording": "soon"}}, {"deadline"}),
        ({"reference": "KHVN-2024-009"}, {"reference"}),
        ({"parties": ["VN", "LA"]}, {"parties"}),
        ({"nature": "event"}, {"nature"}),
        ({"obligated": ["LA"]}, {"obligated"}),
        ({"classification": "secret"}, {"classification"}),
        ({"related": "x"}, {"related"}),
        ({"target": {"value": "1"}}, {"target.indicator", "target.unit"}),
        ([], {"body"}),
    ],
)
def test_a_change_that_may_not_be_is_refused_whole(officer: Client, change: Any, fields: set[str]) -> None:
    make.country("LA")
    pledge = make.commitment("standing", title="Before")
    given = {**change, "title": "After"} if isinstance(change, dict) else change
    answer = patch(officer, pledge, given, **{"If-Match": "*"})
    assert answer.status_code == 400, answer.content
    assert set(answer.json()["errors"]) == fields
    assert Commitment.objects.get(pk=pledge.pk).title == "Before"


def test_a_country_named_twice_counts_once(officer: Client, body: dict) -> None:
    assert post(officer, {**body, "obligated": ["KH", "KH"]}).status_code == 201
    pledge = Commitment.objects.get()
    twice = {"obligated": ["VN", "VN"], "beneficiaries": ["KH", "KH"]}
    changed = patch(officer, pledge, twice, **{"If-Match": tag(officer, pledge)})
    assert changed.status_code == 200, changed.json()
    assert (changed.json()["obligated"], changed.json()["beneficiaries"]) == (["VN"], ["KH"])


def test_a_reader_may_not_change_and_does_not_learn_what_is_hidden() -> None:
    pledge, hidden = make.commitment(), make.commitment(classification=3)
    reader = client_as("reader")
    assert patch(reader, pledge, {"title": "x"}, **{"If-Match": "*"}).status_code == 403
    assert patch(reader, hidden, {"title": "x"}, **{"If-Match": "*"}).status_code == 404


def test_who_has_it_already_is_told_so_in_few_queries(officer: Client, django_assert_max_num_queries) -> None:
    pledge = make.commitment(agencies=(make.agency("vn-mofa"),))
    read = tag(officer, pledge)
    assert read.startswith('"')
    with django_assert_max_num_queries(5):
        answer = officer.get(f"{ADDRESS}{pledge.reference}/", headers={"If-None-Match": f'"x", {read}'})
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", read)


def test_the_tag_changes_with_whatever_hangs_on_the_commitment() -> None:
    me = make.user("officer")
    client, agency = client_as(me), make.agency("vn-mofa")
    talks, note = make.meeting(), make.source()
    pledge, other = make.commitment(), make.commitment()
    paper = note.paragraphs.get(number=1)
    seen = [tag(client, pledge)]

    def then(*_done: object) -> None:
        seen.append(tag(client, pledge))

    then(apply_transition(commitment=pledge, name="start", actor=me, note="Begun."))
    then(record_progress(commitment=pledge, actor=me, achieved="Half."))
    evidence = add_evidence(commitment=pledge, actor=me, title="A", url="https://example.org/")
    then(evidence)
    then(withdraw_evidence(evidence=evidence, actor=me, reason="Wrong."))
    mention = pledge.mentions.create(meeting=talks, paragraph=paper, kind="progress")
    then(mention)
    mention.summary = "More."
    then(mention.save())
    charge = pledge.assignments.create(agency=agency)
    then(charge)
    charge.role = "support"
    then(charge.save())
    then(pledge.related.add(other))
    then(pledge.readings.create(as_of=dt.date(2025, 1, 1), value=1))
    then(Commitment.objects.filter(pk=other.pk).update(classification=3))
    then(mention.delete())
    then(Commitment.objects.filter(pk=pledge.pk).update(remarks="In bulk."))
    talks.starts_on = dt.date(2025, 3, 3)
    first = pledge.mentions.get().meeting
    first.starts_on = first.ends_on = dt.date(2024, 7, 14)
    then(first.save())
    assert len(set(seen)) == len(seen) == 15


def test_related_ones_do_not_stand_for_each_other_in_the_tag(officer: Client) -> None:
    pledge, *others = (make.commitment() for _ in range(6))
    tags = set()
    for pair in ((0, 3), (1, 2)):
        pledge.related.set([others[n] for n in pair])
        tags.add(tag(officer, pledge))
    assert sum(others[n].pk for n in (0, 3)) == sum(others[n].pk for n in (1, 2))
    assert len(tags) == 2


def test_the_tag_is_of_the_caller(officer: Client) -> None:
    pledge = make.commitment()
    assert tag(officer, pledge) != tag(client_as("reader"), pledge)


def test_a_move_may_be_bound_to_what_was_read(officer: Client) -> None:
    pledge = make.commitment()
    read = tag(officer, pledge)
    address = f"{ADDRESS}{pledge.reference}/transitions/"
    moved = post(officer, {"transition": "start", "note": "x"}, address, **{"If-Match": read})
    stale = post(officer, {"transition": "stall", "note": "x"}, address, **{"If-Match": read})
    assert (moved.status_code, stale.status_code) == (201, 412)


def test_a_likely_twin_is_named_and_registered_only_despite_it(officer: Client, body: dict) -> None:
    assert post(officer, body).status_code == 201
    hidden = make.commitment(title=body["title"], text=body["text"], classification=3)
    body["mention"]["paragraph"] = 3
    refused = post(officer, body)
    assert (refused.status_code, refused.json()["twins"]) == (409, ["KHVN-2024-001"])
    assert hidden.reference not in refused.content.decode()
    assert post(officer, {**body, "despite": ["KHVN-2024-009"]}).status_code == 409
    assert Commitment.objects.count() == 2
    assert post(officer, {**body, "despite": ["KHVN-2024-001"]}).status_code == 201


def test_the_same_request_is_carried_out_once(officer: Client, body: dict) -> None:
    first = post(officer, body, **{"Idempotency-Key": "one"})
    again = post(officer, dict(reversed(body.items())), **{"Idempotency-Key": "one"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert {name: again.headers[name] for name in ("ETag", "Location")} == {
        name: first.headers[name] for name in ("ETag", "Location")
    }
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Commitment.objects.count() == 1
    other = post(officer, {**body, "title": "Other"}, **{"Idempotency-Key": "one"})
    assert (other.status_code, other.headers["Content-Type"]) == (422, "application/problem+json")
    despite = {**body, "despite": ["KHVN-2024-001"]}
    somebody = post(client_as("officer"), despite, **{"Idempotency-Key": "one"})
    assert somebody.json()["reference"] == "KHVN-2024-002"


def test_a_refusal_is_kept_like_a_success(officer: Client) -> None:
    pledge = make.commitment("dropped")
    address, move = f"{ADDRESS}{pledge.reference}/transitions/", {"transition": "start", "note": "x"}
    first = post(officer, move, address, **{"Idempotency-Key": "k"})
    make.record(pledge, "agreed")
    again = post(officer, move, address, **{"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code) == (409, 409)
    assert again.headers["Content-Type"] == "application/problem+json"
    assert again.json() == first.json()
    assert first.json()["current_status"] == "dropped"


def test_what_may_no_longer_be_seen_is_not_answered_again(body: dict) -> None:
    me = make.user("officer", clearance=1)
    made = post(client_as(me), body, **{"Idempotency-Key": "k"}).json()
    address = f"{ADDRESS}{made['reference']}/transitions/"
    move = {"transition": "start", "note": "Between us."}
    assert post(client_as(me), move, address, **{"Idempotency-Key": "m"}).status_code == 201
    Commitment.objects.update(classification=3)
    assert post(client_as(me), body, **{"Idempotency-Key": "k"}).status_code == 404
    assert post(client_as(me), move, address, **{"Idempotency-Key": "m"}).status_code == 404
    Commitment.objects.update(classification=0)
    assert post(client_as(me), move, address, **{"Idempotency-Key": "m"}).status_code == 201
    me.groups.clear()
    again = client_as(User.objects.get(pk=me.pk))
    assert post(again, body, **{"Idempotency-Key": "k"}).status_code == 422


@pytest.mark.parametrize("path", ["commitments/", "bulk/transitions/"])
def test_an_answer_that_names_what_may_no_longer_be_seen_is_not_given_again(path: str, body: dict) -> None:
    me, other, pledge = make.user("officer", clearance=1), make.commitment(), make.commitment()
    items = [{"reference": each.reference, "transition": "start", "note": "x"} for each in (other, pledge)]
    sent = {"items": items} if "bulk" in path else body | {"related": [other.reference]}
    address, key = f"/api/v1/{path}", {"Idempotency-Key": "k"}
    first = post(client_as(me), sent, address, **key)
    assert other.reference in first.content.decode()
    Commitment.objects.filter(pk=other.pk).update(classification=3)
    hidden = post(client_as(me), sent, address, **key)
    assert (hidden.status_code, other.reference in hidden.content.decode()) == (404, False)
    Commitment.objects.filter(pk=other.pk).update(classification=1)
    assert post(client_as(me), sent, address, **key).content == first.content


def test_an_answer_is_given_again_whatever_was_typed_in_it(officer: Client) -> None:
    pledge, hidden = make.commitment(), make.commitment(classification=3)
    address, key = f"{ADDRESS}{pledge.reference}/progress/", {"Idempotency-Key": "k"}
    sent = {"achieved": f"See {hidden.reference} and KHVN-1999-001."}
    first = post(officer, sent, address, **key)
    assert first.status_code == 201
    assert post(officer, sent, address, **key).content == first.content


def test_a_key_belongs_to_what_was_read_as_well(officer: Client) -> None:
    pledge = make.commitment()
    address, move = f"{ADDRESS}{pledge.reference}/transitions/", {"transition": "start", "note": "x"}
    stale = post(officer, move, address, **{"Idempotency-Key": "k", "If-Match": '"old"'})
    anew = post(officer, move, address, **{"Idempotency-Key": "k", "If-Match": tag(officer, pledge)})
    assert (stale.status_code, anew.status_code) == (412, 422)


def test_a_key_is_forgotten_after_a_day(officer: Client, body: dict) -> None:
    body["despite"] = ["KHVN-2024-001", "KHVN-2024-002"]
    assert post(officer, body, **{"Idempotency-Key": "k"}).status_code == 201
    long_ago = KeptAnswer.objects.get().created_at - dt.timedelta(hours=24, seconds=1)
    KeptAnswer.objects.update(created_at=long_ago)
    assert post(officer, body, **{"Idempotency-Key": "k"}).json()["reference"] == "KHVN-2024-002"
    assert KeptAnswer.objects.count() == 1
    KeptAnswer.objects.update(created_at=long_ago)
    post(client_as("officer"), body, **{"Idempotency-Key": "other"})
    assert KeptAnswer.objects.get().key == "other"


def test_an_old_key_is_free_though_others_are_forgotten_first(
    officer: Client, body: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "_DELETED_AT_ONCE", 0)
    assert post(officer, body, **{"Idempotency-Key": "k"}).status_code == 201
    KeptAnswer.objects.update(created_at=KeptAnswer.objects.get().created_at - dt.timedelta(hours=25))
    again = post(officer, {**body, "title": "Another"}, **{"Idempotency-Key": "k"})
    assert (again.status_code, again.json()["reference"]) == (201, "KHVN-2024-002")
    assert "Idempotent-Replayed" not in again.headers
    assert KeptAnswer.objects.count() == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "ключ".encode().decode("latin-1"), "a\tb", "a b"])
def test_a_key_that_is_none_is_refused(officer: Client, body: dict, key: str) -> None:
    answer = post(officer, body, **{"Idempotency-Key": key})
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"Idempotency-Key"})
    assert not Commitment.objects.exists()


def test_a_token_that_reads_registers_nothing(body: dict) -> None:
    me = make.user("officer")
    _token, key = make_token(owner=me, name="Reader", scope="read", days=1)
    refused = Client().post(ADDRESS, body, "application/json", headers={"Authorization": f"Bearer {key}"})
    assert refused.status_code == 403
    assert not Commitment.objects.exists()


def test_what_the_own_desk_would_not_have_is_not_registered(body: dict[str, Any]) -> None:
    user, joint = make.user("officer"), make.mechanism()
    user.desk_countries.add(make.country("LA"))
    refused = post(client_as(user), body)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["parties"])
    assert not Commitment.objects.exists()
    user.desk_countries.add(make.country("KH"))
    assert post(client_as(user), body).status_code == 201
    # Of a desk of a mechanism: what is made at its meetings.
    other = make.user("officer")
    other.desk_mechanisms.add(joint)
    assert post(client_as(other), body | {"title": "Another gate"}).status_code == 400
    session, paper = make.meeting(slug="session", mechanism=joint, session=1), make.source(slug="paper")
    MeetingSource.objects.create(meeting=session, source=paper)
    body["mention"] = {"meeting": "session", "source": "paper", "paragraph": 1}
    assert post(client_as(other), body | {"title": "A third gate"}).status_code == 201
