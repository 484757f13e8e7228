"""What was typed survives the end of the session, for the same account only."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from accounts.models import User
from commitments.models import Commitment, ProgressUpdate
from tests import factories as make

TYPED = "Two gates of three.\nThe third waits for money."
BACK = "What you typed is back in the form. Nothing was saved yet."
STORED = "Object.entries(sessionStorage).flat().join(' ')"


@pytest.fixture
def pledge(transactional_db: None) -> Commitment:
    """A commitment and two officers."""
    make.user("officer", username="mai")
    make.user("officer", username="lan")
    return make.commitment(actor=User.objects.get(username="mai"))


def type_progress(page: Page, pledge: Commitment) -> None:
    page.goto(f"/commitments/{pledge.reference}/progress/")
    page.get_by_label("Achieved").fill(TYPED)


def sign_in_as(page: Page, username: str) -> None:
    page.get_by_label("Username or email").fill(username)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()


def test_what_was_typed_comes_back_after_signing_in(
    pledge: Commitment, page: Page, sign_in: Callable[[Page, str], None], axe: Callable[[Page], None]
) -> None:
    sign_in(page, "mai")
    type_progress(page, pledge)
    Session.objects.all().delete()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nothing was saved, because your session has ended.")).to_be_visible()
    expect(page.get_by_text("It comes back when you sign in as the same account.")).to_be_visible()
    axe(page)
    sign_in_as(page, "mai")
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label("Achieved")).to_have_value(TYPED)
    axe(page)
    stored = page.evaluate(STORED)
    assert "horse" not in stored
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The progress update has been saved.")).to_be_visible()
    assert ProgressUpdate.objects.get().achieved == TYPED
    assert "gates" not in page.evaluate(STORED)


def test_another_account_and_signing_out_delete_what_was_typed(
    pledge: Commitment, page: Page, sign_in: Callable[[Page, str], None]
) -> None:
    sign_in(page, "mai")
    type_progress(page, pledge)
    Session.objects.all().delete()
    page.get_by_role("button", name="Save").click()
    assert "gates" in page.evaluate(STORED)
    sign_in_as(page, "lan")
    expect(page.get_by_label("Achieved")).to_have_value("")
    assert "gates" not in page.evaluate(STORED)

    page.get_by_label("Achieved").fill(TYPED)
    page.context.clear_cookies(name="csrftoken")  # as after signing in or out in another tab
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("What you typed is kept in this tab")).to_be_visible()
    page.get_by_role("link", name="Open the form again").click()
    expect(page.get_by_label("Achieved")).to_have_value(TYPED)

    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Go to the overview").click()
    page.locator(".mast__who summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "gates" not in page.evaluate(STORED)
    assert not ProgressUpdate.objects.exists()


def test_an_hour_deletes_what_was_typed(
    pledge: Commitment, page: Page, sign_in: Callable[[Page, str], None]
) -> None:
    page.clock.install()
    sign_in(page, "mai")
    type_progress(page, pledge)
    Session.objects.all().delete()
    page.get_by_role("button", name="Save").click()
    hint = page.get_by_text("It comes back when you sign in as the same account.")
    page.clock.fast_forward("59:00")
    expect(hint).to_be_visible()
    assert "gates" in page.evaluate(STORED)
    page.clock.fast_forward("01:05")
    expect(hint).to_be_hidden()
    assert "gates" not in page.evaluate(STORED)


def test_rows_and_choices_of_the_admin_come_back(
    pledge: Commitment, page: Page, sign_in: Callable[[Page, str], None]
) -> None:
    sign_in(page, "mai")
    page.goto(f"/admin/commitments/commitment/{pledge.pk}/change/")
    page.locator("#evidence-group .add-row a").click()
    page.locator("[name=evidence-0-title]").fill("Photo")
    page.locator("[name=evidence-0-url]").fill("https://1.example/")
    page.locator("[name=nature]").select_option("event")
    Session.objects.all().delete()
    page.locator("[name=_save]").click()
    sign_in_as(page, "mai")
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.locator("[name=evidence-0-title]")).to_have_value("Photo")
    expect(page.locator("[name=nature]")).to_have_value("event")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert pledge.evidence.get().title == "Photo"


def test_added_rows_of_participants_come_back(
    pledge: Commitment, page: Page, sign_in: Callable[[Page, str], None]
) -> None:
    sign_in(page, "mai")
    page.goto("/meetings/record/?meeting=new")
    page.locator("button[name=more]").click()
    page.locator("[name=participants-5-name]").fill("Prak Sokhonn")
    page.locator("[name=document-text]").fill(TYPED)
    page.locator("[name=meeting-level]").select_option("minister")
    Session.objects.all().delete()
    page.locator("form[data-once] .btn--first").click()
    sign_in_as(page, "mai")
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.locator("[name=participants-5-name]")).to_have_value("Prak Sokhonn")
    expect(page.locator("[name=document-text]")).to_have_value(TYPED)
    expect(page.locator("[name=meeting-level]")).to_have_value("minister")
