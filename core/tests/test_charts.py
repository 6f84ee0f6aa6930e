import datetime as dt
from typing import Any

import pytest
from defusedxml import ElementTree

from core.charts import (
    Bar,
    Chart,
    Look,
    Series,
    Stretch,
    calendar,
    columns,
    ledger,
    lines,
    spans,
    stacked_bars,
)

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '<script>alert("1")</script> & <b>'
NAMES = ("done", "begun", "waiting")


def bars(rows: list[Bar], **options: object) -> Chart:
    return stacked_bars("Two are short", "By name.", rows, names=NAMES, axis="Name", **options)


def time_axis(**changes: object) -> Chart:
    given = {
        "first": dt.date(2024, 1, 1),
        "last": dt.date(2027, 12, 31),
        "today": dt.date(2026, 6, 1),
        "stretches": [
            Stretch(dt.date(2025, 3, 1), dt.date(2025, 3, 10), Look.SOLID, "One"),
            Stretch(dt.date(2025, 3, 5), dt.date(2025, 3, 12), Look.HATCHED, "Two"),
        ],
        "totals": [(dt.date(2024, 1, 1), 0), (dt.date(2025, 3, 10), 10), (dt.date(2028, 3, 1), 0)],
        "limit": 84,
        "warn": 63,
        "names": NAMES,
        "total_name": "sum",
        "limit_name": "limit 84",
        "warn_name": "warning from 63",
    }
    return ledger("Ten of 84", "Sums.", **(given | changes))


def year(**changes: object) -> Chart:
    given = {"first": dt.date(2026, 6, 9), "months": 12, "today": dt.date(2026, 6, 9), "stretches": [], "names": NAMES}
    return calendar("Free", "Days.", **(given | changes))


CHARTS = {
    "bars": lambda words: bars([Bar(words, 3, 2, 1), Bar("b")], band=(3, 5), band_name=words),
    "ledger": lambda words: time_axis(
        total_name=words, stretches=[Stretch(dt.date(2025, 3, 1), dt.date(2025, 3, 2), Look.FAINT, words)]
    ),
    "lines": lambda words: lines("t", "d", [words, "b"], [Series(words, (1, 2))], axis=words),
    "spans": lambda words: spans(
        "t",
        "d",
        [(words, [Stretch(dt.date(2025, 3, 1), dt.date(2026, 3, 2), Look.SOLID, words)])],
        first=dt.date(2025, 1, 1),
        last=dt.date(2027, 1, 1),
        today=dt.date(2026, 6, 1),
        names=NAMES,
        axis=words,
    ),
    "calendar": lambda words: year(stretches=[Stretch(dt.date(2026, 6, 3), dt.date(2026, 6, 4), Look.FAINT, words)]),
    "columns": lambda words: columns("t", "d", [words, "b"], [Series(words, (1, None))], axis=words, limit=(2, words)),
}


def tree(chart: Chart) -> Any:
    return ElementTree.fromstring(chart.svg)


def of_class(chart: Chart, name: str) -> list[Any]:
    return [mark for mark in tree(chart).iter(f"{SVG}rect") if mark.get("class") == name]


@pytest.mark.parametrize("kind", CHARTS)
def test_text_from_outside_is_escaped_in_every_chart(kind):
    drawn = CHARTS[kind](NASTY)
    assert "<script" not in drawn.svg
    assert "<b>" not in drawn.svg
    assert NASTY in "".join(tree(drawn).itertext())


@pytest.mark.parametrize("kind", CHARTS)
def test_a_chart_names_itself_and_carries_no_style_or_script(kind):
    drawn = CHARTS[kind]("Words")
    root = tree(drawn)
    ids = {mark.get("id"): mark.text for mark in root if mark.get("id")}
    assert root.get("role") == "img"
    assert [ids[name] for name in root.get("aria-labelledby").split()] == [drawn.title, drawn.description]
    assert {name for mark in root.iter() for name in mark.attrib if name == "style" or name.startswith("on")} == set()


@pytest.mark.parametrize("kind", CHARTS)
def test_the_same_figures_give_the_same_bytes(kind):
    assert CHARTS[kind]("Words") == CHARTS[kind]("Words")


