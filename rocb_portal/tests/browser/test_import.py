"""An extract of ACE with every kind of row: brought, decided, applied, seen on the person's page, and taken back."""

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

HEAD = (
    "ace_reference", "family_name", "given_name", "administration", "email", "category", "area", "status", "first_step_on",
    "accredited_on", "ace_entered_on",
)  # fmt: skip
KNOWN = """
import json
from experts.models import Accreditation, Expert
rows = Accreditation.objects.filter(
    expert__ace_reference__gt="", expert__left_on=None, ended_on=None, ace_entered_on__isnull=False
).select_related("expert__administration", "category", "area").order_by("expert__ace_reference")
people, found = set(), []
for a in rows:
    if a.expert_id in people:
        continue
    people.add(a.expert_id)
    e = a.expert
    found.append([e.ace_reference, e.family_name, e.given_name, e.administration.name, e.email, a.category.code,
        a.area.code if a.area else "", "accredited", str(a.first_step_on or ""), str(a.accredited_on), str(a.ace_entered_on)])
print(json.dumps(found[:6]))
"""
STANDS = """
import json
from django.core import serializers
from experts.models import Accreditation, Expert, ExpertLanguage
rows = [row for m in (Expert, Accreditation, ExpertLanguage) for row in json.loads(serializers.serialize("json", m.objects.order_by("pk")))]
for row in rows:
    row["fields"].pop("version", None)
print(json.dumps(rows))
"""


def told(server: Any, code: str) -> Any:
    return json.loads(server.manage("shell", "--no-imports", "-c", code))


def extract(known: list[list[str]]) -> bytes:
    """Of six people: as known, another address, a day that is none; the others are not in it. One namesake, one newcomer."""
    same, changed, broken, namesake = (list(row) for row in known[:4])
    changed[4] = "changed.address@customs.example"
    broken[9] = "31/02/2012"
    namesake = ["ACE-OTHER-1", *namesake[1:4], "", "TOA", "RKC", "1st step", "2020-01-31", "", ""]
    newcomer = ["ACE-NEW-1", "Newcomer", "Talia", "Fiji", "", "TOA", "AEO", "pre-accredited", "12 May 2021", "", ""]
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, same, changed, broken, namesake, newcomer])
    return out.getvalue().encode()


def tab(page: Page, words: str) -> None:
    page.get_by_role("link", name=re.compile(f"^{words}")).click()


def test_an_extract_with_every_kind_of_row_is_decided_applied_and_taken_back(
    page: Page, demo_server: Any, sign_in: Callable[..., Any]
) -> None:
    known = told(demo_server, KNOWN)
    before = told(demo_server, STANDS)
    sign_in(page, "secretariat")
    page.goto("/sheets/")
    page.get_by_role("link", name="ACE extract").first.click()
    page.get_by_label("The file").set_input_files(
        {"name": "ace-all-kinds.csv", "mimeType": "text/csv", "buffer": extract(known)}
    )
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("ready to be decided")).to_be_visible(timeout=30_000)

    tab(page, "new")
    expect(page.get_by_label("Talia Newcomer, Fiji")).to_be_checked()
    tab(page, "changed")
    expect(page.get_by_label("changed.address@customs.example")).to_be_checked()
    tab(page, "cannot be read")
    expect(page.get_by_text("“31/02/2012” is no day").first).to_be_visible()
    tab(page, "unchanged")
    expect(page.get_by_text(known[0][1]).first).to_be_visible()

    tab(page, "not clear who is meant")
    page.get_by_label("Another person: open a new record").check()
    page.get_by_role("button", name="Save the decisions of this page").first.click()
    expect(page.locator(".list-head")).to_contain_text("1 taken")

    tab(page, "gone from the sheet")
    gone = page.locator(".sheet-rows > li").first
    gone.get_by_label("It has ended").check()
    page.get_by_role("button", name="Save the decisions of this page").first.click()
    expect(page.locator(".list-head")).to_contain_text("1 taken")

    page.get_by_role("link", name="Apply").click()
    expect(page.get_by_text("1 of 1 taken").first).to_be_visible()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("h1 .badge-state")).to_have_text("applied", timeout=30_000)
    here = page.url

    page.goto("/experts/?q=Newcomer")
    expect(page.get_by_role("link", name="Newcomer, Talia")).to_be_visible()
    assert told(demo_server, STANDS) != before

    page.goto(here)
    page.get_by_role("link", name="Take back").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("h1 .badge-state")).to_have_text("taken back", timeout=30_000)
    assert told(demo_server, STANDS) == before
