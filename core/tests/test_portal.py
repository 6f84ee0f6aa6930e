"""The tags and filters of every page, and the components that stand on them."""

import datetime as dt
from types import SimpleNamespace

import django_filters
import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from core.decisions import YES, no
from core.models import PolicyRow
from core.templatetags import portal

TODAY = dt.date(2027, 3, 10)


def rendered(source: str, path: str = "/", **context: object) -> str:
    return (
        Template("{% load portal %}" + source)
        .render(Context({"request": RequestFactory().get(path), **context}))
        .strip()
    )


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (dt.date(2027, 3, 3), dt.date(2027, 3, 14), "3–14 Mar 2027 (12 days)"),
        (dt.date(2027, 3, 3), dt.date(2027, 3, 3), "3 Mar 2027 (1 day)"),
        (dt.date(2027, 2, 28), dt.date(2027, 3, 4), "28 Feb – 4 Mar 2027 (5 days)"),
        (dt.date(2026, 12, 30), dt.date(2027, 1, 3), "30 Dec 2026 – 3 Jan 2027 (5 days)"),
        (dt.date(2026, 3, 3), dt.date(2027, 3, 4), "3 Mar 2026 – 4 Mar 2027 (367 days)"),
        (None, dt.date(2027, 3, 3), "3 Mar 2027"),
        (None, None, "–"),
    ],
)
def test_a_span_counts_both_ends_and_says_nothing_twice(first, last, words):
    assert portal.span(first, last) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (84, "12 weeks"),
        (65, "9 weeks 2 days (65 days)"),
        (8, "1 week 1 day (8 days)"),
        (5, "5 days"),
        (0, "0 days"),
        (None, "–"),
    ],
)
def test_days_read_as_weeks(number, words):
    assert portal.weeks(number) == words


def test_a_day_is_the_day_of_the_office():
    late = dt.datetime(2027, 3, 3, 20, 0, tzinfo=dt.UTC)
    assert portal.day(late) == "4 Mar 2027"


def test_a_moment_is_said_in_the_zone_of_the_reader():
    late = dt.datetime(2027, 3, 3, 20, 0, tzinfo=dt.UTC)
    with timezone.override("Pacific/Fiji"):
        assert portal.moment(late) == "4 Mar 2027, 08:00"


@pytest.mark.parametrize(
    ("days", "tone", "words"),
    [
        (-1, "bad", "Overdue by 1 day"),
        (0, "warn", "Due today"),
        (3, "warn", "Due in 3 days"),
        (4, "neutral", "Due 14 Mar 2027"),
    ],
)
def test_a_due_day_says_how_much_it_presses(days, tone, words):
    assert portal.due_in(TODAY + dt.timedelta(days=days), TODAY) == portal.Due(tone, words)


def test_zero_prints_as_a_dash_and_other_things_as_they_are():
    assert [portal.dash(value) for value in (0, None, "", 7, "x")] == ["–", "–", "–", 7, "x"]


def test_a_form_token_carries_a_key_that_is_never_the_same():
    one, two = (rendered("{% form_token %}") for _ in range(2))
    assert one.count("<input") == 2
    assert one.rpartition('name="_key"')[2] != two.rpartition('name="_key"')[2]


def test_may_asks_for_the_person_of_the_page(monkeypatch):
    monkeypatch.setattr(
        portal, "ask", lambda user, action, obj: YES if (user, action) == ("u", "x.see") else no("Not you.")
    )
    page = '{% may "x.see" 1 as one %}{% may "x.do" 1 as two %}{% if one %}yes{% endif %} {{ two.reason }}'
    assert rendered(page, user="u") == "yes Not you."


def test_query_strings_keep_what_they_are_not_about():
    assert rendered("{% querystring_with page=3 %}", "/?q=a+b&page=2") == "?q=a+b&amp;page=3"
    assert rendered("{% querystring_with page=None %}", "/?page=2") == "?"


def test_a_chip_takes_away_its_own_value_and_the_page_but_nothing_else():
    class Filters(django_filters.FilterSet):
        area = django_filters.MultipleChoiceFilter(label="Area", choices=[("a", "Audit"), ("v", "Valuation")])
        free = django_filters.DateFromToRangeFilter(label="Free")

    request = RequestFactory().get("/?area=a&area=v&free_after=2027-03-01&page=4&sort=name")
    filters = Filters(request.GET, queryset=PolicyRow.objects.none())
    chips = portal.active_filters(Context({"request": request}), filters)
    assert [(chip.label, chip.words) for chip in chips] == [
        ("Area", "Audit"),
        ("Area", "Valuation"),
        ("Free", "from 1 Mar 2027"),
    ]
    assert chips[0].url == "?area=v&free_after=2027-03-01&sort=name"
    assert chips[2].url == "?area=a&area=v&sort=name"


@pytest.mark.parametrize(
    ("current", "state", "url"),
    [("", "none", "?sort=name"), ("name", "ascending", "?sort=-name"), ("-name", "descending", "?sort=name")],
)
def test_a_sorted_column_says_so_and_turns_round(current, state, url):
    request = RequestFactory().get("/?page=2")
    assert portal.sort_link(Context({"request": request}), "name", current) == {"url": url, "state": state}
    cell = render_to_string(
        "components/table_sort.html", {"column": "name", "label": "Name", "current": current}, request
    )
    assert ('aria-sort="' + state in cell) == (state != "none")


def test_page_numbers_leave_gaps():
    assert portal.page_numbers(Paginator(range(100), 5).page(10)) == [1, 0, 9, 10, 11, 0, 20]


@pytest.mark.parametrize("tone", ["neutral", "info", "good", "warn", "bad"])
def test_every_tone_has_a_shape_of_its_own_beside_the_word(tone):
    badge = render_to_string("components/badge.html", {"label": "Word", "tone": tone})
    assert "<svg" in badge
    assert "Word" in badge
    others = [
        render_to_string("components/_glyph.html", {"tone": t})
        for t in ("neutral", "info", "good", "warn", "bad")
        if t != tone
    ]
    assert render_to_string("components/_glyph.html", {"tone": tone}) not in others


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("done", "Done"),
        ("current", "Now"),
        ("blocked", "Blocked"),
        ("not_needed", "Not needed"),
        ("todo", "Still to come"),
    ],
)
def test_every_step_says_its_status_in_words(status, words):
    step = SimpleNamespace(n=1, title="Search", status=status, note="why", date=None)
    page = render_to_string("components/stepper.html", {"steps": [step], "label": "Steps"})
    assert words in page
    assert ('aria-current="step"' in page) == (status in {"current", "blocked"})


def test_a_blocked_action_gives_the_reason_and_no_link():
    page = render_to_string(
        "components/action_card.html", {"title": "Next", "blocked_reason": "No payer.", "url": "/x", "label": "Send"}
    )
    assert "No payer." in page
    assert "href" not in page
