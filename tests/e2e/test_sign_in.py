"""Signing in and out in a browser, with the content security policy."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounts.models import User


def test_signs_in_and_out(page: Page):
    User.objects.create_user("lan", password="a lacquer box of tea")
    page.goto("/commitments/?state=open")
    page.get_by_label("Username or email").fill("lan")
    page.get_by_label("Password").fill("a lacquer box of tea")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url("/commitments/?state=open")
    page.goto("/accounts/logout/")
    page.locator("#main form button.btn--first").click()
    expect(page).to_have_url("/accounts/login/")


def test_a_wrong_password_and_a_locked_account_have_different_messages(page: Page):
    User.objects.create_user("lan", password="a lacquer box of tea")
    for _ in range(5):
        page.goto("/accounts/login/")
        page.get_by_label("Username or email").fill("lan")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("not correct")
    page.get_by_label("Username or email").fill("lan")
    page.get_by_label("Password").fill("a lacquer box of tea")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Too many failed attempts")


def test_the_sign_in_page_is_accessible(page: Page, axe: Callable[[Page], None]):
    page.goto("/accounts/login/")
    axe(page)
