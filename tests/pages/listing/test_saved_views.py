"""Saved views: what they store, who can use and change them, and filters that no longer work."""

import pytest
from django.test import Client

from accounts.models import User
from commitments.models import SavedView, Theme
from commitments.services.saved_views import choose_default, save_view
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make.user("officer", first_name="Olive", last_name="Officer")


@pytest.fixture
def client(owner: User) -> Client:
    return client_as(owner)


def shared(owner: User, name: str, **fields: str) -> SavedView:
    return save_view(owner=owner, name=name, **{"query": "state=open", **fields})


def names(user: User) -> list[str]:
    return [each.view.name for each in client_as(user).get("/commitments/").context["saved_views"]]


def test_a_view_stores_filters_columns_and_order_but_not_the_page(client: Client) -> None:
    make.commitment()
    query = "?state=open&columns=title&columns=status&ordering=-title&page_size=20&page=1&q="
    form = client.get(f"/commitments/views/new/{query}").context["form"]
    stored = "state=open&columns=title,status&ordering=-title&page_size=20"
    assert form.initial["query"] == stored
    body = {"name": "Mine", "description": "For Monday", "shared_with": "private", "query": stored}
    answer = client.post("/commitments/views/new/", body)
    view = SavedView.objects.get()
    assert (view.name, view.description, view.query) == ("Mine", "For Monday", stored)
    assert client.get(answer["Location"])["Location"] == f"/commitments/?{stored}"
    assert client.get(f"/commitments/?{stored}").context["saved_views"][0].is_current
    assert not client.get("/commitments/").context["saved_views"][0].is_current


def test_a_query_that_the_list_refuses_is_not_saved(client: Client) -> None:
    body = {"name": "Mine", "shared_with": "private", "query": "stat=open&columns=colour"}
    answer = client.post("/commitments/views/new/", body)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "There is no parameter “stat”." in page
    assert "There is no column “colour”." in page
    assert not SavedView.objects.exists()


def test_a_name_is_used_once_and_can_be_replaced(client: Client, owner: User) -> None:
    shared(owner, "Mine")
    body = {"name": "Mine", "shared_with": "private", "query": "overdue=true"}
    answer = client.post("/commitments/views/new/", body)
    assert answer.status_code == 400
    assert "You already have a view with this name." in answer.content.decode()
    assert client.post("/commitments/views/new/", {**body, "replace": "on"}).status_code == 302
    assert SavedView.objects.get().query == "overdue=true"


def test_sharing_with_a_role_requires_a_role(client: Client) -> None:
    body = {"name": "Mine", "shared_with": "role", "query": "state=open"}
    assert "Choose a role." in client.post("/commitments/views/new/", body).content.decode()
    assert client.post("/commitments/views/new/", {**body, "role": "reviewer"}).status_code == 302


def test_the_role_belongs_to_one_way_of_sharing_and_is_not_called_optional(client: Client) -> None:
    page = page_of(client.get("/commitments/views/new/"))
    assert page.select("[data-with='shared_with=role']")
    assert page.one("label[for=id_role]").text == "Role"
    assert "Choose a role" in page.one("#id_role").text
    assert page.one("label[for=id_description] .field__optional").text


def test_each_sees_own_views_those_of_the_role_and_those_for_everyone(owner: User) -> None:
    shared(owner, "Private")
    shared(owner, "Reviewers", shared_with="role", role="reviewer")
    shared(owner, "All", shared_with="everyone")
    assert names(owner) == ["All", "Private", "Reviewers"]
    assert names(make.user("reviewer")) == ["All", "Reviewers"]
    assert names(make.user("reader")) == ["All"]
    assert names(make.user("focal_point", "reviewer")) == ["All", "Reviewers"]


def test_sharing_gives_nobody_access_to_more_commitments(owner: User) -> None:
    pledge = make.commitment()
    view = shared(owner, "All", shared_with="everyone")
    stranger = client_as("focal_point", agency=make.agency("x-other"))
    page = stranger.get(f"/commitments/views/{view.pk}/", follow=True).content.decode()
    assert pledge.reference not in page
    assert "0 recorded" in page


