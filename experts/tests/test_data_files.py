"""The data files agree with the framework and with each other."""

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parents[2]


def read(name):
    return json.loads((ROOT / name).read_text(encoding="utf-8"))


ADMINISTRATIONS = read("members/data/administrations.json")
CATEGORIES = read("experts/data/categories.json")
AREAS = read("experts/data/areas.json")
TABLE2 = read("experts/data/pool_snapshot_2012.json")
TABLE3 = read("experts/data/accreditation_workshops.json")
PRIORITIES = read("experts/data/priorities.json")
POLICY = read("experts/data/policy.json")
CENTRES = read("centres/data/centres.json")

AREA_CODES = {area["code"] for area in AREAS}
PAIRS = {(pair["category"], area["code"]) for area in AREAS for pair in area["categories"]}
ORDER_OF_TABLE2 = [
    ("DF", None),
    ("CMA", None),
    ("AT", "HS"),
    ("AT", "VAL"),
    ("AT", "PCA"),
    ("AT", "ROO"),
    ("TOA", "AEO"),
    ("TOA", "RKC"),
    ("TOA", "IPR"),
    ("TOA", "DM"),
]


def test_table2_adds_up_in_every_direction():
    for row in TABLE2["rows"]:
        assert row["total"] == row["fully_accredited"] + (row["first_step"] or 0), row["label"]
    sums = {name: sum(row[name] or 0 for row in TABLE2["rows"]) for name in TABLE2["grand_total"]}
    assert sums == TABLE2["grand_total"] == {"fully_accredited": 99, "first_step": 19, "total": 118}


def test_table2_has_a_dash_where_it_prints_one():
    printed = {(row["category"], row["area"]) for row in TABLE2["rows"] if row["first_step"] is not None}
    assert printed == {("CMA", None), ("TOA", "AEO"), ("TOA", "DM")}


def test_table2_is_in_printed_order():
    assert [(row["category"], row["area"]) for row in TABLE2["rows"]] == ORDER_OF_TABLE2
    assert [row["order"] for row in TABLE2["rows"]] == list(range(1, 11))


def test_order_of_table2_follows_from_categories_and_areas():
    rows = [(category["order"], 0, category["code"], None) for category in CATEGORIES if category["active"]]
    rows = [row for row in rows if row[2] in {"DF", "CMA"}]
    place = {category["code"]: category["order"] for category in CATEGORIES}
    for area in AREAS:
        for pair in area["categories"]:
            if pair["table2_order"]:
                rows.append((place[pair["category"]], pair["table2_order"], pair["category"], area["code"]))
    assert [row[2:] for row in sorted(rows, key=lambda row: row[:2])] == ORDER_OF_TABLE2


def test_six_categories_of_which_the_four_of_table1_are_active():
    assert [(category["code"], category["active"]) for category in CATEGORIES] == [
        ("DF", True),
        ("CMA", True),
        ("AT", True),
        ("TOA", True),
        ("MPA", False),
        ("LMD", False),
    ]
    assert {category["code"] for category in CATEGORIES if category["has_areas"]} == {"AT", "TOA"}
    assert all(category["responsibility"] for category in CATEGORIES)


def test_29_areas_with_unique_codes_names_and_order():
    assert len(AREAS) == 29
    for name in ("code", "name", "order"):
        assert max(Counter(area[name] for area in AREAS).values()) == 1, name
    assert sum(area["active"] for area in AREAS) == 17


def test_no_synonym_leads_to_two_areas():
    words = Counter(
        word.casefold() for area in AREAS for word in {area["code"], area["name"], *area["synonyms"]} if word
    )
    assert [word for word, times in words.items() if times > 1] == []


def test_both_words_are_kept_where_table1_and_table2_differ():
    assert {pair for pair in PAIRS if pair[1] in {"IPR", "PCA"}} == {
        ("AT", "IPR"),
        ("TOA", "IPR"),
        ("AT", "PCA"),
        ("TOA", "PCA"),
    }
    assert all(area["note"] for area in AREAS if area["code"] in {"IPR", "PCA"})


def test_every_pair_names_its_source_and_a_known_category():
    for area in AREAS:
        assert area["categories"], area["code"]
        for pair in area["categories"]:
            assert pair["source"], area["code"]
            assert pair["category"] in {category["code"] for category in CATEGORIES}


