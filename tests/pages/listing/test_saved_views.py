"""Saved views: what is kept, who may use and change it, and what happens when it fits no longer."""

import pytest
from django.test import Client

from accounts.models import User
from commitments.models import SavedView, Theme
from commitments.services.saved_views import choose_default, save_view
from tests import factories as make
from tests.clients import client_as

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
    return [each.view.name for each in client_as(user).get("/commitments/").context["kept"]]


def test_filters_columns_and_order_are_kept_and_the_page_is_not(client: Client) -> None:
    make.commitment()
    asked = "?state=open&columns=title&columns=status&ordering=-title&page_size=20&page=1&q="
    form = client.get(f"/commitments/views/new/{asked}").context["form"]
    kept = "state=open&columns=title,status&ordering=-title&page_size=20"
    assert form.initial["query"] == kept
    body = {"name": "Mine", "description": "For Monday", "shared_with": "private", "query": kept}
    answer = client.post("/commitments/views/new/", body)
    view = SavedView.objects.get()
    assert (view.name, view.description, view.query) == ("Mine", "For Monday", kept)
    assert client.get(answer["Location"])["Location"] == f"/commitments/?{kept}"
    assert client.get(f"/commitments/?{kept}").context["kept"][0].is_current
    assert not client.get("/commitments/").context["kept"][0].is_current


def test_a_query_the_list_refuses_is_not_kept(client: Client) -> None:
    body = {"name": "Mine", "shared_with": "private", "query": "stat=open&columns=colour"}
    answer = client.post("/commitments/views/new/", body)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "There is no parameter “stat”." in page
    assert "There is no column “colour”." in page
    assert not SavedView.objects.exists()


def test_a_name_stands_once_and_is_replaced_when_asked(client: Client, owner: User) -> None:
    shared(owner, "Mine")
    body = {"name": "Mine", "shared_with": "private", "query": "overdue=true"}
    answer = client.post("/commitments/views/new/", body)
    assert answer.status_code == 400
    assert "You keep a view of that name already." in answer.content.decode()
    assert client.post("/commitments/views/new/", {**body, "replace": "on"}).status_code == 302
    assert SavedView.objects.get().query == "overdue=true"


def test_a_share_with_a_role_names_the_role(client: Client) -> None:
    body = {"name": "Mine", "shared_with": "role", "query": "state=open"}
    assert "Say with which role." in client.post("/commitments/views/new/", body).content.decode()
    assert client.post("/commitments/views/new/", {**body, "role": "reviewer"}).status_code == 302


def test_the_role_goes_with_one_way_of_sharing_and_is_not_called_optional(client: Client) -> None:
    page = client.get("/commitments/views/new/").content.decode()
    assert 'data-with="shared_with=role"' in page
    assert '<label for="id_role">Role</label>' in page
    assert "choose a role" in page
    assert '<label for="id_description">Description <span class="field__optional">' in page


def test_each_sees_own_views_those_of_the_role_and_those_for_everyone(owner: User) -> None:
    shared(owner, "Private")
    shared(owner, "Reviewers", shared_with="role", role="reviewer")
    shared(owner, "All", shared_with="everyone")
    assert names(owner) == ["All", "Private", "Reviewers"]
    assert names(make.user("reviewer")) == ["All", "Reviewers"]
    assert names(make.user("reader")) == ["All"]
    assert names(make.user("focal_point", "reviewer")) == ["All", "Reviewers"]


def test_a_share_shows_nobody_a_commitment_that_was_not_theirs(owner: User) -> None:
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


def test_deleting_is_asked_again_and_says_whether_others_lose_it_too(client: Client, owner: User) -> None:
    shared(owner, "Open", shared_with="everyone")
    page = client.get("/commitments/views/").content.decode()
    assert '<details class="confirm"><summary class="btn">Delete' in page
    assert "It cannot be brought back, and others lose it too." in page
    SavedView.objects.update(shared_with="private")
    page = client.get("/commitments/views/").content.decode()
    assert "It cannot be brought back." in page
    assert "others lose it" not in page


def test_a_khmer_name_is_named_as_khmer(client: Client, owner: User) -> None:
    shared(owner, "ការសន្យា", shared_with="everyone", description="សម្រាប់ប្រជុំ")
    page = client.get("/commitments/views/").content.decode()
    assert ' lang="km">ការសន្យា</a>' in page
    assert ' lang="km">សម្រាប់ប្រជុំ</span>' in page
    assert '<span lang="km">ការសន្យា</span>' in client.get("/commitments/").content.decode()


def test_a_view_that_fits_no_longer_says_why_and_offers_the_rest(client: Client, owner: User) -> None:
    make.theme("border")
    view = shared(owner, "Border", query="state=open&theme=border&columns=title,status")
    Theme.objects.all().delete()
    answer = client.get(f"/commitments/views/{view.pk}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "“border” is not known here." in page
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


def test_a_default_that_is_shared_no_longer_is_none(owner: User) -> None:
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
    assert "your list opens with it" in client.get("/commitments/views/").content.decode()
