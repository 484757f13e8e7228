"""Signing in and out in a real browser, under the strict policy."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounts.models import User


def test_signs_in_and_out(page: Page):
    User.objects.create_user("lan", password="a lacquer box of tea")
    page.goto("/commitments/?state=open")
    page.get_by_label("Login").fill("lan")
    page.get_by_label("Password").fill("a lacquer box of tea")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url("/commitments/?state=open")
    page.goto("/accounts/logout/")
    page.locator("main form button").click()
    expect(page).to_have_url("/accounts/login/")


def test_a_wrong_password_is_told_apart_from_a_locked_account(page: Page):
    User.objects.create_user("lan", password="a lacquer box of tea")
    for _ in range(5):
        page.goto("/accounts/login/")
        page.get_by_label("Login").fill("lan")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("not correct")
    page.get_by_label("Login").fill("lan")
    page.get_by_label("Password").fill("a lacquer box of tea")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Too many failed login attempts")


def test_the_door_is_open_to_everyone(page: Page, axe: Callable[[Page], None]):
    page.goto("/accounts/login/")
    axe(page)
