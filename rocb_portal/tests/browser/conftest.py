"""A real Chromium, the system's own. A page with a script error or a breach of the security policy fails its test."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
    yield chromium
    chromium.close()


@pytest.fixture
def new_page(browser: Browser, demo_server: Any) -> Iterator[Callable[..., Page]]:
    """`new_page(viewport=PHONE)`: a page with cookies of its own, so that several people can be signed in at once."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def make(*, base_url: str | None = None, viewport: dict[str, int] = DESKTOP, **options: Any) -> Page:
        context = browser.new_context(base_url=base_url or demo_server.url, viewport=viewport, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        page.on("console", lambda said: _note(problems, page, said))
        return page

    yield make
    for context in contexts:
        context.close()
    assert problems == []


def _note(problems: list[str], page: Page, said: Any) -> None:
    # A refusal (403, 404, 409) that a test asks for is an "error" to the console as well, and is not meant here.
    if said.type == "error" and not said.text.startswith("Failed to load resource"):
        problems.append(f"{page.url}: {said.text}")


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def sign_in(demo_server: Any) -> Callable[..., dict[str, str]]:
    """`sign_in(page, "rocb")`: by the form, as one of the demo logins; `number` takes the second of a party."""

    def fill(page: Page, party: str, *, number: int = 0, server: Any = None) -> dict[str, str]:
        login = (server or demo_server).login(party, number=number)
        page.goto("/")
        form = page.locator("form:has(input[name=password])")
        form.locator("input[name=login]").fill(login["email"])
        form.locator("input[name=password]").fill(login["password"])
        form.locator("[type=submit]").click()
        page.wait_for_url(lambda url: "/login" not in url)
        return login

    return fill
