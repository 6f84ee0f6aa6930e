"""A search in the directory, as it is typed, with and without script; kept under a name, opened again on a phone."""

import re

import pytest
from playwright.sync_api import expect

from rocb_portal.tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser


def found(page):
    """How many people the page says that it found."""
    return int(re.match(r"(\d+)", page.locator("#results [role=status] strong").inner_text()).group(1))


def test_a_search_is_typed_narrowed_ordered_kept_and_opened_again(page, new_page, sign_in):
    sign_in(page, "rocb")
    page.goto("/experts/")
    everybody = found(page)

    # The results follow while one types, by any of the words of an area; the address can be passed on.
    page.get_by_label("Name, area, language or administration").press_sequentially("trusted trader", delay=20)
    expect(page.locator("#filter-chips")).to_contain_text("trusted trader")
    page.wait_for_url(re.compile(r"q=trusted(\+|%20)trader"))
    traders = found(page)
    assert 0 < traders < everybody

    # Filters combine, and each can be taken away by its chip.
    page.get_by_label("Step").select_option(label="fully accredited")
    expect(page.locator("#filter-chips")).to_contain_text("fully accredited")
    page.get_by_label("Days of the cap left, at least").fill("14")
    page.get_by_label("Days of the cap left, at least").press("Tab")
    expect(page.locator("#filter-chips")).to_contain_text("Days of the cap left, at least: 14")
    few = found(page)
    assert 0 < few < traders
    names = page.locator("#results tbody th").all_inner_texts()

    # In the order of a column, and with the columns that one wants.
    page.get_by_role("link", name="Last mission").click()
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("E-mail address").check()
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("columnheader", name="E-mail address")).to_be_visible()
    assert sorted(page.locator("#results tbody th").all_inner_texts()) == sorted(names)

    # Kept under a name.
    page.get_by_role("link", name="Save this search").click()
    page.get_by_label("Name").fill("Traders with two weeks")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Traders with two weeks")).to_have_attribute("aria-current", "true")
    address = page.url

    # The same person finds it on a phone, with the same people; somebody else has the address but not the name.
    phone = new_page(viewport=PHONE)
    sign_in(phone, "rocb")
    phone.goto("/experts/")
    phone.get_by_role("link", name="Traders with two weeks").click()
    assert found(phone) == few
    other = new_page()
    sign_in(other, "secretariat")
    other.goto(address)
    assert found(other) == few
    expect(other.get_by_role("link", name="Traders with two weeks")).to_have_count(0)


def test_nothing_found_says_what_to_leave_out(page, sign_in):
    sign_in(page, "administration", number=1)
    page.goto("/experts/?q=japan&language=Korean")
    expect(page.get_by_text("Nobody fits")).to_be_visible()
    page.get_by_role("link", name="without “Language”").click()
    assert found(page) > 0
    assert "language=" not in page.url


def test_the_search_works_without_script(new_page, sign_in):
    page = new_page(java_script_enabled=False)
    sign_in(page, "rocb")
    page.goto("/experts/")
    page.get_by_label("Name, area, language or administration").fill("valuation")
    page.get_by_label("Harmonized System").check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#filter-chips")).to_contain_text("Areas: Harmonized System")
    expect(page.locator("#filter-chips")).to_contain_text("valuation")
