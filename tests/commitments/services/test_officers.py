"""The officer in charge of a commitment: set one by one and in bulk, found by a filter, handed over."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from commitments.models import Commitment
from commitments.services.bulk import begin_officer, run_some, select
from commitments.services.editing import edit_commitment
from commitments.services.errors import RequirementsNotMet
from commitments.services.handover import duties_of, hand_over_charge
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def dara() -> User:
    return make.user("officer", username="dara", first_name="Dara")


@pytest.fixture
def binh() -> User:
    return make.user("officer", username="binh", first_name="Binh")


@pytest.fixture
def pledge() -> Commitment:
    return make.commitment()


def put_in_charge(commitment: Commitment, officer: User | None, actor: User, reason: str = "") -> Commitment:
    return edit_commitment(commitment=commitment, actor=actor, fields={"officer": officer}, reason=reason)


def in_charge(commitment: Commitment) -> str | None:
    return Commitment.objects.values_list("officer__username", flat=True).get(pk=commitment.pk)


def test_an_officer_puts_an_officer_in_charge_and_says_why(
    pledge: Commitment, dara: User, binh: User
) -> None:
    put_in_charge(pledge, dara, binh, "Dara takes the border over.")
    assert in_charge(pledge) == "dara"
    last = pledge.edits.first()
    assert (last.history_user, last.history_change_reason) == (None, "Dara takes the border over.")
    put_in_charge(pledge, None, binh)
    assert in_charge(pledge) is None


@pytest.mark.parametrize("role", ["reviewer", "reader", "administrator"])
def test_only_an_officer_puts_in_charge(role: str, pledge: Commitment, dara: User) -> None:
    with pytest.raises(PermissionDenied):
        put_in_charge(pledge, dara, make.user(role))
    assert in_charge(pledge) is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"roles": ["reviewer"]}, "Mai is no officer."),
        ({"roles": ["officer"], "is_active": False}, "The account of Mai is closed. Choose another officer."),
        ({"roles": ["officer"]}, "Mai may not read this commitment. Choose another officer."),
    ],
)
def test_somebody_who_cannot_follow_it_up_is_not_put_in_charge(
    fields: dict[str, Any], message: str, binh: User
) -> None:
    secret = make.commitment(classification=3)
    binh.clearance = 3
    mai = make.user(*fields.pop("roles"), first_name="Mai", clearance=0, **fields)
    with pytest.raises(RequirementsNotMet) as refused:
        put_in_charge(secret, mai, binh)
    assert refused.value.errors == {"officer": [message]}
    assert in_charge(secret) is None


def test_many_are_put_in_charge_in_bulk_row_by_row(pledge: Commitment, dara: User) -> None:
    owner = make.user("officer", clearance=3)
    secret = make.commitment(classification=3)
    job = select(owner=owner, commitments=Commitment.objects.all())
    begin_officer(job=job, officer=dara, note="New year.")
    assert str(job.__class__.objects.get(pk=job.pk)) == "Put Dara in charge"
    assert run_some(job=job.__class__.objects.get(pk=job.pk)) == 2
    assert (in_charge(pledge), in_charge(secret)) == ("dara", None)
    assert [row.detail for row in job.rows.all()] == [
        "",
        "Dara may not read this commitment. Choose another officer.",
    ]
    assert pledge.edits.first().history_change_reason == "New year."


def test_the_bulk_page_puts_in_charge(pledge: Commitment, dara: User, binh: User) -> None:
    browser = client_as(binh)
    job = select(owner=binh, commitments=Commitment.objects.all())
    page = page_of(browser.get(f"/commitments/bulk/{job.pk}/"))
    assert page.links("main")["Officer in charge"] == f"/commitments/bulk/{job.pk}/change/officer/"
    url = f"/commitments/bulk/{job.pk}/change/officer/"
    assert page_of(browser.get(url)).texts("select option")[:3] == ["nobody", "Binh", "Dara"]
    assert browser.post(url, {"officer": pledge.pk + 10_000}).status_code == 400
    answer = browser.post(url, {"officer": dara.pk, "note": "Handed on."}, follow=True)
    assert in_charge(pledge) == "dara"
    assert "Put Dara in charge" in text_of(answer)
    assert client_as("reviewer").get(url).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("officer=me", {"mine"}),
        ("officer=dara", {"theirs"}),
        ("officer=none", {"free"}),
        ("officer=", {"mine", "theirs", "free"}),
    ],
)
def test_the_filter_finds_who_is_in_charge(query: str, found: set[str], dara: User, binh: User) -> None:
    made = {title: make.commitment(title=title) for title in ("mine", "theirs", "free")}
    put_in_charge(made["mine"], binh, binh)
    put_in_charge(made["theirs"], dara, binh)
    browser = client_as(binh)
    in_api = {row["title"] for row in browser.get(f"/api/v1/commitments/?{query}").json()["results"]}
    export: Any = browser.get(f"/commitments/export.csv?columns=title,officer&{query}")
    exported = b"".join(export.streaming_content).decode("utf-8-sig").splitlines()[1:]
    assert in_api == {line.split(",")[1] for line in exported} == found
    page = browser.get(f"/commitments/?{query}&columns=title,officer")
    assert {title for title in made if f">{title}<" in page.content.decode()} == found


def test_nobody_learns_from_the_filter_which_accounts_there_are(dara: User) -> None:
    hidden = make.commitment(classification=3, officer=None)
    Commitment.objects.filter(pk=hidden.pk).update(officer=dara)
    agency = make.agency()
    focal_point = make.user("focal_point", agency=agency)
    shown = make.commitment(agencies=(agency,))
    answers = [
        client_as(focal_point).get(f"/api/v1/commitments/?officer={name}") for name in ("dara", "no-such")
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert "dara" not in text_of(client_as(focal_point).get("/commitments/"))
    Commitment.objects.filter(pk=shown.pk).update(officer=dara)
    assert client_as(focal_point).get("/api/v1/commitments/?officer=dara").json()["count"] == 1


def test_the_filter_offers_officers_and_says_who_in_words(pledge: Commitment, dara: User, binh: User) -> None:
    put_in_charge(pledge, dara, binh)
    page = page_of(client_as(binh).get("/commitments/?officer=dara"))
    assert "Officer in charge: Dara" in page.text
    assert page.texts("select[name=officer] option")[:5] == ["any", "me", "nobody", "Binh", "Dara"]


def test_the_overview_begins_with_what_is_in_my_charge(pledge: Commitment, binh: User) -> None:
    make.commitment(status="fulfilled")
    Commitment.objects.update(officer=binh)
    page = page_of(client_as(binh).get("/"))
    assert page.texts("#you-h ~ .trio h3")[0] == "In your charge"
    assert "/commitments/?state=open&officer=me" in page.links("main").values()


def test_the_page_and_the_api_say_who_is_in_charge(pledge: Commitment, dara: User, binh: User) -> None:
    browser, url = client_as(binh), f"/api/v1/commitments/{pledge.reference}/"
    assert "Nobody in charge" in text_of(browser.get(f"/commitments/{pledge.reference}/"))
    etag = browser.get(url).headers["ETag"]
    answer = browser.patch(
        url, {"officer": "dara", "reason": "x" * 300}, "application/json", headers={"If-Match": etag}
    )
    assert (answer.status_code, answer.json()["officer"]) == (200, "dara")
    assert "Dara" in text_of(browser.get(f"/commitments/{pledge.reference}/"))
    etag = browser.get(url).headers["ETag"]
    assert browser.patch(
        url, {"officer": "nobody-here"}, "application/json", headers={"If-Match": etag}
    ).json()["errors"] == {"officer": ["“nobody-here” was not found."]}
    dara.is_active = False
    dara.save()
    assert "Dara (account closed)" in text_of(browser.get(f"/commitments/{pledge.reference}/"))


def test_a_closed_account_hands_its_commitments_over(dara: User, binh: User) -> None:
    mine, done, secret = (
        make.commitment(),
        make.commitment(status="fulfilled"),
        make.commitment(classification=3),
    )
    Commitment.objects.update(officer=dara)
    administrator = make.user("administrator", clearance=3)
    browser = client_as(administrator)
    url = f"/admin/accounts/user/{dara.pk}/change/"
    data = form_of(browser.get(url), "user_form")
    data.pop("is_active")
    assert "it still has duties" in text_of(browser.post(url, data, follow=True))
    duties = f"/admin/accounts/user/{dara.pk}/duties/"
    assert "In charge of 2 open commitments" in page_of(browser.get(duties)).texts("#content h2")
    answer = browser.post(duties, {"officer": binh.pk}, follow=True)
    assert "Binh is now in charge of 1 more commitment." in text_of(answer)
    assert [in_charge(each) for each in (mine, done, secret)] == ["binh", "dara", "dara"]
    assert mine.edits.first().history_change_reason == "Handed over from Dara."
    assert [each.pk for each in duties_of(dara).in_charge_of] == [secret.pk]
    assert browser.post(duties, {"officer": dara.pk}).status_code == 400


@pytest.mark.parametrize("role", ["officer", "reviewer", "reader"])
def test_only_an_administrator_hands_over_what_is_in_charge(role: str, dara: User, binh: User) -> None:
    pledge = make.commitment(officer=dara)
    with pytest.raises(PermissionDenied):
        hand_over_charge(account=dara, officer=binh, actor=make.user(role))
    assert in_charge(pledge) == "dara"


def test_the_admin_form_puts_in_charge(pledge: Commitment, dara: User, binh: User) -> None:
    browser, url = client_as(binh), f"/admin/commitments/commitment/{pledge.pk}/change/"
    data = form_of(browser.get(url), "commitment_form")
    reader = make.user("reader", first_name="Reader")
    answer = browser.post(url, data | {"officer": [str(reader.pk)]})
    assert "Reader is no officer." in text_of(answer)
    assert browser.post(url, data | {"officer": [str(dara.pk)]}).status_code == 302
    assert in_charge(pledge) == "dara"
