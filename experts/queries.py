"""What the pool held on any day, counted as T2 counts (§2.1, notes 1 to 3)."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When

from experts.enums import Stage
from experts.models import Accreditation, Area, AreaCategory, Category, Expert

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Stage(TypedDict):
        stage: str

    StagedAccreditation = WithAnnotations[Accreditation, _Stage]

RowKey = tuple[uuid.UUID, uuid.UUID | None]
IN_TABLE = frozenset({Stage.FULL, Stage.FIRST_STEP})


@dataclass(frozen=True, slots=True)
class PoolRow:
    """One row of the table: accreditations in a category and area, or in a category without areas."""

    category: Category
    area: Area | None
    fully_accredited: int
    first_step: int

    @property
    def total(self) -> int:
        return self.fully_accredited + self.first_step

    @property
    def label(self) -> str:
        return self.area.name if self.area else f"{self.category.plural} ({self.category.code})"


@dataclass(frozen=True, slots=True)
class PoolTable:
    """The pool on a day. Its figures are accreditations, never people; the people behind them stand beside (note 3)."""

    as_of: dt.date
    rows: tuple[PoolRow, ...]
    distinct_people: int
    entry_pending: int

    @property
    def fully_accredited(self) -> int:
        return sum(row.fully_accredited for row in self.rows)

    @property
    def first_step(self) -> int:
        return sum(row.first_step for row in self.rows)

    @property
    def total(self) -> int:
        return self.fully_accredited + self.first_step

    def as_dict(self) -> dict[str, Any]:
        """In codes and plain numbers, as other programs read it."""
        return {
            "as_of": self.as_of.isoformat(),
            "rows": [
                {
                    "category": row.category.code,
                    "area": row.area.code if row.area else None,
                    "fully_accredited": row.fully_accredited,
                    "first_step": row.first_step,
                    "total": row.total,
                }
                for row in self.rows
            ],
            "grand_total": {
                "fully_accredited": self.fully_accredited,
                "first_step": self.first_step,
                "total": self.total,
            },
            "distinct_people": self.distinct_people,
            "entry_pending": self.entry_pending,
        }


def accreditations_on(day: dt.date) -> "QuerySet[StagedAccreditation]":
    """The rows behind every number of the table: accreditations alive on a day with their `stage`; nobody who had left.

    Full from the later of accreditation and ACE entry; accredited without the entry is pending; else first step from
    its day. The same rule in Python is `Accreditation.stage_on`.
    """
    accredited = Q(accredited_on__lte=day)
    stage = Case(
        When(accredited & Q(ace_entered_on__lte=day), then=Value(Stage.FULL)),
        When(accredited, then=Value(Stage.ENTRY_PENDING)),
        When(first_step_on__lte=day, then=Value(Stage.FIRST_STEP)),
        output_field=CharField(),
    )
    return Accreditation.objects.annotate(stage=stage).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=day), stage__isnull=False, expert__in=Expert.objects.active(day)
    )


def pool_table(as_of: dt.date) -> PoolTable:
    """The table for any day, in five queries: the rows of T2 in its order, then others that have people.

    Entry pending is in neither column, and its people are not counted unless they stand in another row.
    """
    alive = accreditations_on(as_of)
    counts: dict[RowKey, dict[str, int]] = {}
    for category, area, stage, number in (
        alive.order_by().values_list("category", "area", "stage").annotate(Count("pk"))
    ):
        counts.setdefault((category, area), {})[stage] = number
    people = alive.filter(stage__in=IN_TABLE).aggregate(people=Count("expert", distinct=True))["people"]

    categories, areas = Category.objects.in_bulk(), Area.objects.in_bulk()
    keys = _rows_of_table2(categories)
    others = [key for key, stages in counts.items() if key not in keys and IN_TABLE & stages.keys()]
    others.sort(key=lambda key: (categories[key[0]].order, areas[key[1]].order if key[1] else 0))
    return PoolTable(
        as_of=as_of,
        rows=tuple(
            PoolRow(
                category=categories[category],
                area=areas[area] if area else None,
                fully_accredited=counts.get((category, area), {}).get(Stage.FULL, 0),
                first_step=counts.get((category, area), {}).get(Stage.FIRST_STEP, 0),
            )
            for category, area in keys + others
        ),
        distinct_people=people,
        entry_pending=sum(stages.get(Stage.ENTRY_PENDING, 0) for stages in counts.values()),
    )


def _rows_of_table2(categories: dict[uuid.UUID, Category]) -> list[RowKey]:
    """Active categories without areas, and the pairs that have a place in T2, in the printed order."""
    rows: list[tuple[int, int, RowKey]] = [
        (category.order, 0, (category.pk, None))
        for category in categories.values()
        if category.is_active and not category.has_areas
    ]
    for category, area, place in AreaCategory.objects.values_list("category", "area", "table2_order"):
        if place is not None:
            rows.append((categories[category].order, place, (category, area)))
    return [key for _order, _place, key in sorted(rows, key=lambda row: row[:2])]
