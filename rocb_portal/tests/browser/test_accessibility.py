"""Every page of the matrix of rights is looked at as somebody who may see it: no rule of axe is broken, nothing runs off a phone."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Error, Page, expect

from rocb_portal.tests.browser.conftest import DESKTOP, PHONE
from rocb_portal.tests.matrix import MATRIX

pytestmark = pytest.mark.browser

# Who looks: the demo logins by the words of the matrix, in the order in which they are asked.
PEOPLE = {
    "rocb": ("rocb", 0),
    "secretariat": ("secretariat", 0),
    "beneficiary": ("administration", 0),
    "home": ("administration", 1),
    "centre": ("centre", 0),
    "asked": ("expert", 0),
    "expert": ("expert", 1),
    "leader": ("expert", 2),
}
# What the matrix has nobody or another thing for.
BESIDES = """
rocb_portal:search?q=customs |        | rocb
gap_analysis:whatif?area=INT&workshop=INT:3&aim=INT&aim=DM | | rocb
missions:letter-for    | letter_to_write | rocb
missions:preparation   | prepared        | rocb
missions:report        | submitted       | rocb
missions:answer        | sent_invitation | home
missions:letter        | sent            | home
missions:report        | due             | leader
missions:report-edit   | due             | leader
"""
# Downloads and what takes a POST only have no page.
NO_PAGES = {
    "gap_analysis:surveys-export", "gap_analysis:board-export", "gap_analysis:answers-export",
    "gap_analysis:questions-export", "gap_analysis:sums-export", "gap_analysis:survey-summarise",
    "gap_analysis:proposals-export", "gap_analysis:proposal-autosave", "gap_analysis:proposal-document",
    "gap_analysis:question-move", "gap_analysis:response-field", "gap_analysis:answer-request",
    "candidates:calls-export", "candidates:answers-export", "centres:centres-export", "centres:coverage-export",
    "centres:resources-export", "centres:resource", "centres:trainings-export", "experts:cv",
    "experts:corrections-export", "experts:quality-export", "experts:duplicates-export", "experts:pool-export",
    "experts:experts-export", "candidates:listings-export", "missions:request-letter", "missions:letter-document",
    "missions:material", "missions:report-document", "missions:report-autosave", "core:attachment", "members:act-as",
    "members:absence-remove", "members:invite-again", "core:import-rows", "core:import-progress", "core:import-decide",
    "core:import-again", "core:import-file", "candidates:nominations-export", "candidates:nomination-autosave",
    "candidates:attachment", "candidates:nomination-letter", "candidates:workshops-export",
    "candidates:nominees-export", "candidates:path-export", "candidates:attachment-remove",
    "missions:preparation-autosave", "missions:request-autosave", "missions:request-new-autosave",
    "gap_analysis:whatif-export", "gap_analysis:scenarios-export", "gap_analysis:scenario-export",
    "gap_analysis:dashboard-export", "gap_analysis:chart-export", "gap_analysis:demand-export",
    "gap_analysis:snapshots-export", "gap_analysis:free-export", "gap_analysis:compare-export", "gap_analysis:snapshot-report",
    "gap_analysis:snapshot-wait", "support:opportunities-export", "support:opportunity-autosave",
    "support:notices-export",
}  # fmt: skip
PUBLIC = (
    "account_login", "account_signup", "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key_done",
)  # fmt: skip
SAMPLES = "from rocb_portal.tests.browser.samples import show; show()"


@pytest.fixture(scope="module")
def samples(demo_server: Any) -> dict[str, Any]:
    return json.loads(demo_server.manage("shell", "--no-imports", "-c", SAMPLES))


def seen_by() -> dict[str, list[tuple[str, list[str]]]]:
    """For every person the routes and objects of the lines where that person is the first who may."""
    found: dict[str, list[tuple[str, list[str]]]] = {who: [("rocb_portal:home", [])] for who in PEOPLE}
    for line in [*MATRIX.strip().splitlines(), *BESIDES.strip().splitlines()]:
        route, things, may = [cell.strip() for cell in line.split("|")][:3]
        who = next((who for who in PEOPLE if who in may.split()), None)
        if who and route.split()[0] not in NO_PAGES:
            found[who].append((route, things.split()))
    return found


SEEN_BY = seen_by()


def address(route: str, things: list[str], samples: dict[str, Any]) -> str:
    name, _, query = route.partition("?")
    name, *words = name.split()
    return reverse(name, args=[*[samples[thing] for thing in things], *words]) + (query and f"?{query}")


def wrongs(page: Page, where: str) -> list[str]:
    """What is wrong with the page at this address, on a desktop and on a phone; empty if nothing is."""
    try:
        response = page.goto(where)
    except Error as error:
        return [error.message]
    if response is None or response.status != 200:
        return [f"status {response and response.status}"]
    if page.locator("[hx-trigger~=load]").count():
        page.wait_for_load_state("networkidle")
    found = broken_rules(page)
    page.set_viewport_size(PHONE)
    if (beyond := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
        found.append(f"{beyond} pixels beyond the edge of a phone")
    page.set_viewport_size(DESKTOP)
    return found


def broken_rules(page: Page) -> list[str]:
    """With everything unfolded: what is hidden is not looked at."""
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in Axe().run(page).response["violations"]
        for node in rule["nodes"][:3]
    ]


def nothing_wrong(found: dict[str, list[str]]) -> None:
    complaints = [f"{where}: {wrong}" for where, wrongs_here in found.items() for wrong in wrongs_here]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("who", PEOPLE)
def test_pages_can_be_used_by_everybody(
    who: str, new_page: Callable[..., Page], sign_in: Callable[..., Any], samples: dict[str, Any]
) -> None:
    page = new_page()
    party, number = PEOPLE[who]
    sign_in(page, party, number=number)
    addresses = [address(route, things, samples) for route, things in SEEN_BY[who]]
    nothing_wrong({where: wrongs(page, where) for where in addresses})


def test_public_pages_can_be_used_by_everybody(page: Page, samples: dict[str, Any]) -> None:
    links = [reverse(route, args=[token]) for route, token in samples["tokens"].items()]
    ended = [reverse(route, args=["gone"]) for route in samples["tokens"]]
    found = {where: wrongs(page, where) for where in [*map(reverse, PUBLIC), *links]}
    for where in [*ended, "/no/such/page/"]:
        page.goto(where)
        found[where] = broken_rules(page)
    nothing_wrong(found)


def test_pages_can_be_used_by_everybody_on_a_phone(
    new_page: Callable[..., Page], sign_in: Callable[..., Any], samples: dict[str, Any]
) -> None:
    """The main pages once more with what only a phone shows: menus that fold and tables that become cards."""
    page = new_page(viewport=PHONE)
    sign_in(page, "rocb")
    found = {"/": broken_rules(page)}
    for route, things in (
        ("missions:missions", []),
        ("missions:mission-people", ["short"]),
        ("missions:search", ["short"]),
        ("missions:letter", ["sent"]),
        ("missions:report", ["done"]),
        ("experts:experts", []),
        ("experts:expert", ["who.expert"]),
        ("experts:cap", ["who.expert"]),
        ("experts:pool", []),
    ):
        where = address(route, things, samples)
        page.goto(where)
        found[where] = broken_rules(page)
    nothing_wrong(found)


def test_what_is_wrong_with_an_answer_is_said_to_everybody(page: Page, sign_in: Callable[..., Any]) -> None:
    """The summary has the focus, leads into the question, and the question is tied to its error."""
    sign_in(page, "administration")
    page.goto(reverse("missions:request-new"))
    page.get_by_role("button", name="Save and check your answers").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert broken_rules(page) == []
    page.get_by_role("link", name="What should be different afterwards?").click()
    asked = page.get_by_role("textbox", name="What should be different afterwards?")
    expect(asked).to_be_focused()
    expect(asked).to_have_attribute("aria-invalid", "true")
    expect(asked).to_have_accessible_description(re.compile("Please answer this."))


def test_every_route_of_the_matrix_is_looked_at_or_has_no_page() -> None:
    """A route that nobody may open would go unseen."""
    looked_at = {route.split()[0] for lines in SEEN_BY.values() for route, _things in lines}
    assert {line.split()[0] for line in MATRIX.strip().splitlines()} - looked_at == NO_PAGES
