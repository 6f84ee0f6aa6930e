"""On to accreditation: a workshop announced, a nominee invited and passed, the field mission with its word, the Secretariat's word."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.clock import today

pytestmark = pytest.mark.browser

NOMINEE = "minori.hayasaka@customs-jp.example"


def main(page: Page) -> Any:
    return page.locator("main")


def press(page: Page, words: str) -> None:
    main(page).get_by_role("button", name=words, exact=True).click()


def follow(page: Page, words: str) -> None:
    main(page).get_by_role("link", name=words).first.click()


def day(days: int) -> str:
    return (today() + dt.timedelta(days=days)).isoformat()


def test_from_the_workshop_to_full_accreditation(
    new_page: Callable[..., Page], sign_in: Callable[..., Any], demo_server: Any
) -> None:
    home, rocb, brussels = new_page(), new_page(), new_page()

    sign_in(rocb, "rocb")
    rocb.goto("/candidates/workshops/new/")
    rocb.get_by_label("Title").fill("Detector dog experts")
    rocb.get_by_label("For accreditation as").select_option(label="Technical and Operational Advisor (TOA)")
    rocb.get_by_label("In which area?").select_option(label="Detector dogs (K9)")
    for label, days in (("First day", 40), ("Last day", 44), ("Until when are people put forward?", 20)):
        rocb.get_by_label(label).fill(day(days))
    press(rocb, "Save")
    address = rocb.url
    follow(rocb, "Announce")
    press(rocb, "Announce it")
    expect(rocb.locator(".identity")).to_contain_text("announced")

    sign_in(home, "administration", number=1)
    home.goto("/")
    home.locator(".inbox li", has_text="Detector dog experts").get_by_role("link").click()
    follow(home, "Put somebody forward")
    home.get_by_label("Given name").fill("Minori")
    home.get_by_label("Family name").fill("Hayasaka")
    home.get_by_label("E-mail address").fill(NOMINEE)
    press(home, "Put forward")
    expect(main(home)).to_contain_text("You have put people forward")

    rocb.goto(address)
    follow(rocb, "Invite")
    rocb.get_by_label("Hayasaka, Minori").check()
    press(rocb, "Invite")
    demo_server.wait_for_mail(to=NOMINEE, subject="You are invited to the accreditation workshop Detector dog experts")

    # It is held earlier than planned.
    follow(rocb, "Change the workshop")
    for label, days in (("First day", -12), ("Last day", -9)):
        rocb.get_by_label(label).fill(day(days))
    rocb.get_by_label("Until when are people put forward?").fill("")
    press(rocb, "Save")
    follow(rocb, "Enter the outcomes")
    rocb.get_by_label("Outcome of Minori Hayasaka").select_option("passed")
    rocb.get_by_label("Remark about Minori Hayasaka").fill("Explains very well.")
    press(rocb, "Enter the outcomes")
    expect(main(rocb)).to_contain_text("passed: first step")
    told = demo_server.wait_for_mail(
        to=NOMINEE, subject="Your outcome in the accreditation workshop Detector dog experts"
    )
    assert "pre-accredited" in told.get_body(("plain",)).get_content()

    rocb.goto("/candidates/path/?q=hayasaka")
    follow(rocb, "Hayasaka, Minori")
    follow(rocb, "Record a field mission")
    for label, days in (("First day", -8), ("Last day", -4)):
        rocb.get_by_label(label).fill(day(days))
    rocb.get_by_label("Place").fill("Suva")
    rocb.get_by_label("Another assessor").fill("A. Assessor, WCO Secretariat")
    rocb.get_by_label("passed", exact=True).check()
    press(rocb, "Save")
    expect(main(rocb)).to_contain_text("The field mission is passed.")

    sign_in(brussels, "secretariat")
    brussels.goto("/")
    brussels.locator(".inbox li", has_text="Minori Hayasaka").get_by_role("link").click()
    press(brussels, "Confirm")
    expect(main(brussels).get_by_role("alert")).to_contain_text("Reference in ACE")
    brussels.get_by_label("Reference in ACE").fill("ACE-DEMO-K9")
    brussels.get_by_label("Accredited on").fill(day(-2))
    brussels.get_by_label("Entered in ACE on").fill(day(-2))
    press(brussels, "Confirm")
    expect(main(brussels)).to_contain_text("Nothing is left: fully accredited since")
    demo_server.wait_for_mail(to=NOMINEE, subject="You are fully accredited in Detector dogs (K9)")
    brussels.goto("/experts/?q=hayasaka")
    expect(brussels.locator("#results")).to_contain_text("Hayasaka, Minori")