def test_ten_regional_workshops_in_order_of_time():
    months = [row["month"] for row in TABLE3["rows"]]
    assert len(months) == 10
    assert months == sorted(months)
    assert (months[0], months[-1]) == ("2005-10", "2011-12")
    assert Counter(row["category"] for row in TABLE3["rows"]) == {"DF": 2, "CMA": 2, "AT": 5, "TOA": 1}
    assert {(row["category"], row["area"]) for row in TABLE3["rows"] if row["area"]} <= PAIRS
    assert not any(row["place"] for row in TABLE3["rows"])


def test_35_administrations_with_a_place_and_a_clock():
    assert len(ADMINISTRATIONS) == 35
    for name in ("code", "name", "airport"):
        assert max(Counter(row[name] for row in ADMINISTRATIONS).values()) == 1, name
    for row in ADMINISTRATIONS:
        assert -90 <= row["airport_lat"] <= 90, row["code"]
        assert -180 <= row["airport_lon"] <= 180, row["code"]
        assert ZoneInfo(row["timezone"])
        assert row["organisation"], row["code"]
        assert row["head_title"], row["code"]
        assert 1950 <= row["joined_year"] <= 2024, row["code"]
    assert [row["code"] for row in ADMINISTRATIONS if row["rocb_host"]] == ["TH"]
    assert Counter(row["subregion"] for row in ADMINISTRATIONS) == {
        "ASEAN": 10,
        "Australasia / Oceania": 10,
        "Far East": 6,
        "Sub-Continent": 9,
    }


def test_six_centres_of_2012_with_two_areas_each():
    rows = CENTRES["published"]["rows"]
    assert [row["host"] for row in rows] == ["China", "Hong Kong, China", "India", "Japan", "Korea", "Malaysia"]
    assert all(len(row["focus"]) == 2 for row in rows)
    focus = [printed["area"] for row in rows for printed in row["focus"]]
    assert set(focus) <= AREA_CODES
    assert len(set(focus)) == 12


def test_ten_centres_today_contain_the_six_of_2012():
    today = {row["administration"]: row["since"] for row in CENTRES["centres"]}
    assert len(today) == 10
    assert today.keys() <= {row["code"] for row in ADMINISTRATIONS}
    six = {row["administration"] for row in CENTRES["published"]["rows"]}
    assert {code for code, since in today.items() if since == "before 2012"} == six


def test_needs_stated_in_the_framework():
    kinds = {row["area"]: row["kind"] for row in PRIORITIES["rows"]}
    assert kinds == {
        "AEO": "needed",
        "PCA": "needed",
        "IPR": "needed",
        "NII": "information_wanted",
        "INT": "information_wanted",
        "K9": "information_wanted",
    }
    assert kinds.keys() <= AREA_CODES


def test_policy_figures_with_their_day_and_origin():
    figures = {row["key"]: row["value"] for row in POLICY}
    assert len(figures) == len(POLICY)
    assert figures == {
        "cap.days": 84,
        "cap.years": 3,
        "cap.warn_days": 63,
        "pool.floor": 3,
        "pool.comfort": 5,
        "consultation.link_days": 14,
        "letter.reminder_days": [7, 14],
        "letter.link_days": 14,
        "search.near_days": 14,
        "travel.days_each_way": 1,
        "report.due_days": 14,
        "plan.first_month": 7,
        "candidate.objection_days": 21,
        "upload.max_bytes": 10 * 1024 * 1024,
        "nomination.objection_days": 21,
        "nomination.link_days": 30,
        "listing.confirm_months": 12,
        "listing.lapse_months": 24,
        "listing.link_days": 30,
        "listing.grace_days": 30,
        "profile.confirm_months": 12,
        "profile.link_days": 30,
        "opportunity.link_days": 60,
        "field_mission.months": 24,
        "entry_pending.months": 12,
        "import.max_rows": 50_000,
        "survey.reminder_days": [-7, 0, 7],
        "whatif.weight.workshop": 10,
        "whatif.weight.seat": 1,
        "whatif.weight.accreditation": 2,
    }
    assert {row["key"] for row in POLICY if row["origin"] == "framework"} == {
        "cap.days",
        "cap.years",
        "pool.floor",
        "pool.comfort",
    }
    for row in POLICY:
        assert dt.date.fromisoformat(row["valid_from"]) == dt.date(2012, 5, 1), row["key"]
        assert row["text"], row["key"]


def test_report_and_terms_follow_the_framework():
    sections = read("missions/data/report_sections.json")
    assert [section["field"] for section in sections if section["required"]] == [
        "purpose",
        "participants",
        "activities",
        "feedback",
        "needs",
    ]
    assert [part["field"] for part in read("missions/data/terms_parts.json")] == [
        "tor_background",
        "tor_input",
        "tor_result",
    ]
