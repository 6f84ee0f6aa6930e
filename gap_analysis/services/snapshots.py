"""Building the gap snapshots: one at a time, in one transaction, never changed afterwards; published by ROCB (§5.1)."""

import datetime as dt
import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history, outbox
from core.clock import today
from core.dated_policy import read_once
from core.errors import InvalidAnswers, TransitionRefused
from core.files import keep
from core.locks import lock_row
from experts.models import Expert
from gap_analysis.enums import NeedLevel
from gap_analysis.levels import Gap
from gap_analysis.models import GapCell, GapRow, GapSnapshot
from gap_analysis.queries import GapTable, Quarters, gaps_on, needs_stated, weeks_by_quarter
from members.models import Administration

LOST_AFTER = dt.timedelta(minutes=15)
STEPS = 4

Progress = Callable[[int], None]


def start_build(*, by: Any, as_of: dt.date | None = None) -> GapSnapshot:
    """Ask for a snapshot of a day (today if not given); a worker builds it.

    TransitionRefused while one is being built; InvalidAnswers for a day still to come.
    """
    day = as_of or today()
    if day > today():
        raise InvalidAnswers({"as_of": _("This day is still to come.")})
    give_up_lost_builds()
    try:
        with transaction.atomic():
            snapshot = GapSnapshot.objects.create(as_of=day, by=by, total=STEPS)
            outbox.enqueue("gap_build", about=snapshot, object_id=snapshot.pk)
    except IntegrityError as error:
        raise TransitionRefused(_("A snapshot is being built just now. Please wait until it is done.")) from error
    return snapshot


def give_up_lost_builds() -> int:
    """A build whose worker died long ago has failed; the last good snapshot stands as before."""
    lost = GapSnapshot.objects.filter(is_building=True, created_at__lt=timezone.now() - LOST_AFTER)
    return lost.update(
        is_building=False, failed_at=timezone.now(), message=_("The worker was lost while this was being built.")
    )


def build(snapshot: GapSnapshot) -> GapSnapshot:
    """Build what was asked for and return the snapshot that says it: this one, or the last of its day if nothing has changed.

    Safe to run again after a worker died: nothing shows before everything is written. A failure is kept on the row and raised.
    """

    def progress(step: int) -> None:
        GapSnapshot.objects.filter(pk=snapshot.pk).update(done=step)

    try:
        return _build(snapshot, progress)
    except Exception as error:
        GapSnapshot.objects.filter(pk=snapshot.pk, is_building=True).update(
            is_building=False, failed_at=timezone.now(), message=f"{type(error).__name__}: {error}"
        )
        raise


@read_once()
def _build(snapshot: GapSnapshot, progress: Progress) -> GapSnapshot:
    table = gaps_on(snapshot.as_of)
    progress(1)
    quarters = weeks_by_quarter(table)
    progress(2)
    rows = [_row(snapshot, table, gap, quarters) for gap in table.gaps]
    cells = _cells(snapshot, table)
    figures = {"quarters": quarters.rows, "free": _free(table, quarters), **_people(table)}
    method = {"floor": table.floor, "comfort": table.comfort}
    digest = _digest(table, rows, cells, figures, method)
    progress(3)
    with transaction.atomic():
        fresh = lock_row(snapshot)
        if not fresh.is_building:
            return fresh
        same = GapSnapshot.objects.good().filter(as_of=fresh.as_of).first()
        if same and same.digest == digest:
            fresh.delete()
            return same
        GapRow.objects.bulk_create(rows)
        GapCell.objects.bulk_create(cells, batch_size=2000)
        fresh.figures, fresh.method, fresh.digest = figures, method, digest
        fresh.is_building, fresh.built_at, fresh.done = False, timezone.now(), STEPS
        fresh.save(update_fields=["figures", "method", "digest", "is_building", "built_at", "done"])
    return fresh


def _row(snapshot: GapSnapshot, table: GapTable, gap: Gap, quarters: Quarters) -> GapRow:
    facts, area = gap.facts, gap.facts.area
    supply, demand = table.supply.get(area.pk), table.demand.get(area.pk)
    people = {name: sorted(str(key) for key in getattr(supply, name)) for name in GapRow.GROUPS} if supply else {}
    lines = [
        {
            "member": str(line.member),
            "year": line.year,
            "weeks": line.weeks,
            "quarter": quarters.places.get((line.area, line.member, line.year)),
            "statements": [
                {"origin": str(s.origin), "words": s.words, "weeks": s.weeks, "object": str(s.object_id)}
                for s in line.statements
            ],
        }
        for line in (demand.lines if demand else ())
    ]
    return GapRow(
        snapshot=snapshot,
        area=area,
        rank=gap.rank,
        level=gap.level,
        fully_accredited=facts.fully_accredited,
        first_step=facts.first_step,
        candidates=facts.candidates,
        free_weeks=facts.free_weeks,
        demand_members=facts.demand_members,
        demand_weeks=facts.demand_weeks,
        priority=facts.priority is not None,
        people=people,
        demands=sorted(lines, key=lambda line: (line["member"], line["year"])),
    )


