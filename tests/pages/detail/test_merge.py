"""The page that merges two commitments, what the old address answers, and the search while one types."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from commitments.models import Commitment, Merge
from commitments.services.day_corrections import correct_day
from commitments.services.merging import merge
from commitments.services.progress import record_progress
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(db: None) -> User:
    return make.user("reviewer")


@pytest.fixture
def reviewer(actor: User) -> Client:
    return client_as(actor)


@pytest.fixture
def two(db: None) -> tuple[Commitment, Commitment]:
    kept = make.commitment(title="Open the gate")
    absorbed = make.commitment(title="Build a road", agencies=(make.agency(),))
    record_progress(commitment=absorbed, actor=make.user("officer"), achieved="Half.")
    return kept, absorbed


def test_the_way_from_the_page_through_a_preview_of_both(reviewer: Client, two: Any) -> None:
    kept, absorbed = two
    url = page_of(reviewer.get(f"/commitments/{kept.reference}/")).links()["Merge with another"]
    chosen = {"other": absorbed.reference}
    shown = reviewer.get(url, chosen)
    said = text_of(shown)
    for part in ("Open the gate", "Build a road", "1 mention comes over.", "1 progress update is copied"):
        assert part in said
    assert f"{absorbed.reference} leads to {kept.reference}" in said
    address = f"{url}?other={absorbed.reference}"
    form = form_of(shown)
    assert reviewer.post(address, form).status_code == 400
    assert not Merge.objects.exists()
    done = reviewer.post(address, form | {"reason": ["The same."]})
    assert (done.status_code, done["Location"]) == (302, f"/commitments/{kept.reference}/")
    page = text_of(reviewer.get(done["Location"]))
    assert "Merged" in page
    assert f"{absorbed.reference} Build a road" in page


def test_a_form_that_is_sent_twice_merges_once(reviewer: Client, two: Any) -> None:
    kept, absorbed = two
    address = f"/commitments/{kept.reference}/merge/?other={absorbed.reference}"
    form = form_of(reviewer.get(address)) | {"reason": ["The same."]}
    answers = [reviewer.post(address, form) for _sent in range(2)]
    assert [(each.status_code, each["Location"]) for each in answers] == [(302, kept.get_absolute_url())] * 2
    assert Merge.objects.count() == 1


def test_what_changed_since_the_preview_is_seen_first(reviewer: Client, two: Any) -> None:
    kept, absorbed = two
    address = f"/commitments/{kept.reference}/merge/?other={absorbed.reference}"
    form = form_of(reviewer.get(address)) | {"reason": ["The same."]}
    record_progress(commitment=kept, actor=make.user("officer"), achieved="More.")
    refused = reviewer.post(address, form)
    assert refused.status_code == 409
    assert "has changed since you read it" in text_of(refused)
    assert "The same." in page_of(refused).one("[name=reason]").text
    assert not Merge.objects.exists()


def test_only_reviewers_and_only_what_they_see(two: Any, reviewer: Client) -> None:
    kept, absorbed = two
    hidden = make.commitment(title="Hidden", classification=3)
    for role in ("officer", "administrator", "reader"):
        assert client_as(role).get(f"/commitments/{kept.reference}/merge/").status_code == 403
    assert reviewer.get(f"/commitments/{hidden.reference}/merge/").status_code == 404
    refused = reviewer.get(f"/commitments/{kept.reference}/merge/", {"other": hidden.reference})
    assert refused.status_code == 400
    assert "There is no commitment with this reference" in text_of(refused)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/commitments/{a}/", "/commitments/{k}/"),
        ("/commitments/{a}/?as_of=2025-01-01", "/commitments/{k}/?as_of=2025-01-01"),
        ("/commitments/{a}/progress/", "/commitments/{k}/progress/"),
        ("/api/v1/commitments/{a}/", "/api/v1/commitments/{k}/"),
        ("/api/v1/commitments/{a}/mentions/", "/api/v1/commitments/{k}/mentions/"),
        ("/admin/commitments/commitment/{pk}/change/", "/admin/commitments/commitment/{kpk}/change/"),
    ],
)
def test_the_old_address_leads_to_the_one_that_was_kept(old: str, new: str, two: Any, actor: User) -> None:
    kept, absorbed = two
    merge(kept=kept, absorbed=absorbed, actor=actor, reason="The same.")
    names = {"a": absorbed.reference, "k": kept.reference, "pk": absorbed.pk, "kpk": kept.pk}
    answer = client_as("officer").get(old.format(**names))
    assert (answer.status_code, answer["Location"]) == (301, new.format(**names))


def test_a_write_to_the_old_address_is_a_conflict_that_names_the_new_one(two: Any, actor: User) -> None:
    kept, absorbed = two
    merge(kept=kept, absorbed=absorbed, actor=actor, reason="The same.")
    officer = client_as("officer")
    api = f"/api/v1/commitments/{absorbed.reference}/"
    body = {"transition": "start", "note": "Begun."}
    for answer in (
        officer.post(f"{api}transitions/", body, content_type="application/json"),
        officer.patch(api, {"title": "x"}, content_type="application/json"),
    ):
        assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
        assert answer.json()["merged_into"] == kept.reference
    page = officer.post(f"/commitments/{absorbed.reference}/progress/", {"achieved": "x"})
    assert page.status_code == 409
    assert f"{absorbed.reference} was merged into {kept.reference}" in text_of(page)


def test_whoever_may_not_see_it_gets_404(actor: User) -> None:
    secret = {"classification": 3}
    kept, absorbed = make.commitment(title="One", **secret), make.commitment(title="Other thing", **secret)
    high = make.user("reviewer", clearance=3)
    merge(kept=kept, absorbed=absorbed, actor=high, reason="The same.")
    for address in ("/commitments/{}/", "/api/v1/commitments/{}/"):
        assert client_as(actor).get(address.format(absorbed.reference)).status_code == 404
        assert client_as(high).get(address.format(absorbed.reference)).status_code == 301


def test_the_history_of_the_one_that_is_kept_tells_the_right_days_of_the_other(
    reviewer: Client, two: Any, actor: User
) -> None:
    kept, absorbed = two
    change = absorbed.status_changes.get()
    correct_day(change=change, actor=actor, day=dt.date(2024, 7, 10), reason="Misread.")
    merge(kept=kept, absorbed=absorbed, actor=actor, reason="The same.")
    assert "10 Jul 2024 agreed" in page_of(reviewer.get(kept.get_absolute_url())).one(".history").text


def test_it_is_undone_from_the_menu(reviewer: Client, two: Any, actor: User) -> None:
    kept, absorbed = two
    merge(kept=kept, absorbed=absorbed, actor=actor, reason="The same.")
    links = page_of(reviewer.get(f"/commitments/{kept.reference}/")).links()
    url = links[f"Undo the merge of {absorbed.reference}"]
    form = form_of(reviewer.get(url))
    assert reviewer.post(url, form).status_code == 400
    assert reviewer.post(url, form | {"reason": ["They are two."]}).status_code == 302
    assert reviewer.get(f"/commitments/{absorbed.reference}/").status_code == 200
    assert reviewer.post(url, form | {"reason": ["Again."]}).status_code == 409


def test_the_api_merges_and_undoes(reviewer: Client, two: Any) -> None:
    kept, absorbed = two
    url = f"/api/v1/commitments/{kept.reference}/merge/"

    def post(**body: str) -> Any:
        return reviewer.post(url, body, content_type="application/json")

    assert set(post(reason="x").json()["errors"]) == {"absorb"}
    assert set(post(absorb="KHVN-2024-999", reason="x").json()["errors"]) == {"absorb"}
    assert set(post(absorb=absorbed.reference, reason=" ").json()["errors"]) == {"reason"}
    made = post(absorb=absorbed.reference, reason="The same.")
    assert (made.status_code, made.json()["reference"]) == (201, kept.reference)
    assert {each.get("from", "") for each in made.json()["mentions"]} == {"", absorbed.reference}
    assert post(undo=absorbed.reference, reason="Two.").status_code == 201
    assert set(post(undo=absorbed.reference, reason="Two.").json()["errors"]) == {"undo"}
    assert client_as("officer").post(url, {"undo": "x", "reason": "y"}).status_code == 403


def test_the_search_finds_by_words_without_marks_and_only_what_is_visible(reviewer: Client) -> None:
    gate = make.commitment(title="Mở cửa khẩu Lệ Thanh")
    make.commitment(title="Mở cửa khẩu khác", classification=3)
    found = page_of(reviewer.get("/commitments/find/", {"other": "cua khau"}))
    assert [each["value"] for each in found.select("input[name=other]")] == [gate.reference]
    assert "No commitment" in text_of(reviewer.get("/commitments/find/", {"other": "no such"}))
    empty = reviewer.get("/commitments/find/")
    assert (empty.status_code, text_of(empty).strip()) == (200, "")
    assert reviewer.get("/commitments/find/", {"a b": "x"}).status_code == 400


def test_words_in_place_of_a_reference_list_what_they_find(reviewer: Client, two: Any) -> None:
    kept, absorbed = two
    asked = page_of(reviewer.get(f"/commitments/{kept.reference}/merge/", {"other": "road"}))
    assert [each["value"] for each in asked.select("input[type=radio]")] == [absorbed.reference]
    chosen = reviewer.get(f"/commitments/{kept.reference}/merge/?other=road&other={absorbed.reference}")
    assert "1 mention comes over." in text_of(chosen)


def test_a_successor_is_found_by_words_and_chosen_below_them() -> None:
    old, new = make.commitment(title="Old pledge"), make.commitment(title="Build the bridge anew")
    officer, url = client_as("officer"), f"/commitments/{old.reference}/transitions/submit/"
    sent = {"outcome": "superseded", "note": "Replaced.", "successor": "bridge anew"}
    asked = officer.post(url, sent)
    assert asked.status_code == 400
    page = page_of(asked)
    assert [each["value"] for each in page.select("input[type=radio][name=successor]")] == [new.reference]
    assert "Choose one of the commitments below." in page.text
    done = officer.post(url, sent | {"successor": ["bridge anew", new.reference]})
    assert (done.status_code, old.status_changes.get(number=2).successor) == (302, new)
