"""Saved views over HTTP: one's own, those that are shared, and the one with which the list opens."""

from typing import Any

import pytest
from django.test import Client

from commitments.models import DefaultView, SavedView
from commitments.services.saved_views import save_view
from tests import factories as make
from tests.api.conftest import JSON, post, queries
from tests.clients import client_as

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/saved-views/"


def patch(client: Client, url: str, body: dict, tag: str = "*") -> Any:
    return client.patch(url, body, content_type=JSON, headers={"If-Match": tag} if tag else {})


def test_a_view_is_kept_changed_and_deleted() -> None:
    person = make.user("officer")
    officer = client_as(person)
    body = {"name": "Late", "query": "?overdue=true&page=2&theme=", "description": "What is late."}
    made = post(officer, ADDRESS, body)
    assert made.status_code == 201
    told = made.json()
    where = f"{ADDRESS}{told['id']}/"
    assert told == {
        "id": told["id"],
        "name": "Late",
        "description": "What is late.",
        "query": "overdue=true",
        "shared_with": "private",
        "role": None,
        "owner": person.username,
        "owner_closed": False,
        "is_default": False,
        "url": f"/commitments/views/{told['id']}/",
    }
    assert (made["Location"], officer.get(where)["ETag"]) == (where, made["ETag"])
    shared = patch(officer, where, {"shared_with": "role", "role": "reviewer"}, made["ETag"])
    assert shared.json() == {**told, "shared_with": "role", "role": "reviewer"}
    assert patch(officer, where, {"name": "x"}, made["ETag"]).status_code == 412
    assert patch(officer, where, {"name": "x"}, "").status_code == 428
    private = patch(officer, where, {"shared_with": "private"}, shared["ETag"])
    assert (private.json()["role"], private["ETag"]) == (None, made["ETag"])
    assert officer.delete(where).status_code == 428
    assert officer.delete(where, headers={"If-Match": shared["ETag"]}).status_code == 412
    assert officer.delete(where, headers={"If-Match": made["ETag"]}).status_code == 204
    assert officer.get(where).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"query": "state=open"}, "name"),
        ({"name": "x", "query": "states=open"}, "query"),
        ({"name": "x", "query": "state=opened"}, "query"),
        ({"name": "x", "query": "columns=nonsense"}, "query"),
        ({"name": "x", "shared_with": "role"}, "role"),
        ({"name": "x", "shared_with": "role", "role": "king"}, "role"),
        ({"name": "x", "shared_with": "all"}, "shared_with"),
        ({"name": "Open"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "x", "owner": "me"}, "owner"),
    ],
)
def test_a_view_that_does_not_fit_is_refused_at_its_field(body: dict, field: str) -> None:
    person = make.user("officer")
    view = save_view(owner=person, name="Open", query="state=open")
    answer = post(client_as(person), ADDRESS, body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    if field not in ("name", "role"):
        changed = patch(client_as(person), f"{ADDRESS}{view.pk}/", body)
        assert (changed.status_code, list(changed.json()["errors"])) == (400, [field])
    assert SavedView.objects.get().query == "state=open"


def test_others_use_what_is_shared_with_them_and_copy_it_but_do_not_change_it() -> None:
    owner = make.user("officer")
    private = save_view(owner=owner, name="Mine", query="")
    shared = save_view(owner=owner, name="Ours", query="state=open", shared_with="role", role="reviewer")
    reviewer, reader = client_as("reviewer"), client_as("reader")
    assert [each["name"] for each in reviewer.get(ADDRESS).json()["results"]] == ["Ours"]
    assert reader.get(ADDRESS).json()["results"] == []
    where = f"{ADDRESS}{shared.pk}/"
    assert patch(reviewer, where, {"name": "x"}).status_code == 403
    assert reviewer.delete(where, headers={"If-Match": "*"}).status_code == 403
    copy = post(reviewer, f"{where}copy/", None)
    assert (copy.status_code, copy.json()["name"], copy.json()["shared_with"]) == (201, "Ours", "private")
    assert post(reviewer, f"{where}copy/", None).json()["name"] == "Ours (2)"
    for client, view in ((reader, shared), (reviewer, private)):
        hidden = f"{ADDRESS}{view.pk}/"
        assert client.get(hidden).status_code == 404
        assert patch(client, hidden, {"name": "x"}).status_code == 404
        assert client.delete(hidden, headers={"If-Match": "*"}).status_code == 404
        assert post(client, f"{hidden}copy/", None).status_code == 404
    assert reader.get(f"{ADDRESS}{'9' * 30}/").status_code == 404
    assert SavedView.objects.get(pk=shared.pk).name == "Ours"


def test_the_list_opens_with_a_view_that_one_may_use() -> None:
    person = make.user("reader")
    reader, where = client_as(person), f"{ADDRESS}default/"
    mine = save_view(owner=person, name="Open", query="state=open")
    hidden = save_view(owner=make.user("officer"), name="Theirs", query="")
    assert reader.get(where).json() == {"view": None}
    chosen = post(reader, where, {"view": mine.pk})
    assert (chosen.status_code, chosen.json()["view"]["is_default"]) == (200, True)
    assert reader.get(where).json() == chosen.json()
    assert reader.get(f"{ADDRESS}{mine.pk}/").json() == chosen.json()["view"]
    for wrong in (hidden.pk, 10**30, 0, "x"):
        answer = post(reader, where, {"view": wrong})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["view"])
    assert post(reader, where, {}).status_code == 400
    assert DefaultView.objects.get().view == mine
    assert post(reader, where, {"view": None}).json() == {"view": None}
    assert not DefaultView.objects.exists()


@pytest.mark.slow
def test_the_list_takes_the_same_queries_for_3_and_for_30_views() -> None:
    person, other = make.user("reader"), make.user("officer")
    for n in range(3):
        save_view(owner=other, name=f"View {n}", query="state=open", shared_with="everyone")
    few = queries(client_as(person), ADDRESS)
    for n in range(3, 30):
        save_view(owner=other, name=f"View {n}", query="state=open", shared_with="everyone")
    assert queries(client_as(person), ADDRESS) == few
    listed = client_as(person).get(f"{ADDRESS}?page=2&page_size=10").json()
    assert (listed["count"], listed["results"][0]["name"]) == (30, "View 10")
