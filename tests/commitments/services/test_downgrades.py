"""A lower classification is proposed by one person and decided on by another, by every door alike."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from commitments.models import Commitment, Downgrade
from commitments.services import bulk
from commitments.services.downgrades import decide_downgrade, propose_downgrade, to_decide
from commitments.services.editing import edit_commitment
from commitments.services.errors import PermissionDenied, ProposalClosed, RequirementsNotMet
from relations.models import Meeting, Source
from relations.services.meetings import change_meeting
from relations.services.sources import change_source
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db
KINDS = ["commitment", "meeting", "source"]
AS_JSON: dict[str, Any] = {"content_type": "application/json", "headers": {"If-Match": "*"}}


def record_of(kind: str, level: int = 2) -> Any:
    if kind == "commitment":
        return make.commitment(classification=level)
    return make.meeting(classification=level) if kind == "meeting" else make.source(classification=level)


def page(record: Any) -> str:
    return f"{record.get_absolute_url()}classification/"


def level(record: Any) -> int:
    return type(record).objects.get(pk=record.pk).classification


@pytest.fixture
def officer() -> User:
    return make.user("officer", clearance=2, first_name="Olive")


def propose(record: Any, actor: User, to: int = 1) -> Downgrade:
    return propose_downgrade(record=record, actor=actor, level=to, reason="Published since.")


@pytest.mark.parametrize("decider", ["reviewer", "security_officer"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_downgrade_is_proposed_and_decided_by_a_second_person(
    kind: str, decider: str, officer: User
) -> None:
    record, second = record_of(kind), make.user(decider, clearance=2)
    proposal = propose(record, officer)
    assert (level(record), proposal.state) == (2, "proposed")
    assert list(to_decide(second)) == [proposal]
    decide_downgrade(proposal=proposal, actor=second, decision="accepted")
    proposal.refresh_from_db()
    assert (level(record), proposal.state) == (1, "accepted")
    assert record.history.first().history_change_reason == "Published since."
    assert list(to_decide(second)) == []


def test_who_proposes_never_decides() -> None:
    record, both = make.commitment(classification=1), make.user("officer", "reviewer", clearance=2)
    both.is_superuser = True
    both.save()
    proposal = propose(record, both, 0)
    assert list(to_decide(both)) == []
    for decision in ("accepted", "refused"):
        with pytest.raises(PermissionDenied, match="another person decides"):
            decide_downgrade(proposal=proposal, actor=both, decision=decision, note="x")
    assert level(record) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_only_who_is_cleared_for_it_decides(kind: str, officer: User) -> None:
    record = record_of(kind)
    proposal = propose(record, officer)
    low = make.user("reviewer", clearance=1)
    assert list(to_decide(low)) == []
    with pytest.raises(type(record).DoesNotExist):
        decide_downgrade(proposal=proposal, actor=low, decision="accepted")
    for role in ("officer", "administrator", "reader"):
        with pytest.raises(PermissionDenied):
            decide_downgrade(proposal=proposal, actor=make.user(role, clearance=3), decision="accepted")
    with pytest.raises(PermissionDenied):
        propose(record, make.user("reader", clearance=3))
    assert level(record) == 2


def test_what_is_missing_is_named(officer: User) -> None:
    record, reviewer = make.commitment(classification=2), make.user("reviewer", clearance=2)
    for values, field in (
        ({"level": 2, "reason": "x"}, "classification"),
        ({"level": 3, "reason": "x"}, "classification"),
        ({"level": 1, "reason": " "}, "reason"),
    ):
        with pytest.raises(RequirementsNotMet) as refused:
            propose_downgrade(record=record, actor=officer, **values)
        assert list(refused.value.errors) == [field]
    proposal = propose(record, officer)
    with pytest.raises(RequirementsNotMet) as again:
        propose(record, officer, 0)
    assert "proposed already" in again.value.errors["classification"][0]
    with pytest.raises(RequirementsNotMet) as silent:
        decide_downgrade(proposal=proposal, actor=reviewer, decision="refused")
    assert list(silent.value.errors) == ["note"]
    decide_downgrade(proposal=proposal, actor=reviewer, decision="refused", note="Not yet.")
    with pytest.raises(ProposalClosed):
        decide_downgrade(proposal=proposal, actor=reviewer, decision="accepted")


def test_nothing_is_accepted_once_it_was_classified_otherwise(officer: User) -> None:
    record, reviewer = make.source(classification=1), make.user("reviewer", clearance=2)
    proposal = propose(record, officer, 0)
    change_source(actor=officer, source=record, fields={"classification": 2})
    with pytest.raises(ProposalClosed):
        decide_downgrade(proposal=proposal, actor=reviewer, decision="accepted")
    decide_downgrade(proposal=proposal, actor=officer, decision="withdrawn")
    assert level(record) == 2


def test_a_commitment_is_not_lowered_below_what_it_names(officer: User) -> None:
    pledge, reviewer = make.commitment(), make.user("reviewer", clearance=2)
    source = pledge.mentions.get().paragraph.source
    change_source(actor=officer, source=source, fields={"classification": 2})
    with pytest.raises(RequirementsNotMet) as refused:
        propose(pledge, officer)
    assert "cannot be lower" in refused.value.errors["classification"][0]
    decide_downgrade(proposal=propose(source, officer), actor=reviewer, decision="accepted")
    assert (level(source), level(pledge)) == (1, 2)  # what was raised stays until somebody lowers it
    decide_downgrade(proposal=propose(pledge, officer), actor=reviewer, decision="accepted")
    assert level(pledge) == 1


def test_no_service_lowers_a_level(officer: User) -> None:
    pledge, meeting, source = record_of("commitment"), record_of("meeting"), record_of("source")
    with pytest.raises(RequirementsNotMet) as refused:
        edit_commitment(commitment=pledge, actor=officer, fields={"classification": 1})
    assert "another person decides" in refused.value.errors["classification"][0]
    for write in (
        lambda: change_meeting(actor=officer, meeting=meeting, fields={"classification": 1}),
        lambda: change_source(actor=officer, source=source, fields={"classification": 1}),
    ):
        with pytest.raises(ValidationError) as invalid:
            write()
        assert list(invalid.value.message_dict) == ["classification"]
    assert {level(each) for each in (pledge, meeting, source)} == {2}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("door", ["page", "admin", "api"])
def test_no_door_lowers_a_level(door: str, kind: str) -> None:
    # With one level alone to choose, a page offers none.
    record, client = record_of(kind), client_as("officer", clearance=3)
    if door == "api":
        key = record.reference if kind == "commitment" else record.slug
        answer = client.patch(f"/api/v1/{kind}s/{key}/", {"classification": "restricted"}, **AS_JSON)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["classification"])
    else:
        app = "commitments" if kind == "commitment" else "relations"
        url = (
            f"/admin/{app}/{kind}/{record.pk}/change/"
            if door == "admin"
            else f"{record.get_absolute_url()}edit/"
        )
        form = form_of(client.get(url), f"{kind}_form" if door == "admin" else "") | {"classification": ["1"]}
        assert "Propose it with a reason" in text_of(client.post(url, form))
    assert level(record) == 2


def test_in_bulk_a_lower_level_is_proposed_with_the_note(officer: User) -> None:
    high, low = make.commitment(classification=2), make.commitment()
    rows = Commitment.objects.filter(pk__in=[high.pk, low.pk])
    job = bulk.begin_classification(
        job=bulk.select(owner=officer, commitments=rows), classification=1, note="Published since."
    )
    bulk.run_some(job=job)
    assert (level(high), level(low)) == (2, 1)
    assert (high.downgrades.get().reason, high.downgrades.get().to_level) == ("Published since.", 1)
    assert {row.result for row in job.rows.all()} == {"done"}
    silent = bulk.begin_classification(
        job=bulk.select(owner=officer, commitments=rows.filter(pk=low.pk)), classification=0
    )
    bulk.run_some(job=silent)
    assert "Say why" in silent.rows.get().detail


def test_a_register_file_does_not_lower_a_level(tmp_path: Path, capsys: Any, officer: User) -> None:
    pledge, file = make.commitment(classification=1), tmp_path / "register.yaml"
    source = pledge.mentions.get().paragraph.source
    change_source(actor=officer, source=source, fields={"classification": 1})
    call_command("dump_register", str(file))
    call_command("load_register", str(file))
    text = file.read_text()
    assert text.count("classification: restricted") >= 2
    file.write_text(text.replace("classification: restricted", "classification: unclassified"))
    capsys.readouterr()
    call_command("load_register", str(file))
    told = capsys.readouterr()
    assert "a lower classification is proposed in the register" in told.out + told.err
    assert (level(pledge), level(source)) == (1, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_proposes_and_decides(kind: str, officer: User) -> None:
    record = record_of(kind)
    author, reviewer = client_as(officer), client_as("security_officer", clearance=2)
    where = page(record)
    assert page_of(author.get(record.get_absolute_url())).links("main")["confidential"] == where
    typed = {"classification": "1", "reason": "Published since."}
    assert author.post(where, form_of(author.get(where)) | {"classification": "1"}).status_code == 400
    assert author.post(where, form_of(author.get(where)) | typed).status_code == 302
    shown = page_of(author.get(where))
    assert [each["value"] for each in shown.select("button[name=decision]")] == ["withdrawn"]
    waiting = page_of(reviewer.get("/classifications/"))
    assert where in waiting.links("main").values()
    assert author.get("/classifications/").status_code == 403
    data = form_of(reviewer.get(where)) | {"decision": "accepted"}
    assert reviewer.post(where, data).status_code == 302
    assert level(record) == 1
    assert "Olive" in text_of(reviewer.get(where))
    assert client_as("reader").get(where).status_code == 404
    assert client_as("reader", clearance=2).get(where).status_code == 403


def test_nobody_accepts_another_proposal_than_the_one_that_was_read(officer: User) -> None:
    record = record_of("commitment")
    first, where = propose(record, officer), page(record)
    reviewer = client_as("reviewer", clearance=2)
    read = form_of(reviewer.get(where)) | {"decision": "accepted", "note": "Seen."}
    decide_downgrade(proposal=first, actor=officer, decision="withdrawn")
    propose(record, officer, 0)
    refused = reviewer.post(where, read)
    assert (refused.status_code, level(record)) == (409, 2)
    assert "Another lower classification is proposed now." in text_of(refused)
    again = form_of(refused) | {"decision": "accepted"}
    assert again["note"] == ["Seen."]
    assert reviewer.post(where, again).status_code == 302
    assert level(record) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_who_could_not_read_the_record_then_is_not_told_why(kind: str, officer: User) -> None:
    record, reviewer = record_of(kind), make.user("reviewer", clearance=2)
    key = record.reference if kind == "commitment" else record.slug
    where = f"/api/v1/{kind}s/{key}/downgrades/"
    refused = propose(record, officer)
    decide_downgrade(proposal=refused, actor=reviewer, decision="refused", note="Talks go on.")
    decide_downgrade(proposal=propose(record, officer, 0), actor=reviewer, decision="accepted")
    assert client_as(reviewer).get(where).json()["count"] == 2
    low = client_as("reviewer")
    assert low.get(where).json()["count"] == 0
    assert low.get(f"{where}{refused.pk}/").status_code == 404
    assert "Talks go on." not in text_of(low.get(page(record)))
    assert "Talks go on." in text_of(client_as(reviewer).get(page(record)))


@pytest.mark.parametrize("kind", KINDS)
def test_the_history_in_the_admin_tells_nothing_from_above_the_clearance(kind: str, officer: User) -> None:
    record, reviewer = record_of(kind), make.user("reviewer", clearance=2)
    change: Any = {"commitment": edit_commitment, "meeting": change_meeting, "source": change_source}[kind]
    for title in ("Open the secret gate", "Open the gate"):
        change(**{kind: record}, actor=officer, fields={"title": title})
    decide_downgrade(proposal=propose(record, officer, 0), actor=reviewer, decision="accepted")
    change(**{kind: record}, actor=officer, fields={"title": "Open both gates"})
    app = "commitments" if kind == "commitment" else "relations"
    url = f"/admin/{app}/{kind}/{record.pk}/history/"
    assert "secret gate" in text_of(client_as(officer).get(url))
    shown = text_of(client_as("officer").get(url))
    assert "secret gate" not in shown
    assert "Published since." not in shown
    assert "Open both gates" in shown


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_not_repeated_once_the_record_is_above_the_clearance(kind: str, officer: User) -> None:
    record, client = record_of(kind), client_as(officer)
    key = record.reference if kind == "commitment" else record.slug
    where = f"/api/v1/{kind}s/{key}/downgrades/"
    body = {"classification": "restricted", "reason": "Published since."}
    once = {"content_type": "application/json", "headers": {"Idempotency-Key": "one"}}
    assert [client.post(where, body, **once).status_code for _time in range(2)] == [201, 201]
    type(record).objects.filter(pk=record.pk).update(classification=3)
    assert client.post(where, body, **once).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_the_api_proposes_and_decides(kind: str, officer: User) -> None:
    record = record_of(kind)
    key = record.reference if kind == "commitment" else record.slug
    where = f"/api/v1/{kind}s/{key}/downgrades/"
    author, reviewer = client_as(officer), client_as("reviewer", clearance=2)

    def post(client: Client, url: str, body: dict) -> Any:
        return client.post(url, body, "application/json")

    made = post(author, where, {"classification": "restricted", "reason": "Published since."})
    assert (made.status_code, made.json()["state"]) == (201, "proposed")
    assert (made.json()["from"], made.json()["to"]) == ("confidential", "restricted")
    decision = f"{made['Location']}decision/"
    assert post(author, decision, {"decision": "accepted"}).status_code == 403
    assert post(client_as("reviewer"), decision, {"decision": "accepted"}).status_code == 404
    assert post(reviewer, decision, {"decision": "refused"}).status_code == 400
    done = post(reviewer, decision, {"decision": "accepted"})
    assert (done.status_code, done.json()["state"]) == (201, "accepted")
    assert post(reviewer, decision, {"decision": "accepted"}).status_code == 409
    assert level(record) == 1
    assert author.get(where).json()["results"] == [author.get(made["Location"]).json()]
    assert post(client_as("reader", clearance=2), where, {}).status_code == 403


def test_raising_by_the_api_names_what_it_raises_first(officer: User) -> None:
    pledge, client = make.commitment(), client_as(officer)
    for record in (pledge.mentions.get().meeting, pledge.mentions.get().paragraph.source):
        url = f"/api/v1/{record._meta.model_name}s/{record.slug}/"
        body = {"classification": "confidential"}
        Commitment.objects.filter(pk=pledge.pk).update(classification=0)
        asked = client.patch(url, body, **AS_JSON)
        assert (asked.status_code, asked.json()["raises"]) == (409, [pledge.reference])
        assert (level(record), level(pledge)) == (0, 0)
        assert client.patch(url, body | {"raises": ["KHVN-1900-001"]}, **AS_JSON).status_code == 409
        assert client.patch(url, body | {"raises": asked.json()["raises"]}, **AS_JSON).status_code == 200
        assert (level(record), level(pledge)) == (2, 2)


def test_what_is_proposed_is_told_to_nobody_who_may_not_read_it(officer: User) -> None:
    secret: list[Meeting | Source | Commitment] = [record_of(kind) for kind in KINDS]
    for record in secret:
        propose(record, officer)
    reviewer = client_as("reviewer", clearance=1)
    told = reviewer.get("/classifications/")
    assert "Nothing awaits your decision" in text_of(told)
    addresses = {f"{record.get_absolute_url()}classification/" for record in secret}
    assert addresses.isdisjoint(page_of(told).links("main").values())
    cleared = client_as("reviewer", clearance=3).get("/classifications/")
    assert addresses <= set(page_of(cleared).links("main").values())
