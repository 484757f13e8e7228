"""The admin of accounts: roles, agency, and that nobody can give themselves more rights."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from commitments.services.progress import record_progress
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

LIST = "/admin/accounts/user/"
ADD = f"{LIST}add/"
OWN_PASSWORD = "/accounts/password/change/"
PASSWORD = "a long enough phrase 7"
pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    return client_as("administrator")


def page(user: User) -> str:
    return f"{LIST}{user.pk}/change/"


def save(client: Client, url: str, **typed: Any) -> Any:
    data = form_of(client.get(url), "user_form")
    return client.post(url, data | {k: v if isinstance(v, list) else [str(v)] for k, v in typed.items()})


def roles(user: User) -> set[str]:
    return set(User.objects.get(pk=user.pk).groups.values_list("name", flat=True))


def test_an_account_is_created_with_its_roles(administrator: Client) -> None:
    mofa = make.agency("vn-mofa")
    response = save(
        administrator,
        ADD,
        username="lan",
        first_name="Lan",
        roles=["officer", "focal_point"],
        agency=mofa.pk,
    )
    assert response.status_code == 200
    made = User.objects.get(username="lan")
    assert roles(made) == {"officer", "focal_point"}
    assert (made.agency, made.clearance, made.is_staff, made.is_superuser, made.is_demo) == (
        mofa,
        0,
        False,
        False,
        False,
    )
    assert not made.has_usable_password()
    assert client_as(made).get("/admin/").status_code == 200


def test_roles_can_be_changed_and_other_groups_are_unchanged(administrator: Client) -> None:
    user = make.user("officer")
    user.groups.add(Group.objects.create(name="choir"))
    assert form_of(administrator.get(page(user)), "user_form")["roles"] == ["officer"]
    assert save(administrator, page(user), roles=["reviewer", "reader"]).status_code == 302
    assert roles(user) == {"reviewer", "reader", "choir"}
    assert save(administrator, page(user), roles=[]).status_code == 302
    assert roles(user) == {"choir"}


def test_a_focal_point_needs_an_agency(administrator: Client) -> None:
    response = save(administrator, page(make.user("reader")), roles=["focal_point"], last_name="Pham")
    assert "A focal point needs an agency" in str(response.context["adminform"].form.errors["agency"])
    assert form_of(response, "user_form")["last_name"] == ["Pham"]


def test_a_password_is_never_shown(administrator: Client) -> None:
    user = make.user("reader")
    assert user.password.split("$")[-1] not in administrator.get(page(user)).content.decode()


@pytest.mark.parametrize("form", ["{}/password/", "0{}/password/"])
def test_the_own_password_is_changed_only_with_the_present_one(form: str) -> None:
    me = make.user("administrator")
    client, url = client_as(me), LIST + form.format(me.pk)
    for typed in (
        {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"},
        {"usable_password": "false", "unset-password": "1"},
    ):
        assert client.post(url, typed)["Location"] == client.get(url)["Location"] == OWN_PASSWORD
    me.refresh_from_db()
    assert me.check_password("correct horse battery")


def test_an_administrator_cannot_create_or_change_a_superuser(administrator: Client) -> None:
    plain, root = make.user("reader"), make.user("administrator", is_superuser=True)
    assert "is_superuser" not in administrator.get(page(plain)).content.decode()
    assert save(administrator, page(plain), is_superuser="on").status_code == 302
    plain.refresh_from_db()
    assert not plain.is_superuser
    assert administrator.post(page(root), {"username": "x"}).status_code == 403
    url = f"{LIST}{root.pk}/password/"
    assert administrator.post(url, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 403
    assert administrator.get(f"{LIST}{root.pk}/delete/").status_code == 403

    superuser = client_as(root)
    assert save(superuser, page(plain), is_superuser="on").status_code == 302
    plain.refresh_from_db()
    assert plain.is_superuser


@pytest.mark.parametrize("is_superuser", [False, True])
def test_the_rights_of_an_administrator_need_another_administrator(is_superuser: bool) -> None:
    me = make.user("administrator", is_superuser=is_superuser)
    client = client_as(me)
    page_of_mine = page_of(client.get(page(me)))
    assert "Only another administrator can change the rights of your own account." in page_of_mine.text
    assert not page_of_mine.select("[name=roles], [name=is_active], [name=clearance], [name=is_superuser]")
    rights = {"roles": ["administrator", "reviewer"], "clearance": 3, "is_superuser": "on"}
    data = form_of(client.get(page(me)), "user_form") | {"agency": [make.agency("vn-mofa").pk], **rights}
    assert client.post(page(me), data | {"last_name": ["Lê"]}).status_code == 302
    mine = User.objects.get(pk=me.pk)
    assert (mine.last_name, mine.is_active, mine.is_superuser) == ("Lê", True, is_superuser)
    assert (mine.clearance, mine.agency, roles(me)) == (0, None, {"administrator"})
    assert client.get(f"{LIST}{me.pk}/delete/").status_code == 403

    other = client_as(is_superuser=True)
    assert save(other, page(me), roles=["administrator", "reviewer"]).status_code == 302
    assert roles(me) == {"administrator", "reviewer"}


def test_an_account_that_a_record_names_can_be_closed_but_not_deleted(administrator: Client) -> None:
    reporter, editor, idle = make.user("officer"), make.user("officer"), make.user("reader")
    pledge = make.commitment()
    record_progress(commitment=pledge, actor=reporter, achieved="Half.")
    source = make.source()
    url = f"/admin/relations/source/{source.pk}/change/"
    client = client_as(editor)
    assert client.post(url, form_of(client.get(url), "source_form") | {"title": ["New"]}).status_code == 302

    for user in (reporter, editor):
        assert not page_of(administrator.get(page(user))).select(".deletelink")
        assert administrator.post(f"{LIST}{user.pk}/delete/", {"post": "yes"}).status_code == 403
    assert administrator.post(f"{LIST}{idle.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=idle.pk).exists()

    data = form_of(administrator.get(page(reporter)), "user_form")
    del data["is_active"]
    assert administrator.post(page(reporter), data).status_code == 302
    assert not User.objects.get(pk=reporter.pk).is_active
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("role", ["officer", "reviewer"])
def test_only_administrators_see_accounts(role: str) -> None:
    client, other = client_as(role), make.user("reader")
    for url in (LIST, ADD, page(other), f"{LIST}{other.pk}/password/", f"{LIST}{other.pk}/history/"):
        assert client.get(url).status_code == 403
    assert "/admin/accounts/" not in client.get("/admin/").content.decode()


def test_an_officer_can_search_focal_points_but_no_other_accounts() -> None:
    mofa, moit = make.agency("vn-mofa"), make.agency("vn-moit")
    lan = make.user("focal_point", agency=mofa, first_name="Phạm", last_name="Lan")
    mai = make.user("focal_point", agency=moit, first_name="Mai")
    make.user("officer", first_name="Lan")
    make.user("focal_point", agency=mofa, first_name="Lan", is_active=False)
    url = "/admin/autocomplete/?app_label=commitments&model_name=assignment&field_name=focal_point&term="

    def found(user: User, query: str) -> set[str]:
        answer = client_as(user).get(url + query)
        return {each["id"] for each in answer.json()["results"]} if answer.status_code == 200 else set()

    officer = make.user("officer")
    assert found(officer, "") == {str(lan.pk), str(mai.pk)}
    assert found(officer, "pham lan") == {str(lan.pk)}
    assert found(officer, f"&agency={moit.pk}") == {str(mai.pk)}
    assert found(officer, "&agency=²") == {str(lan.pk), str(mai.pk)}
    assert found(make.user("reviewer"), "") == set()
    everybody = "/admin/autocomplete/?app_label=commitments&model_name=statuschange&field_name=actor&term="
    assert client_as(officer).get(everybody).status_code == 403


def test_search_finds_accounts_without_diacritics(administrator: Client) -> None:
    make.user("officer", first_name="Đỗ", last_name="Hương", username="dh")
    make.user("reader", username="other")
    for words in ("do huong", "Đỗ, (Hương)"):
        rows = administrator.get(LIST, {"q": words}).context["cl"].result_list
        assert [row.username for row in rows] == ["dh"]
    rows = administrator.get(f"{LIST}?role=officer").context["cl"].result_list
    assert [row.username for row in rows] == ["dh"]
    assert "Officer" in text_of(administrator.get(LIST))


def test_the_admin_lists_what_people_edit_and_the_use_of_accounts() -> None:
    root = make.user("officer", "reviewer", "administrator", is_superuser=True)
    shown = client_as(root).get("/admin/").context["app_list"]
    assert {model["object_name"] for app in shown for model in app["models"]} == {
        *("Commitment", "Theme", "Meeting", "Source", "Mechanism", "Agency", "Person", "Country", "User"),
        *("Register", "ApiToken", "AccountSession", "AccountEvent", "BriefingTemplate"),
        *("OutboxMessage", "EscalationRule"),
    }


def with_second_step(*roles: str, **fields: Any) -> User:
    user = make.user(*roles, **fields)
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    return user


def second_step(user: User) -> str:
    return f"{LIST}{user.pk}/second-step/"


def test_an_administrator_can_reset_two_step_sign_in_and_it_is_logged() -> None:
    person, other = with_second_step("officer", username="lan"), with_second_step("reader")
    acting = make.user("administrator")
    client = client_as(acting)
    assert page_of(client.get(page(person))).links(".field-second_step")["Reset"] == second_step(person)
    asked = client.get(second_step(person))
    assert "lan will sign in with the password alone" in text_of(asked)
    assert Authenticator.objects.filter(user=person).count() == 2
    theirs = client_as(person)
    answer = client.post(second_step(person), follow=True)
    assert "Two-step sign-in of lan is reset." in text_of(answer)
    assert theirs.get("/").status_code == 302
    assert answer.redirect_chain == [(page(person), 302)]
    assert not Authenticator.objects.filter(user=person).exists()
    assert Authenticator.objects.filter(user=other).count() == 2
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.get_change_message()) == (
        acting,
        str(person.pk),
        "Reset two-step sign-in",
    )
    assert "Reset two-step sign-in" in text_of(client.get(f"{LIST}{person.pk}/history/"))
    browser = Client()
    browser.post("/accounts/login/", {"login": "lan", "password": "correct horse battery"})
    assert "_auth_user_id" in browser.session


def test_without_two_step_sign_in_nothing_is_changed_or_logged(administrator: Client) -> None:
    person = make.user("officer", username="lan")
    assert second_step(person) not in administrator.get(page(person)).content.decode()
    assert "There is nothing to reset." in text_of(administrator.get(second_step(person)))
    assert "Nothing was changed." in text_of(administrator.post(second_step(person), follow=True))
    assert not LogEntry.objects.exists()
    assert administrator.get(f"{LIST}999999/second-step/").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [("officer", 403), ("reviewer", 403), ("reader", 302), ("focal_point", 302)]
)
def test_only_an_administrator_can_reset_two_step_sign_in(role: str, status: int) -> None:
    person = with_second_step("reader")
    client = client_as(role)
    for answer in (client.get(second_step(person)), client.post(second_step(person))):
        assert answer.status_code == status
    assert Authenticator.objects.filter(user=person).count() == 2
    assert Client().post(second_step(person)).status_code == 302
    assert Authenticator.objects.filter(user=person).count() == 2


def test_an_administrator_cannot_reset_their_own_or_a_superusers_two_step_sign_in() -> None:
    acting, superuser = with_second_step("administrator"), with_second_step(is_superuser=True)
    client = client_as(acting)
    for person in (acting, superuser):
        assert client.get(second_step(person)).status_code == 403
        assert client.post(second_step(person)).status_code == 403
        assert Authenticator.objects.filter(user=person).count() == 2
    assert client_as(is_superuser=True).post(second_step(superuser)).status_code == 302
    assert not Authenticator.objects.filter(user=superuser).exists()


def test_the_reset_of_two_step_sign_in_needs_a_csrf_token() -> None:
    person = with_second_step("reader")
    client = client_as("administrator", client=Client(enforce_csrf_checks=True))
    assert client.post(second_step(person)).status_code == 403
    assert Authenticator.objects.filter(user=person).count() == 2


def test_the_titles_are_the_plural_name_and_the_name_of_the_account(administrator: Client) -> None:
    person = make.user("reader", first_name="Lan", last_name="Nguyễn")
    assert page_of(administrator.get(LIST)).texts("h1") == ["Users"]
    assert page_of(administrator.get(page(person))).texts("h1") == ["Lan Nguyễn"]
