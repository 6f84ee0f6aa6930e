import datetime as dt
import json

import pytest

from core.dated_policy import policy
from core.models import PolicyRow
from experts import loading
from experts.enums import PriorityKind
from experts.loading import load_expertise
from experts.models import AccreditationWorkshop, Area, AreaCategory, AreaPriority, Category, PoolSnapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_tables")]


def test_loading_says_what_is_new_and_repeats_without_effect():
    assert load_expertise() == {
        "categories": 6,
        "areas": 29,
        "workshops": 10,
        "published tables": 1,
        "priorities": 6,
        "policy rows": len(json.loads((loading.DATA / "policy.json").read_text())),
    }
    assert set(load_expertise().values()) == {0}


def test_loaded_table2_is_as_printed():
    load_expertise()
    snapshot = PoolSnapshot.objects.get()
    assert snapshot.as_of == dt.date(2012, 3, 31)
    rows = [(row.label, row.fully_accredited, row.first_step, row.total) for row in snapshot.rows.all()]
    assert rows == [
        ("Diagnostic Facilitators (DF)", 49, None, 49),
        ("Customs Modernization Advisors (CMA)", 12, 11, 23),
        ("HS", 9, None, 9),
        ("Valuation", 12, None, 12),
        ("PCA", 2, None, 2),
        ("Rules of Origin", 2, None, 2),
        ("AEO", 3, 7, 10),
        ("RKC", 4, None, 4),
        ("IPR", 5, None, 5),
        ("Data Model", 1, 1, 2),
    ]


def test_loaded_needs_are_dated():
    load_expertise()
    needed = AreaPriority.objects.filter(kind=PriorityKind.NEEDED, since=dt.date(2012, 3, 1))
    assert {priority.area.code for priority in needed} == {"AEO", "PCA", "IPR"}


def test_loaded_policy_is_read_by_day():
    load_expertise()
    assert policy("cap.days", dt.date(2012, 5, 1)) == 84
    assert policy("letter.reminder_days", dt.date(2026, 1, 1)) == [7, 14]


def test_loading_keeps_an_edited_area_and_its_pairs():
    load_expertise()
    Area.objects.filter(code="K9").update(code="DOG", note="ours")
    AreaCategory.objects.get(area__code="IPR", category__code="AT").delete()
    assert set(load_expertise().values()) == {0}
    assert Area.objects.get(name="Detector dogs (K9)").note == "ours"
    assert not AreaCategory.objects.filter(area__code="IPR", category__code="AT").exists()


def test_loading_keeps_edited_categories_workshops_and_figures():
    load_expertise()
    Category.objects.filter(code="MPA").update(is_active=True)
    AccreditationWorkshop.objects.filter(title="AEO expert").update(title="AEO experts", place="Tokyo")
    PolicyRow.objects.filter(key="report.due_days").update(value=21)
    assert set(load_expertise().values()) == {0}
    assert Category.objects.get(code="MPA").is_active
    assert AccreditationWorkshop.objects.get(month=dt.date(2011, 12, 1)).place == "Tokyo"
    assert policy("report.due_days") == 21


def test_a_deleted_category_comes_back():
    load_expertise()
    Category.objects.get(code="LMD").delete()
    assert load_expertise()["categories"] == 1
