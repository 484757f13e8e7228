"""Closing an account shows its duties, which are handed over; pages, admin and API mark a closed account."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import User
from commitments.models import Assignment, Commitment
from commitments.services.assignments import assign
from commitments.services.errors import RequirementsNotMet
from commitments.services.handover import hand_over
from commitments.services.saved_views import save_view
from commitments.services.transitions import apply_transition
from relations.models import Agency
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def mofa() -> Agency:
    return make.agency("vn-mofa")


@pytest.fixture
def felix(mofa: Agency) -> User:
    return make.user("focal_point", agency=mofa, first_name="Felix")


@pytest.fixture
def mai(mofa: Agency) -> User:
    return make.user("focal_point", agency=mofa, first_name="Mai")


@pytest.fixture
def pledge(felix: User) -> Commitment:
    return assigned(felix)


def assigned(person: User, **fields: Any) -> Commitment:
    made = make.commitment(**fields)
    assign(commitment=made, actor=make.user("officer"), agency=person.agency, focal_point=person)
    return made


def close(person: User, browser: Client) -> Any:
    url = f"/admin/accounts/user/{person.pk}/change/"
    data = form_of(browser.get(url), "user_form")
    data.pop("is_active")
    return browser.post(url, data, follow=True)


def duties(person: User) -> str:
    return f"/admin/accounts/user/{person.pk}/duties/"


def focal_points(commitment: Commitment) -> list[User | None]:
    return [each.focal_point for each in commitment.assignments.all()]


def test_closing_an_account_shows_its_duties_and_hands_them_over(
    felix: User, mai: User, pledge: Commitment
) -> None:
    done, of_mai = assigned(felix, status="fulfilled"), assigned(mai)
    make.user("focal_point", agency=make.agency("vn-moit"), first_name="Other")
    waiting = make.commitment(agencies=(felix.agency,))
    apply_transition(commitment=waiting, name="submit", actor=felix, note="x", outcome="dropped")
    save_view(owner=felix, name="Late ones", query="overdue=true", shared_with="everyone")
    administrator = make.user("administrator")
    browser = client_as(administrator)

    page = page_of(close(felix, browser))
    assert "The account of Felix is closed, but it still has duties." in page.text
    assert page.links(".messagelist")["See them and hand them over"] == duties(felix)
    page = page_of(browser.get(duties(felix)))
    assert page.texts("h1, #content h2") == [
        "Duties of Felix",
        "Focal point of 1 open commitment",
        "Submissions that await a decision",
        "Shared saved views",
    ]
    listed = page.links("#content ul")
    assert set(listed) == {pledge.reference, waiting.reference}
    assert "Late ones" in page.text
    assert page.texts("select option") == ["---------", "Mai (VN-MOFA)"]

    answer = browser.post(duties(felix), {"successor": mai.pk}, follow=True)
    assert "Mai is now the focal point of 1 more commitment." in text_of(answer)
    assert (focal_points(pledge), focal_points(done), focal_points(of_mai)) == ([mai], [felix], [mai])
    last = pledge.assignments.get().history.first()
    assert (last.history_user, last.history_change_reason) == (administrator, "Handed over from Felix.")


def test_two_clicks_on_hand_over_are_one(felix: User, mai: User, pledge: Commitment) -> None:
    browser = client_as("administrator")
    (form,) = (each for each in page_of(browser.get(duties(felix))).tree.forms if "successor" in each.fields)
    typed = {**form.fields, "successor": mai.pk}
    answers = [browser.post(duties(felix), typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    page = text_of(browser.get(duties(felix)))
    assert "Mai is now the focal point of 1 more commitment." in page
    assert "This form was sent twice. It was saved once." in page
    assert "0 more commitments" not in page


def test_an_account_without_duties_is_closed_without_a_word(felix: User) -> None:
    answer = close(felix, client_as("administrator"))
    assert "it still has duties" not in text_of(answer)
    assert not User.objects.get(pk=felix.pk).is_active


def test_a_closed_account_can_be_opened_again(felix: User, pledge: Commitment) -> None:
    browser = client_as("administrator")
    close(felix, browser)
    url = f"/admin/accounts/user/{felix.pk}/change/"
    browser.post(url, form_of(browser.get(url), "user_form") | {"is_active": ["on"]})
    assert (
        client_as(User.objects.get(pk=felix.pk)).get(f"/commitments/{pledge.reference}/").status_code == 200
    )
    assert focal_points(pledge) == [felix]


@pytest.mark.parametrize("role", ["officer", "reviewer", "reader"])
def test_only_an_administrator_hands_over(role: str, felix: User, mai: User, pledge: Commitment) -> None:
    actor = make.user(role)
    with pytest.raises(PermissionDenied):
        hand_over(account=felix, successor=mai, actor=actor)
    assert client_as(actor).post(duties(felix), {"successor": mai.pk}).status_code in (302, 403)
    assert focal_points(pledge) == [felix]


def test_only_an_open_focal_point_takes_over_and_only_for_the_own_agency(
    felix: User, mai: User, pledge: Commitment
) -> None:
    administrator = make.user("administrator")
    elsewhere = make.user("focal_point", agency=make.agency("vn-moit"))
    mai.is_active = False
    mai.save()
    for successor in (mai, make.user("reader", agency=felix.agency)):
        with pytest.raises(RequirementsNotMet):
            hand_over(account=felix, successor=User.objects.get(pk=successor.pk), actor=administrator)
        assert client_as(administrator).post(duties(felix), {"successor": successor.pk}).status_code == 400
    assert hand_over(account=felix, successor=elsewhere, actor=administrator) == 0
    assert focal_points(pledge) == [felix]


MARK = "Felix (account closed)"


@pytest.mark.parametrize("url", ["/commitments/{reference}/", "/agencies/vn-mofa/", "/commitments/views/"])
def test_a_closed_account_is_marked_on_pages(url: str, felix: User, pledge: Commitment) -> None:
    save_view(owner=felix, name="Late ones", query="overdue=true", shared_with="everyone")
    url = url.format(reference=pledge.reference)
    browser = client_as("officer")
    assert "Felix" in text_of(browser.get(url))
    assert MARK not in text_of(browser.get(url))
    felix.is_active = False
    felix.save()
    assert MARK in text_of(browser.get(url))


def test_a_closed_account_is_marked_in_the_admin_and_cannot_be_chosen(
    felix: User, pledge: Commitment
) -> None:
    felix.is_active = False
    felix.save()
    officer = make.user("officer")
    page = page_of(client_as(officer).get(f"/admin/commitments/commitment/{pledge.pk}/change/"))
    assert f"{MARK} (VN-MOFA)" in page.texts("select[name$=focal_point] option[selected]")
    with pytest.raises(RequirementsNotMet) as refused:
        assign(commitment=pledge, actor=officer, agency=felix.agency, focal_point=felix)
    assert refused.value.errors == {
        "focal_point": ["The account of Felix is closed. Choose another focal point."]
    }


def test_a_closed_account_is_marked_in_the_api_and_the_json_export(felix: User, pledge: Commitment) -> None:
    view = save_view(owner=felix, name="Late ones", query="overdue=true", shared_with="everyone")
    browser = client_as("officer")
    assignment = Assignment.objects.get(commitment=pledge).pk
    base = f"/api/v1/commitments/{pledge.reference}/"

    def marks() -> list[Any]:
        export: Any = browser.get("/commitments/export.json")
        exported = json.loads(b"".join(export.streaming_content))["results"][0]["agencies"][0]
        in_api = browser.get(base).json()["agencies"][0]
        alone = browser.get(f"{base}assignments/{assignment}/").json()
        return [each.get("focal_point_closed") for each in (exported, in_api, alone)]

    saved = f"/api/v1/saved-views/{view.pk}/"
    assert (marks(), browser.get(saved).json()["owner_closed"]) == ([None] * 3, False)
    felix.is_active = False
    felix.save()
    assert (marks(), browser.get(saved).json()["owner_closed"]) == ([True] * 3, True)
