"""What the pool held on any day, counted as T2 counts (§2.1, notes 1 to 3)."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Case, CharField, Count, Prefetch, Q, QuerySet, Value, When
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from experts.enums import PriorityKind, Stage
from experts.models import (
    Accreditation,
    Area,
    AreaCategory,
    AreaPriority,
    Category,
    Expert,
    ExpertLanguage,
    PoolSnapshot,
)

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


# What stands beside the table


@dataclass(frozen=True, slots=True)
class PoolGroup:
    """A category of the table with its rows; one without areas is its own row. `published` is what was printed for it."""

    category: Category
    rows: tuple["PoolComparison", ...]
    total: "PoolComparison"


@dataclass(frozen=True, slots=True)
class Figures:
    fully_accredited: int
    first_step: int

    @property
    def total(self) -> int:
        return self.fully_accredited + self.first_step


@dataclass(frozen=True, slots=True)
class PoolComparison:
    """The figures of a row on a day, those of the published table, if it has the row, and the difference of the totals."""

    area: Area | None
    live: Figures
    published: Figures | None

    @property
    def change(self) -> str:
        """How the total differs from the printed one."""
        difference = self.live.total - self.published.total if self.published else 0
        return f"+{difference}" if difference > 0 else f"−{-difference}" if difference else "="


@dataclass(frozen=True, slots=True)
class PoolBesidePublished:
    groups: tuple[PoolGroup, ...]
    total: PoolComparison
    snapshot: PoolSnapshot | None


def beside_published(table: PoolTable) -> PoolBesidePublished:
    """The table in groups, each row beside the newest published table that is not younger, else the oldest there is."""
    snapshots = list(PoolSnapshot.objects.order_by("-as_of").prefetch_related("rows"))
    snapshot = next((s for s in snapshots if s.as_of <= table.as_of), snapshots[-1] if snapshots else None)
    printed: dict[RowKey, Figures] = {}
    if snapshot:
        for line in snapshot.rows.all():
            printed[line.category_id, line.area_id] = Figures(line.fully_accredited, line.first_step or 0)
    groups = []
    for category in dict.fromkeys(row.category for row in table.rows):
        rows = tuple(
            PoolComparison(
                row.area,
                Figures(row.fully_accredited, row.first_step),
                printed.get((category.pk, row.area.pk if row.area else None)),
            )
            for row in table.rows
            if row.category == category
        )
        groups.append(PoolGroup(category, tuple(r for r in rows if r.area), _together(rows)))
    total = PoolComparison(None, Figures(table.fully_accredited, table.first_step), _sum(printed.values()))
    return PoolBesidePublished(tuple(groups), total, snapshot)


def _together(rows: Iterable[PoolComparison]) -> PoolComparison:
    listed = list(rows)
    live = _sum(row.live for row in listed)
    return PoolComparison(None, live or Figures(0, 0), _sum(row.published for row in listed if row.published))


def _sum(figures: Iterable[Figures]) -> Figures | None:
    listed = list(figures)
    if not listed:
        return None
    return Figures(sum(f.fully_accredited for f in listed), sum(f.first_step for f in listed))


@dataclass(frozen=True, slots=True)
class AreaPeople:
    """Distinct people of an area on a day: fully accredited, and first step without being full in it."""

    area: Area
    full: int
    first_step: int


def people_by_area(day: dt.date) -> list[AreaPeople]:
    """For every area of T2 and every other that has people: what the target band of §2.1 is measured against (pitfall P41)."""
    people: dict[uuid.UUID, dict[str, set[uuid.UUID]]] = {}
    rows = accreditations_on(day).filter(stage__in=IN_TABLE, area__isnull=False).order_by()
    for area, expert, stage in rows.values_list("area", "expert", "stage"):
        people.setdefault(area, {Stage.FULL: set(), Stage.FIRST_STEP: set()})[stage].add(expert)
    shown = Q(pk__in=people) | Q(pairs__table2_order__isnull=False)
    return [
        AreaPeople(
            area,
            len(found[Stage.FULL]),
            len(found[Stage.FIRST_STEP] - found[Stage.FULL]),
        )
        for area in Area.objects.filter(shown).distinct()
        for found in [people.get(area.pk, {Stage.FULL: set(), Stage.FIRST_STEP: set()})]
    ]


def priorities_on(day: dt.date) -> QuerySet[AreaPriority]:
    """The needs that had been stated by a day and still held (§2.1)."""
    return (
        AreaPriority.objects.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)
        .select_related("area")
        .order_by("-kind", "since", "order", "area__order")
    )


def conflicting_pairs() -> list[tuple[Area, list[AreaCategory]]]:
    """Areas that the sources place in more than one category, with the word of each (pitfall P3)."""
    areas = (
        Area.objects.active()
        .annotate(places=Count("pairs"))
        .filter(places__gt=1)
        .prefetch_related(Prefetch("pairs", AreaCategory.objects.select_related("category")))
    )
    return [(area, list(area.pairs.all())) for area in areas]


def area_answers_to(area: Area, words: str) -> bool:
    """Whether every word, and each part of one like X-ray, begins a word of the area's name, code or synonyms (pitfall P4).

    The one answer to "which areas are meant?", for every list and for the search over everything.
    """
    known = _parts(" ".join([area.name, area.code, *area.synonyms]))
    wanted = _parts(words)
    return bool(wanted) and all(any(part.startswith(typed) for part in known) for typed in wanted)


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[\s()/\-]+", text.casefold()) if part]


def days_of_note(today: dt.date) -> list[tuple[str, dt.date]]:
    """Days that somebody may want the table of: the published ones, and some years back."""
    printed = PoolSnapshot.objects.order_by("as_of").values_list("as_of", flat=True)
    published = [(_("%(month)s (published)") % {"month": date_format(day, "F Y")}, day) for day in printed]
    back = [(1, _("a year ago")), (3, _("3 years ago")), (5, _("5 years ago")), (10, _("10 years ago"))]
    return [
        (_("today"), today),
        *((words, today - dt.timedelta(days=round(365.25 * n))) for n, words in back),
        *published,
    ]


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area with its categories, the needs stated for it, and its accreditations on a day."""

    area: Area
    pairs: list[AreaCategory]
    priorities: list[AreaPriority]
    fully_accredited: int
    first_step: int

    @property
    def tone(self) -> str:
        return "info" if any(p.kind == PriorityKind.INFORMATION_WANTED for p in self.priorities) else "warn"

    @property
    def is_unknown(self) -> bool:
        """Nobody has informed us: unknown, not zero."""
        wanted = any(priority.kind == PriorityKind.INFORMATION_WANTED for priority in self.priorities)
        return wanted and not self.fully_accredited and not self.first_step


