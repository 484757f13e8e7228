"""A form that meets an ended session is told that nothing was saved, and comes back after sign-in."""

from urllib.parse import quote

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from commitments.models import ProgressUpdate
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of, text_of

pytestmark = pytest.mark.django_db
LOST = "Nothing was saved, because your session has ended. Sign in to continue."


def test_a_form_leads_to_sign_in_and_back_and_says_that_nothing_was_saved() -> None:
    url = f"/commitments/{make.commitment().reference}/progress/"
    answer = Client().post(url, {"achieved": "Half of it."}, follow=True)
    assert answer.redirect_chain == [(f"/accounts/login/?next={url}", 302)]
    assert LOST in text_of(answer)
    assert not ProgressUpdate.objects.exists()
    assert LOST not in text_of(Client().get(url, follow=True))


def test_a_view_that_only_takes_post_leads_back_to_the_page_of_its_form() -> None:
    url = "/commitments/views/columns/"
    assert Client().post(url)["Location"] == f"/accounts/login/?next={url}"
    assert client_as("officer").get(url).status_code == 302


def test_htmx_opens_the_sign_in_page_and_puts_it_into_no_other_page() -> None:
    url, headers = "/commitments/?state=open", {"HX-Request": "true", "HX-Current-URL": "http://testserver/"}
    answer = Client().get(url, headers=headers)
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == f"/accounts/login/?next={quote(url)}"
    assert answer.content == b""


def test_a_script_that_sends_the_form_again_as_a_page_is_told_once() -> None:
    client, url = Client(), f"/commitments/{make.commitment().reference}/progress/"
    client.post(url, headers={"HX-Request": "true"})
    assert [str(each) for each in get_messages(client.post(url).wsgi_request)] == [LOST]


def test_a_form_that_has_expired_says_that_nothing_was_saved_and_opens_again() -> None:
    officer = make.user("officer")
    client = client_as(officer, client=Client(enforce_csrf_checks=True))
    url = f"/commitments/{make.commitment().reference}/progress/?x=1&y=2"
    answer = client.post(url, {"achieved": "Half of it."})
    assert answer.status_code == 403
    assert "Nothing was saved." in text_of(answer)
    assert page_of(answer).links("main")["Open the form again"] == url
    assert not ProgressUpdate.objects.exists()


def test_a_large_form_without_an_account_names_the_ended_session() -> None:
    answer = Client().post("/meetings/record/?meeting=new", {"document-text": "x" * 70_000})
    assert answer.status_code == 413
    links = page_of(answer).links("main")
    assert links["Sign in"] == f"/accounts/login/?next={quote('/meetings/record/?meeting=new')}"