def _cells(snapshot: GapSnapshot, table: GapTable) -> list[GapCell]:
    """Every area in every active administration that has people in it or a need, with the strongest need that was stated."""
    people = {
        key
        for supply in table.supply.values()
        for group in (supply.full, supply.first_step, supply.candidates)
        for key in group
    }
    home = dict(Expert.objects.filter(pk__in=people).order_by().values_list("pk", "administration")) if people else {}
    cells: dict[tuple[uuid.UUID, uuid.UUID], GapCell] = {}

    def cell(area: uuid.UUID, administration: uuid.UUID) -> GapCell:
        return cells.setdefault(
            (area, administration), GapCell(snapshot=snapshot, area_id=area, administration_id=administration)
        )

    active = set(Administration.objects.filter(is_active=True).values_list("pk", flat=True))
    shown = {gap.facts.area.pk for gap in table.gaps}
    for area, supply in table.supply.items():
        if area in shown:
            for key in supply.full:
                cell(area, home[key]).fully_accredited += 1
            for key in supply.first_step | supply.candidates:
                cell(area, home[key]).pipeline += 1
    weeks: dict[tuple[uuid.UUID, uuid.UUID], float] = defaultdict(float)
    for area, demand in table.demand.items():
        for line in demand.lines:
            if area in shown:
                stated = cell(area, line.member)
                stated.need = stated.need or NeedLevel.MEDIUM
                if line.weeks is not None:
                    weeks[area, line.member] += line.weeks
                    stated.weeks = round(weeks[area, line.member], 1)
    for area, member, need in needs_stated(table.as_of):
        if area in shown:
            cell(area, member).need = need
    return [cells[key] for key in sorted(cells) if key[1] in active]


def _free(table: GapTable, quarters: Quarters) -> dict[str, list[int]]:
    """For each fully accredited person the days still free in the 12 months, and in each quarter."""
    year = {key: days for supply in table.supply.values() for key, days in supply.days.items()}
    return {str(key): [year[key], *quarters.days[key]] for key in sorted(year)}


def _people(table: GapTable) -> dict[str, int]:
    """Distinct people of the region: never the sum of the areas (pitfall P1)."""

    def distinct(name: str) -> int:
        return len({key for supply in table.supply.values() for key in getattr(supply, name)})

    return {name: distinct(name) for name in GapRow.GROUPS}


def _digest(table: GapTable, rows: list[GapRow], cells: list[GapCell], figures: Any, method: Any) -> str:
    """The same facts give the same digest, whenever and by whomever they are counted."""
    said = [
        [
            [row.rank, row.area.code, row.level, row.people, row.demands, float(row.free_weeks), row.priority]
            for row in rows
        ],
        [[str(c.area_id), str(c.administration_id), c.fully_accredited, c.pipeline, c.need, c.weeks] for c in cells],
        [table.as_of.isoformat(), figures, method],
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


@transaction.atomic
def publish(snapshot: GapSnapshot, *, note: str, by: Any) -> GapSnapshot:
    """Share a built snapshot with the Secretariat, with ROCB's note; once, and never taken back (§5.1)."""
    fresh = lock_row(snapshot)
    if fresh.built_at is None:
        raise TransitionRefused(_("It has not been built to the end."))
    if fresh.published_at is not None:
        raise TransitionRefused(_("It has been published already."))
    fresh.published_at, fresh.published_by, fresh.note = timezone.now(), by, note.strip()
    fresh.save(update_fields=["published_at", "published_by", "note"])
    history.record(fresh, "published", _("Published to the Secretariat"), by=by, note=note)
    outbox.enqueue("gap_published", about=fresh, object_id=fresh.pk)
    outbox.enqueue("gap_report", about=fresh, object_id=fresh.pk)
    return fresh


@transaction.atomic
def keep_report(snapshot: GapSnapshot, data: bytes, *, name: str) -> GapSnapshot:
    """Keep the PDF of a published snapshot, once."""
    fresh = lock_row(snapshot)
    if fresh.published_at and fresh.document_id is None:
        fresh.document = keep(data, name=name, content_type="application/pdf")
        fresh.save(update_fields=["document"])
    return fresh
