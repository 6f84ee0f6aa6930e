"""Coming in and going out, with and without a script: the sign-in form, one click for demo people, the party one acts as."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.clock import today

pytestmark = pytest.mark.browser

SECOND_PARTY = """
from members.models import Administration, Membership, User
user = User.objects.get(email="{email}")
Membership.objects.create(user=user, party="centre", administration=Administration.objects.get(code="FJ"))
"""


def test_a_wrong_password_lets_nobody_in_and_keeps_the_address(page: Page, demo_server: Any) -> None:
    email = demo_server.login("rocb")["email"]
    page.goto("/missions/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("are not correct")
    expect(page.get_by_label("E-mail address")).to_have_value(email)
    expect(page.get_by_label("Password")).to_have_value("")
    page.goto("/missions/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_signing_in_leads_to_the_page_that_was_asked_for(page: Page, demo_server: Any) -> None:
    login = demo_server.login("rocb")
    page.goto("/reports/")
    page.get_by_label("E-mail address").fill(login["email"])
    page.get_by_label("Password").fill(login["password"])
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{demo_server.url}/reports/")


def test_one_click_signs_a_demo_person_in(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Sign in as Administration of Japan").click()
    expect(page.locator(".acting-label")).to_contain_text("Japan")
    expect(page.get_by_role("heading", level=1)).to_contain_text("you now")


def test_a_slash_goes_to_the_search_and_stays_a_slash_in_a_text(page: Page, sign_in: Callable[..., Any]) -> None:
    sign_in(page, "administration")
    search = page.get_by_label("Search people, missions, administrations")
    page.keyboard.press("/")
    expect(search).to_be_focused()
    expect(search).to_have_value("")
    page.keyboard.type("workshop")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("workshop")

    page.goto("/requests/new/")
    title = page.get_by_label("What should it be called?")
    title.click()
    page.keyboard.type("HS/ROO")
    expect(title).to_have_value("HS/ROO")


def test_a_person_of_two_parties_chooses_for_which_to_act(
    page: Page, demo_server: Any, sign_in: Callable[..., Any]
) -> None:
    demo_server.manage(
        "shell", "--no-imports", "-c", SECOND_PARTY.format(email=demo_server.login("administration")["email"])
    )
    sign_in(page, "administration")
    sections = page.get_by_role("navigation", name="Sections")
    expect(sections.get_by_role("link", name="Requests")).to_be_visible()

    page.get_by_title("You act as").click()
    page.get_by_role("button", name="centre").click()
    expect(page.locator(".acting-label")).to_contain_text("centre")
    expect(sections.get_by_role("link", name="Requests")).to_have_count(0)

    page.get_by_title("You act as").click()
    page.get_by_role("button", name="administration").click()
    expect(sections.get_by_role("link", name="Requests")).to_be_visible()


def test_signing_out_closes_every_page(page: Page, demo_server: Any, sign_in: Callable[..., Any]) -> None:
    login = sign_in(page, "secretariat")
    page.locator("summary", has_text="Mireille Castelmore").click()
    expect(page.locator(".menu-note")).to_contain_text(login["email"])
    page.get_by_role("button", name="Sign out").click()
    page.goto("/missions/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_request_is_filed_without_any_script(
    new_page: Callable[..., Page], sign_in: Callable[..., Any], demo_server: Any
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, "administration")
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Requests").click()
    page.get_by_role("link", name="New request").click()
    main = page.get_by_role("main")
    main.get_by_role("button", name="Save and check your answers").click()
    expect(page.get_by_role("alert")).to_contain_text("In which area? – Please answer this.")

    first = today() + dt.timedelta(days=60)
    for name, words in {
        "title": "Course without a script",
        "objective": "Officers know the law.",
        "audience": "Ten officers.",
        "first_day": first.isoformat(),
        "last_day": (first + dt.timedelta(days=1)).isoformat(),
    }.items():
        page.locator(f"[name={name}]").fill(words)
    page.get_by_label("In which area?").select_option(label="Rules of Origin")
    for question, answer in (
        ("How should it take place?", "remote"),
        ("Does your administration bear cost?", "no"),
        ("Has this need been reported in a needs survey?", "Yes"),
    ):
        page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()
    main.get_by_role("button", name="Save and check your answers").click()
    main.get_by_role("button", name="Send the request to ROCB").click()
    expect(main).to_contain_text("The request has been sent to ROCB.")
    mail = demo_server.wait_for_mail(to=demo_server.login("rocb")["email"], subject="please check a request of Fiji")
    assert "Course without a script" in mail.get_body(("plain",)).get_content()
