"""The framework's facts about expertise: categories, areas, workshops, published table, needs, policy."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q

from core.models import PolicyRow
from experts.models import (
    AccreditationWorkshop,
    Area,
    AreaCategory,
    AreaPriority,
    Category,
    PoolSnapshot,
    PoolSnapshotRow,
)

DATA = Path(__file__).parent / "data"


@transaction.atomic
def load_expertise() -> dict[str, int]:
    """Create what is missing of all tables below, never overwrite what is there, and say how many rows of each are new.

    A row is known by its code or name, a table that was printed as a whole (T2, T3) by its day or source, a policy
    figure by its key and day. So a row that staff has edited stays edited. What is no longer wanted is made inactive or
    given an end, not deleted: a deleted row would come back with the next loading.
    """
    return {
        "categories": load_categories(),
        "areas": load_areas(),
        "workshops": load_workshops(),
        "published tables": load_snapshot(),
        "priorities": load_priorities(),
        "policy rows": load_policy(),
    }


def load_categories() -> int:
    """The four categories of T1 and the two that came later, inactive."""
    new = 0
    for row in _read("categories.json"):
        if Category.objects.filter(code=row["code"]).exists():
            continue
        is_active = row.pop("active")
        Category.objects.create(is_active=is_active, **row)
        new += 1
    return new


def load_areas() -> int:
    """The areas, each with the categories in which it is accredited; T1 and T2 both keep their word (pitfall P3).

    The categories come together with a new area and never to an old one: which ones it has is then for staff to say.
    """
    categories, new = _categories(), 0
    for row in _read("areas.json"):
        if Area.objects.filter(Q(code=row["code"]) | Q(name=row["name"])).exists():
            continue
        area = Area.objects.create(
            code=row["code"],
            name=row["name"],
            synonyms=row["synonyms"],
            kind=row["kind"],
            order=row["order"],
            is_active=row["active"],
            note=row["note"],
        )
        for pair in row["categories"]:
            category = categories.get(pair.pop("category"))
            if category:
                AreaCategory.objects.create(area=area, category=category, **pair)
        new += 1
    return new


def load_workshops() -> int:
    """The regional accreditation workshops of T3, all at once: none if a workshop already names T3 as its source."""
    table = _read("accreditation_workshops.json")
    source = f"{table['paragraph']}: {table['title']}, as of March 2012"
    if AccreditationWorkshop.objects.filter(source=source).exists():
        return 0
    categories, areas = _categories(), _areas()
    new = 0
    for row in table["rows"]:
        _workshop, is_new = AccreditationWorkshop.objects.get_or_create(
            title=row["title"],
            month=dt.date.fromisoformat(row["month"] + "-01"),
            defaults={
                "category": categories[row["category"]],
                "area": areas.get(row["area"]),
                "place": row["place"],
                "source": source,
            },
        )
        new += is_new
    return new


def load_snapshot() -> int:
    """The pool table as published for March 2012 (T2), with its printed labels and dashes."""
    table = _read("pool_snapshot_2012.json")
    snapshot, is_new = PoolSnapshot.objects.get_or_create(
        as_of=dt.date.fromisoformat(table["as_of"]),
        defaults={name: table[name] for name in ("title", "source", "paragraph", "notes")},
    )
    if not is_new:
        return 0
    categories, areas = _categories(), _areas()
    for row in table["rows"]:
        category, area = categories[row.pop("category")], areas.get(row.pop("area"))
        PoolSnapshotRow.objects.create(snapshot=snapshot, category=category, area=area, **row)
    return 1


def load_priorities() -> int:
    """The needs stated in §2.1: more experts for some areas, information about others.

    An area whose code staff changed is skipped.
    """
    table = _read("priorities.json")
    areas, new = _areas(), 0
    for place, row in enumerate(table["rows"], 1):
        if row["area"] not in areas:
            continue
        _priority, is_new = AreaPriority.objects.get_or_create(
            area=areas[row["area"]],
            kind=row["kind"],
            since=dt.date.fromisoformat(table["stated"] + "-01"),
            defaults={"order": place, "paragraph": table["paragraph"], "note": row["text"]},
        )
        new += is_new
    return new


def load_policy() -> int:
    """The figures of the framework and of the house, each with its day and paragraph."""
    new = 0
    for row in _read("policy.json"):
        key, valid_from = row.pop("key"), dt.date.fromisoformat(row.pop("valid_from"))
        new += PolicyRow.objects.get_or_create(key=key, valid_from=valid_from, defaults=row)[1]
    return new


def _categories() -> dict[str, Category]:
    return {category.code: category for category in Category.objects.all()}


def _areas() -> dict[str, Area]:
    return {area.code: area for area in Area.objects.all()}


def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))