def test_others_copy_and_only_the_owner_edits_and_deletes(client: Client, owner: User) -> None:
    view = shared(owner, "Open", shared_with="everyone", description="What is open")
    other = make.user("reviewer")
    at, theirs = f"/commitments/views/{view.pk}/", client_as(other)
    body = {"name": "Taken", "shared_with": "private", "query": ""}
    assert theirs.post(f"{at}edit/", body).status_code == 403
    assert theirs.post(f"{at}delete/").status_code == 403
    assert theirs.post(f"{at}copy/").status_code == 302
    assert theirs.post(f"{at}copy/").status_code == 302
    copies = SavedView.objects.filter(owner=other).order_by("name")
    assert [(each.name, each.query, each.shared_with) for each in copies] == [
        ("Open", "state=open", "private"),
        ("Open (2)", "state=open", "private"),
    ]
    edited = {"name": "Late", "shared_with": "private", "query": "?overdue=true&page=3"}
    assert client.post(f"{at}edit/", edited).status_code == 302
    view.refresh_from_db()
    assert (view.name, view.query, view.description) == ("Late", "overdue=true", "")
    assert theirs.get(at).status_code == 404
    assert client.post(f"{at}delete/").status_code == 302
    assert not SavedView.objects.filter(owner=owner).exists()


def test_deleting_asks_again_and_says_whether_others_lose_the_view(client: Client, owner: User) -> None:
    shared(owner, "Open", shared_with="everyone")
    page = page_of(client.get("/commitments/views/"))
    assert page.one("details.confirm summary").text == "Delete"
    assert page.one("details.confirm summary")["aria-label"] == "Delete the view “Open”"
    assert "You cannot undo this, and other people lose the view too." in page.text
    SavedView.objects.update(shared_with="private")
    page = page_of(client.get("/commitments/views/"))
    assert "You cannot undo this." in page.text
    assert "other people" not in page.text


def test_a_khmer_name_is_marked_as_khmer(client: Client, owner: User) -> None:
    shared(owner, "ការសន្យា", shared_with="everyone", description="សម្រាប់ប្រជុំ")
    page = page_of(client.get("/commitments/views/"))
    assert page.texts("a[lang=km]") == ["ការសន្យា"]
    assert "សម្រាប់ប្រជុំ" in page.texts("span[lang=km]")
    assert "ការសន្យា" in page_of(client.get("/commitments/")).texts("span[lang=km]")