def test_bars_stand_for_the_figures_of_the_table_twin():
    drawn = bars([Bar("Tariff", 4, 2, 3), Bar("Nothing yet")])
    solid, hatched = of_class(drawn, "solid"), of_class(drawn, "hatched")
    assert drawn.columns == ("Name", "done", "begun", "waiting", "done and begun")
    assert drawn.rows == (("Tariff", "4", "2", "3", "6"), ("Nothing yet", "–", "–", "–", "–"))
    widths = [float(mark.get("width")) for mark in (solid[-1], hatched[-1])]
    assert widths[0] == pytest.approx(2 * (widths[1] + 1.5), abs=0.05)


def test_without_ticks_neither_legend_nor_table_speaks_of_them():
    drawn = bars([Bar("Tariff", 4, 2)])
    assert "waiting" not in drawn.svg
    assert drawn.columns == ("Name", "done", "begun", "done and begun")


def test_a_long_label_is_cut_and_said_in_full_when_pointed_at():
    label = "Harmonisation of everything with everything else in the whole region"
    words = [mark for mark in tree(bars([Bar(label, 1)])).iter(f"{SVG}text") if mark.find(f"{SVG}title") is not None]
    assert [mark.find(f"{SVG}title").text for mark in words] == [label]
    assert words[0].find(f"{SVG}title").tail.endswith("…")


def test_overlapping_stretches_get_lanes_of_their_own():
    drawn = time_axis()
    assert of_class(drawn, "solid")[-1].get("y") != of_class(drawn, "hatched")[-1].get("y")


def test_a_later_stretch_goes_back_to_the_first_lane():
    one, two = dt.date(2025, 3, 1), dt.date(2026, 3, 1)
    drawn = time_axis(stretches=[Stretch(day, day, Look.SOLID, "x") for day in (one, two)])
    assert len({mark.get("y") for mark in of_class(drawn, "solid")[1:]}) == 1


def test_the_total_of_today_stands_at_the_line_of_today():
    held = [mark.text for mark in tree(time_axis()).iter(f"{SVG}text") if mark.get("font-weight") == "600"]
    assert held == ["today", "today", "10", "10"]  # each with its white rim


def test_ledger_table_gives_every_step():
    assert time_axis().rows == (("1 Jan 2024", "0"), ("10 Mar 2025", "10"), ("1 Mar 2028", "0"))


def test_ledger_without_any_day_is_still_a_chart():
    drawn = time_axis(stretches=[], totals=[(dt.date(2024, 1, 1), 0)])
    assert "limit 84" in drawn.svg
    assert of_class(drawn, "solid") == []


def test_a_gap_in_a_line_is_a_gap_and_not_a_zero():
    drawn = lines("t", "d", ["a", "b", "c"], [Series("s", (1, None, 3))], axis="x")
    path = next(mark for mark in tree(drawn).iter(f"{SVG}path") if mark.get("stroke-width") == "2")
    assert path.get("d").count("M") == 2
    assert drawn.rows == (("a", "1"), ("b", "–"), ("c", "3"))


def test_columns_reach_over_the_limit_they_pass():
    drawn = columns("t", "d", ["a"], [Series("s", (30,))], axis="x", limit=(20, "planned"))
    bar = of_class(drawn, "solid")[0]
    limit = next(mark for mark in tree(drawn).iter(f"{SVG}line") if mark.get("stroke-width") == "1.5")
    assert float(bar.get("y")) < float(limit.get("y1"))


def test_a_stretch_over_the_end_of_a_month_goes_on_in_the_next_line():
    drawn = year(stretches=[Stretch(dt.date(2026, 6, 29), dt.date(2026, 7, 2), Look.SOLID, "away")])
    two = of_class(drawn, "solid")[1:]
    widths = [float(mark.get("width")) for mark in two]
    assert widths == pytest.approx([(880 - 16 - 88) / 31 * 2] * 2, abs=0.05)
    assert float(two[1].get("y")) - float(two[0].get("y")) == 24
    assert drawn.rows == (("29 Jun 2026 – 2 Jul 2026 (4 days)", "away"),)


def test_the_year_has_a_line_for_each_month_with_its_own_days():
    months = of_class(year(), "month")
    assert len(months) == 12
    assert len({mark.get("width") for mark in months}) == 3
