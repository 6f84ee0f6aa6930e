"""A nomination, from the administration's draft over the nominee's link and the review to the candidate list."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from candidates.enums import Requirement

pytestmark = pytest.mark.browser

NOMINEE = "ayumi.tsukigata@customs-jp.example"
LINK = re.compile(r"http://\S+/candidates/nominee/\S+")


def main(page: Page) -> Any:
    return page.locator("main")


def press(page: Page, words: str) -> None:
    main(page).get_by_role("button", name=words, exact=True).click()


def test_from_the_draft_to_the_list(
    new_page: Callable[..., Page], sign_in: Callable[..., Any], demo_server: Any
) -> None:
    home, nominee, rocb = new_page(), new_page(), new_page()

    sign_in(home, "administration", number=1)
    home.goto("/candidates/nominations/new/")
    home.locator("#find-q").press_sequentially("nobody by this name")
    expect(home.locator("#people")).to_contain_text("Name the person below")
    home.get_by_label("Given name").fill("Ayumi")
    home.get_by_label("Family name").fill("Tsukigata")
    press(home, "Begin the nomination")
    home.get_by_label("E-mail address of the person").fill(NOMINEE)
    home.get_by_label("Detector dogs (K9)").check()
    first, *others = [str(requirement.label) for requirement in Requirement]
    home.get_by_label(first).press_sequentially("Twelve years with detector dogs.")
    expect(home.locator("[data-autosave-status]")).to_contain_text("Saved")
    home.reload()
    expect(home.get_by_label(first)).to_have_value("Twelve years with detector dogs.")
    press(home, "Save and go on to send")
    expect(main(home)).to_contain_text("It cannot be sent yet")
    main(home).get_by_role("link", name="Change something").click()
    for label in others:
        home.get_by_label(label).fill(f"Shown: {label}.")
    press(home, "Save and go on to send")
    press(home, "Send the nomination to ROCB")
    expect(home.locator(".identity")).to_contain_text("in review")
    address = home.url

    asked = demo_server.wait_for_mail(to=NOMINEE)
    found = LINK.search(asked.get_body(("plain",)).get_content())
    assert found
    nominee.goto(found.group())
    nominee.get_by_label(first).fill("Also head of the unit since 2024.")
    press(nominee, "Consent and send")
    expect(main(nominee)).to_contain_text("Without consent nothing is listed")
    nominee.get_by_label("I have read this and agree").check()
    press(nominee, "Consent and send")
    expect(nominee.locator("h1")).to_contain_text("your answer is recorded")

    sign_in(rocb, "rocb")
    rocb.goto(address)
    main(rocb).get_by_role("link", name="Review it").click()
    expect(main(rocb)).to_contain_text("Also head of the unit since 2024.")
    for label in (first, *others):
        main(rocb).get_by_role("group", name=f"Is “{label}” met?").get_by_label("met", exact=True).check()
    press(rocb, "Give my review")
    main(rocb).get_by_role("link", name="Decide").click()
    expect(main(rocb)).to_contain_text("Every review finds all four requirements met.")
    press(rocb, "Put on the candidate list")
    expect(rocb.locator(".identity")).to_contain_text("on the candidate list")
    rocb.goto("/candidates/?q=tsukigata")
    expect(rocb.locator("#results")).to_contain_text("Tsukigata, Ayumi")
    told = demo_server.wait_for_mail(to=NOMINEE, subject="You are on ROCB's candidate list")
    assert "nothing happens without both" in told.get_body(("plain",)).get_content()
