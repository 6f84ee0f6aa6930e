"""The survey on a phone with a bad line: typed without it, kept by the browser, sent when it is back; nobody is overwritten."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from rocb_portal.tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser


def said(page: Page) -> Locator:
    return page.locator("[data-survey-status]")


def area(page: Page) -> Locator:
    found = page.locator("details.area-answer", has_text="Intellectual Property Rights")
    if found.get_attribute("open") is None:
        found.locator("summary").click()
    return found


def test_what_is_typed_without_a_line_arrives_and_nobody_is_overwritten(
    new_page: Callable[..., Page], sign_in: Callable[..., Any]
) -> None:
    page, colleague = new_page(viewport=PHONE), new_page()
    sign_in(page, "administration")
    page.locator(".inbox-row", has_text="Answer the needs survey").get_by_role("link").click()
    page.wait_for_url("**/edit/")
    address = page.url
    area(page).get_by_label("Future need").select_option("high")
    expect(said(page)).to_contain_text("Saved")

    context = page.context
    context.set_offline(True)
    area(page).get_by_label("Expert-weeks").fill("6")
    area(page).get_by_label("Remark").fill("Written on the ferry")
    expect(said(page)).to_contain_text("Kept here, not sent yet: 2")
    page.close()

    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    expect(said(page)).to_contain_text("Saved")
    assert page.evaluate("localStorage.length") == 0

    sign_in(colleague, "administration")
    colleague.goto(address)
    expect(area(colleague).get_by_label("Expert-weeks")).to_have_value("6")
    expect(area(colleague).get_by_label("Remark")).to_have_value("Written on the ferry")
    area(colleague).get_by_label("Remark").fill("By a colleague")
    expect(said(colleague)).to_contain_text("Saved")

    area(page).get_by_label("Remark").fill("Mine")
    word = area(page).locator(".answer-word")
    expect(word).to_contain_text("By a colleague")
    word.get_by_role("button", name="Keep mine").click()
    expect(word).to_have_count(0)
    expect(said(page)).to_contain_text("Saved")
    colleague.reload()
    expect(area(colleague).get_by_label("Remark")).to_have_value("Mine")