def areas_on(day: dt.date, words: str = "") -> list[AreaRow]:
    """The areas that every word fits, those in use first, in a fixed number of queries."""
    counts: dict[uuid.UUID, dict[str, int]] = {}
    rows = accreditations_on(day).filter(area__isnull=False).order_by()
    for area, stage, number in rows.values_list("area", "stage").annotate(Count("pk")):
        counts.setdefault(area, {})[stage] = number
    stated: dict[uuid.UUID, list[AreaPriority]] = {}
    for priority in priorities_on(day):
        stated.setdefault(priority.area_id, []).append(priority)
    areas = Area.objects.order_by("-is_active", "order", "name").prefetch_related(
        Prefetch("pairs", AreaCategory.objects.select_related("category"))
    )
    typed = words.split()
    return [
        AreaRow(
            area,
            list(area.pairs.all()),
            stated.get(area.pk, []),
            counts.get(area.pk, {}).get(Stage.FULL, 0),
            counts.get(area.pk, {}).get(Stage.FIRST_STEP, 0),
        )
        for area in areas
        if all(area_answers_to(area, word) for word in typed)
    ]


# People in lists


@dataclass(frozen=True, slots=True)
class Step:
    """An accreditation as it stands on a day, and since when."""

    accreditation: Accreditation
    stage: Stage
    since: dt.date | None
    tone: str

    @property
    def label(self) -> str:
        where = self.accreditation
        return where.area.name if where.area else where.category.name

    @property
    def words(self) -> str:
        return _("%(step)s since %(year)s") % {"step": self.stage.words, "year": self.since.year if self.since else ""}

    @property
    def is_alive(self) -> bool:
        return self.stage in ALIVE

    @property
    def cells(self) -> tuple[Any, ...]:
        """As an export writes it."""
        row = self.accreditation
        area = row.area.name if row.area else ""
        return row.category.code, area, self.stage.label, self.since, row.source, row.as_of

    @property
    def code(self) -> str:
        where = self.accreditation
        return f"{where.area.code} ({where.category.code})" if where.area else where.category.code


ALIVE = frozenset({Stage.FULL, Stage.FIRST_STEP, Stage.ENTRY_PENDING})
BEST_FIRST = [Stage.FULL, Stage.FIRST_STEP, Stage.ENTRY_PENDING, Stage.ENDED, Stage.NONE]
TONES = {Stage.FULL: "good", Stage.FIRST_STEP: "info", Stage.ENTRY_PENDING: "warn"}


def steps_on(expert: Expert, day: dt.date) -> list[Step]:
    """A person's accreditations as they stand on a day, alive ones first; reads what is prefetched."""
    steps = []
    for accreditation in expert.accreditations.all():
        stage = accreditation.stage_on(day)
        since = {
            Stage.FULL: accreditation.full_from,
            Stage.ENTRY_PENDING: accreditation.accredited_on,
            Stage.FIRST_STEP: accreditation.first_step_on,
            Stage.ENDED: accreditation.ended_on,
        }.get(stage)
        steps.append(Step(accreditation, stage, since, TONES.get(stage, "neutral")))
    return sorted(steps, key=lambda step: BEST_FIRST.index(step.stage))


def best_step(expert: Expert, day: dt.date) -> Step | None:
    """What the person is best known for on a day; nobody who has left is known for anything."""
    if expert.left_on and expert.left_on <= day:
        return None
    return next((step for step in steps_on(expert, day) if step.is_alive), None)


def languages_known() -> list[str]:
    return list(ExpertLanguage.objects.order_by("language").values_list("language", flat=True).distinct())
