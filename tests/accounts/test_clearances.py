"""Clearances and desks: security officers give them, to nobody's own account, by whatever door."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AccountEvent, User
from accounts.services.clearances import give_clearance
from commitments.models import Commitment
from commitments.reports.scope import scope_in_words
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of

LIST = "/admin/accounts/user/"
pytestmark = pytest.mark.django_db


def page(user: User) -> str:
    return f"{LIST}{user.pk}/clearance/"


def granted(user: User) -> tuple[int, set[str], set[str]]:
    stored = User.objects.get(pk=user.pk)
    countries = set(stored.desk_countries.values_list("code", flat=True))
    return stored.clearance, countries, set(stored.groups.values_list("name", flat=True))


def test_a_security_officer_gives_a_clearance_and_a_desk() -> None:
    security, officer = make.user("security_officer"), make.user("officer")
    laos, joint = make.country("LA"), make.mechanism()
    client = client_as(security)
    assert "Change" in page_of(client.get(f"{LIST}{officer.pk}/change/")).text
    typed: dict[str, Any] = {"clearance": 2, "desk_countries": [laos.pk], "desk_mechanisms": [joint.pk]}
    assert client.post(page(officer), typed).status_code == 302
    assert granted(officer) == (2, {"LA"}, {"officer"})
    events = AccountEvent.objects.filter(account_number=officer.pk, actor=security)
    assert {name for event in events for name in event.after} == {
        "clearance",
        "desk_countries",
        "desk_mechanisms",
    }
    listed = client.get("/admin/accounts/accountevent/").content.decode()
    assert "countries of the desk" in listed.lower()
    assert client.post(page(officer), {"clearance": 0, "is_security_officer": "on"}).status_code == 302
    assert granted(officer) == (0, set(), {"officer", "security_officer"})


@pytest.mark.parametrize("roles", [("security_officer",), ("security_officer", "administrator")])
def test_nobody_clears_themselves(roles: tuple[str, ...]) -> None:
    me = make.user(*roles)
    client = client_as(me)
    assert client.get(page(me)).status_code == client.post(page(me), {"clearance": 3}).status_code == 403
    with pytest.raises(PermissionDenied):
        give_clearance(actor=me, account=me, clearance=3)
    assert granted(me)[0] == 0


@pytest.mark.parametrize("is_superuser", [False, True])
def test_an_administrator_gives_no_clearance_and_reads_nothing_by_role(is_superuser: bool) -> None:
    administrator, other = make.user("administrator", is_superuser=is_superuser), make.user("reader")
    client = client_as(administrator)
    assert client.post(page(other), {"clearance": 3}).status_code == 403
    url = f"{LIST}{other.pk}/change/"
    data = form_of(client.get(url), "user_form") | {"clearance": ["3"], "desk_countries": ["1"]}
    client.post(url, data)
    assert granted(other)[0] == 0
    pledge = make.commitment(classification=1, actor=make.user("officer", clearance=1))
    assert client.get(f"/commitments/{pledge.reference}/").status_code == 404
    assert not Commitment.objects.visible_to(administrator).exists()


def test_only_the_first_security_officer_is_named_by_an_administrator() -> None:
    client, first, second = client_as("administrator"), make.user("reader"), make.user("reader")
    change = "{}{}/change/"
    url = change.format(LIST, first.pk)
    data = form_of(client.get(url), "user_form") | {"roles": ["reader", "security_officer"]}
    assert client.post(url, data).status_code == 302
    assert granted(first)[2] == {"reader", "security_officer"}

    assert not page_of(client.get(url)).select("[name=roles][value=security_officer]")
    assert client.post(url, form_of(client.get(url), "user_form") | {"roles": ["officer"]}).status_code == 302
    assert granted(first)[2] == {"officer", "security_officer"}
    url = change.format(LIST, second.pk)
    data = form_of(client.get(url), "user_form") | {"roles": ["security_officer"]}
    assert client.post(url, data).status_code == 200
    assert granted(second)[2] == {"reader"}


def test_a_security_officer_changes_nothing_else_of_an_account() -> None:
    client, other = client_as("security_officer"), make.user("reader")
    for part in ("change/", "link/", "second-step/", "duties/", "delete/"):
        assert client.post(f"{LIST}{other.pk}/{part}", {"username": "x"}).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403
    text = page_of(client.get(f"{LIST}{other.pk}/change/")).text
    assert "Reader" in text
    assert "Make a link" not in text


def test_the_home_country_is_on_no_desk() -> None:
    security, other, home = make.user("security_officer"), make.user("reader"), make.country("VN")
    with pytest.raises(ValidationError, match="home country"):
        give_clearance(actor=security, account=other, clearance=0, countries=[home])
    answer = client_as(security).post(page(other), {"clearance": 1, "desk_countries": [home.pk]})
    assert answer.status_code == 400
    assert granted(other) == (0, set(), {"reader"})


def test_an_administrator_does_not_make_room_for_another_security_officer() -> None:
    administrator, security = make.user("administrator"), make.user("security_officer")
    client, url = client_as(administrator), f"{LIST}{security.pk}/change/"
    data = form_of(client.get(url), "user_form")
    data.pop("is_active")
    assert "only security officer" in client.post(url, data).content.decode()
    assert client.post(f"{LIST}{security.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.get(pk=security.pk).is_active
    make.user("security_officer")
    assert client.post(url, data).status_code == 302
    assert not User.objects.get(pk=security.pk).is_active


def test_a_desk_confines_and_never_widens() -> None:
    joint = make.mechanism()
    session = make.meeting(slug="jc", mechanism=joint, session=1)
    ours, theirs = make.commitment(codes=("KH", "VN")), make.commitment(codes=("LA", "VN"))
    source = make.source()
    session.sources.add(source)
    made_there = make.commitment(
        codes=("LA", "VN"), mention=make.FirstMention(session, source.paragraphs.get(number=1))
    )
    hidden = make.commitment(codes=("KH", "VN"), classification=2, actor=make.user("officer", clearance=2))

    def seen(user: User) -> set[Commitment]:
        return set(Commitment.objects.visible_to(User.objects.get(pk=user.pk)))

    user = make.user("reader")
    assert seen(user) == {ours, theirs, made_there}
    user.desk_countries.add(make.country("KH"))
    assert seen(user) == {ours}
    assert "Only commitments of your desk (Cambodia)" in scope_in_words(User.objects.get(pk=user.pk))
    user.desk_mechanisms.add(joint)
    assert seen(user) == {ours, made_there}
    user.desk_countries.clear()
    assert seen(user) == {made_there}
    focal = make.user("focal_point", agency=make.agency("vn-mofa"))
    focal.desk_countries.add(make.country("KH"))
    assert seen(focal) == set()
    assert hidden not in seen(user)


def test_two_desks_never_share_a_stamp_or_a_statement() -> None:
    pledge, client = make.commitment(codes=("KH", "VN")), client_as
    here, elsewhere, everywhere = make.user("reader"), make.user("reader"), make.user("reader")
    here.desk_countries.add(make.country("KH"))
    elsewhere.desk_countries.add(make.country("LA"))
    url = f"/api/v1/commitments/{pledge.reference}/"
    for _again in range(2):
        answers = [client(user).get(url).status_code for user in (everywhere, here, elsewhere)]
        assert answers == [200, 200, 404]
    etag = client(here).get(url)["ETag"]
    here.desk_countries.add(make.country("LA"))
    assert client(here).get(url)["ETag"] != etag


def test_roles_and_desk_are_read_in_one_query(django_assert_num_queries: Any) -> None:
    user = make.user("reader")
    user.desk_countries.add(make.country("KH"))
    with django_assert_num_queries(1):
        assert user.roles
        assert user.desk.is_confined


def test_an_account_made_by_somebody_with_a_desk_has_that_desk() -> None:
    administrator, free = make.user("administrator"), make.user("administrator")
    administrator.desk_countries.add(make.country("LA"))
    administrator.desk_mechanisms.add(make.mechanism())
    for maker, countries, mechanisms in ((administrator, ["LA"], 1), (free, [], 0)):
        client = client_as(maker)
        typed = {"username": f"made-by-{maker.pk}", "roles": ["reader"]}
        answer = client.post(f"{LIST}add/", form_of(client.get(f"{LIST}add/"), "user_form") | typed)
        assert answer.status_code == 200  # with the link for the password
        made = User.objects.get(username=f"made-by-{maker.pk}")
        assert list(made.desk_countries.values_list("code", flat=True)) == countries
        assert made.desk_mechanisms.count() == mechanisms
