"""A real Chromium on the live server, for tests marked `browser` and all others in this folder."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.clients import client_as

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "page" in getattr(item, "fixturenames", ()) or "new_page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; without one, skip, or fail where the run requires it."""
    if CHROMIUM is None:
        message = "no Chromium on the path: browser tests cannot run"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    # Playwright's sync API keeps an event loop running in this thread, which Django takes for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Opens pages, each in a browser of its own; a script error or a breach of the policy fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []
    cache.clear()

    def note_breach(page: Page, text: str) -> None:
        if "Content Security Policy" in text:
            faults.append(f"policy breached on {page.url}: {text}")

    def open_page(**options: object) -> Page:
        context = browser.new_context(base_url=live_server.url, locale="en-GB", **options)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        # The first page of a run compiles all templates; a busy machine takes long over it.
        context.set_default_navigation_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script error on {page.url}: {error}"))
        page.on("console", lambda message: note_breach(page, message.text))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page at 1440 × 900."""
    return new_page(viewport={"width": 1440, "height": 900})


@pytest.fixture
def sign_in(live_server: LiveServer) -> Callable[[Page, str], None]:
    """Gives a browser the session of a person; the form itself is tried out in test_sign_in.py."""

    def sign_in(page: Page, username: str) -> None:
        cookie = client_as(User.objects.get(username=username)).cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return sign_in


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fails when axe finds anything wrong with a page for people who use assistive technology."""

    def check(page: Page) -> None:
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()

    return check