def test_a_view_with_filters_that_no_longer_work_says_why_and_offers_the_rest(
    client: Client, owner: User
) -> None:
    make.theme("border")
    view = shared(owner, "Border", query="state=open&theme=border&columns=title,status")
    Theme.objects.all().delete()
    answer = client.get(f"/commitments/views/{view.pk}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "“border” was not found." in page
    assert 'href="/commitments/?state=open&amp;columns=title,status"' in page
    assert f'href="/commitments/views/{view.pk}/edit/"' in page
    assert client.get(f"/commitments/views/{view.pk}/edit/").status_code == 200


def test_the_list_opens_with_the_default_and_can_still_show_all(client: Client, owner: User) -> None:
    assert client.get("/commitments/views/default/")["Location"] == "/commitments/"
    view = shared(owner, "Open")
    client.post("/commitments/views/default/", {"view": view.pk})
    opened = client.get("/commitments/views/default/", follow=True)
    assert opened.redirect_chain[-1] == ("/commitments/?state=open", 302)
    assert 'href="/commitments/views/default/"' in opened.content.decode()
    assert 'href="/commitments/"' in opened.content.decode()
    assert client.get("/commitments/").status_code == 200
    assert client.get("/api/v1/commitments/").json()["count"] == 0
    client.post("/commitments/views/default/")
    assert client.get("/commitments/views/default/")["Location"] == "/commitments/"


def test_a_default_view_that_is_no_longer_shared_is_ignored(owner: User) -> None:
    view, reader = shared(owner, "Open", shared_with="everyone"), make.user("reader")
    choose_default(user=reader, view=view)
    assert (
        client_as(reader).get("/commitments/views/default/")["Location"] == f"/commitments/views/{view.pk}/"
    )
    SavedView.objects.update(shared_with="private")
    assert client_as(reader).get("/commitments/views/default/")["Location"] == "/commitments/"
    assert client_as(reader).post("/commitments/views/default/", {"view": view.pk}).status_code == 404


def test_a_view_may_be_made_the_default_as_it_is_saved(client: Client) -> None:
    body = {"name": "Mine", "shared_with": "private", "query": "state=open", "default": "on"}
    client.post("/commitments/views/new/", body)
    assert (
        client.get("/commitments/views/default/", follow=True).redirect_chain[-1][0]
        == "/commitments/?state=open"
    )
    assert "default view" in client.get("/commitments/views/").content.decode()


def in_force(client: Client, query: str, referer: str = "") -> tuple[str, bool] | None:
    """The name of the view in force, and whether it was changed."""
    headers = {"Referer": f"http://testserver{referer}"} if referer else {}
    found = client.get(f"/commitments/?{query}", headers=headers).context["view_in_force"]
    return (found.view.name, found.is_changed) if found else None


def test_the_list_names_the_view_in_force_and_says_when_it_was_changed(client: Client, owner: User) -> None:
    view = shared(owner, "Border", query="state=open&mentions_min=2")
    listed = "/commitments/?state=open&mentions_min=2"
    assert in_force(client, "overdue=true&quiet_for=9", listed) is None
    client.get(f"/commitments/views/{view.pk}/")
    assert in_force(client, "mentions_min=2&state=open&page=1") == ("Border", False)
    assert in_force(client, "mentions_min=3&state=open", listed) == ("Border", True)
    assert in_force(client, "mentions_min=2&state=open&ordering=title", listed) == ("Border", True)
    page = page_of(
        client.get("/commitments/?mentions_min=3", headers={"Referer": f"http://testserver{listed}"})
    )
    assert page.one(".tabs__saved summary").text == "Border changed"
    assert page.texts(".view-actions button") == ["Update “Border”", "Save"]


def test_a_view_is_no_longer_in_force_in_a_ready_made_view_or_by_a_link_from_elsewhere(
    client: Client, owner: User
) -> None:
    view = shared(owner, "Border", query="state=open&mentions_min=2")
    client.get(f"/commitments/views/{view.pk}/")
    assert in_force(client, "state=open", "/commitments/?state=open&mentions_min=2") is None
    assert in_force(client, "", "/commitments/") is None
    assert in_force(client, "mentions_min=3", "/agencies/") is None
    assert in_force(client, "mentions_min=3") is None


def test_update_stores_the_query_and_keeps_the_rest(client: Client, owner: User) -> None:
    view = shared(owner, "Border", description="For Monday", shared_with="everyone")
    body = {"query": "state=closed&columns=title&page=3"}
    answer = client.post(f"/commitments/views/{view.pk}/update/", body)
    assert answer["Location"] == "/commitments/?state=closed&columns=title"
    view.refresh_from_db()
    assert (view.name, view.description, view.shared_with) == ("Border", "For Monday", "everyone")
    assert view.query == "state=closed&columns=title"
    assert in_force(client, "state=closed&columns=title") == ("Border", False)


def test_update_refuses_what_the_list_would_refuse_and_the_views_of_others(
    client: Client, owner: User
) -> None:
    view = shared(owner, "Border", shared_with="everyone")
    answer = client.post(f"/commitments/views/{view.pk}/update/", {"query": "stat=open"}, follow=True)
    assert answer.status_code == 400
    page = page_of(answer).text
    assert "Nothing was changed." in page
    assert "There is no parameter “stat”." in page
    assert client_as("reader").post(f"/commitments/views/{view.pk}/update/", {"query": ""}).status_code == 403
    view.refresh_from_db()
    assert view.query == "state=open"
    other = client_as("reader")
    other.get(f"/commitments/views/{view.pk}/")
    listed = {"Referer": "http://testserver/commitments/?state=open"}
    page = page_of(other.get("/commitments/?state=open&quiet_for=9", headers=listed))
    assert page.one(".tabs__saved summary").text == "Border changed"
    assert page.texts(".view-actions button") == ["Save"]


def test_the_menu_saves_and_shares_the_list_under_a_name(client: Client, owner: User) -> None:
    make.commitment()
    form = page_of(client.get("/commitments/?state=open&ordering=title")).one(".view-actions")
    assert form.one("[name=query]")["value"] == "state=open&ordering=title"
    body = {"name": "Open by title", "shared_with": "everyone", "query": form.one("[name=query]")["value"]}
    answer = client.post(form["action"], body, follow=True)
    assert answer.redirect_chain[-1][0] == "/commitments/?state=open&ordering=title"
    assert names(make.user("reader")) == ["Open by title"]
    again = client.post(form["action"], body)
    assert again.status_code == 400
    assert "You already have a view with this name." in again.content.decode()
