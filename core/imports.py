"""Sheets brought in: kept, read into rows, shown, decided row by row, applied in one transaction, taken back exactly.

An app registers what it can take in when it is ready, and gets the pages, the worker's jobs, the progress and the undo with it:

    imports.register(Importer(kind="past-service", title=…, action="experts.import_service", columns=(Column(…), …),
                              models=(ServicePeriod,), stage=stage, apply=apply))

`stage(staging)` compares: for each row of `staging.rows` (all of them readable) it yields one `ImportRow` with a verdict, a `label`,
a `key` that names the same thing in the next sheet, `data={"says": row.says(), "seen": [[model label, key, version], …]}` and
`take=True` where the rule is to take it. It writes nothing. Most importers need only NEW, UNCHANGED and INVALID (`invalid(…)`); a row
whose `changes` are listed (`change(…)`) is decided field by field. `staging.last` is what the last applied sheet of the kind said,
by key, for those who compare three ways.

`apply(applying)` goes once through the rows that were taken, and the unchanged ones; what is gone comes last. It writes through
`applying.write` (`create`, `change`, `log`) and nothing else, so that the undo knows everything; `applying.stop(row, reason)` refuses
the whole. It may read anything: what a row was compared with is locked, and still of the version that was seen.
"""

import datetime as dt
import itertools
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import history, outbox
from core.dated_policy import policy, read_once
from core.enums import ImportState, RowVerdict
from core.errors import PortalError, SomebodyWasFaster
from core.files import keep
from core.inbox import InboxItem
from core.locks import lock_rows
from core.models import ImportRow, OutboxJob, SheetImport
from core.policies import may
from core.sheets import Column, Sheet, SheetRow, read_sheet
from core.workbooks import SheetRefused
from core.written import AT_ONCE, ChangedSince, Writer, batches, check_unmoved, keep_rows, take_back, unstamp

Way = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Last:
    """What the last applied sheet said under a key, and whose it was."""

    says: dict[str, Any]
    object_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Staging:
    """What an importer compares: the readable rows of the sheet with the last one (the portal it reads itself)."""

    as_of: dt.date
    rows: list[SheetRow]
    unreadable: list[SheetRow]
    last: Mapping[str, Last]
    last_as_of: dt.date | None = None


@dataclass(slots=True)
class Applying:
    """What an importer applies, and the only way it writes."""

    sheet: SheetImport
    rows: Iterable[ImportRow]
    write: Writer
    stamps: list[dict[str, Any]] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)

    def stop(self, row: ImportRow, reason: object) -> None:
        self.stopped.append(f"{row.label}: {reason}")


def no_ways(row: ImportRow) -> list[Way]:
    return []


@dataclass(frozen=True, slots=True)
class Importer:
    """A kind of sheet. `action` is the right asked of whoever opens its pages, `models` what it writes, in the order of locking.

    `ways(row)` gives the answers to a row that can be taken in more than one way, or in none (an empty list means yes or no).
    """

    kind: str
    title: Any
    lead: Any
    action: str
    columns: tuple[Column, ...]
    models: tuple[type[models.Model], ...]
    stage: Callable[[Staging], Iterable[ImportRow]]
    apply: Callable[[Applying], None]
    ways: Callable[[ImportRow], list[Way]] = no_ways
    way_for_all: Mapping[str, str] = field(default_factory=dict)


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    _importers[importer.kind] = importer


def importer_of(kind: str) -> Importer:
    """LookupError for a kind nobody registered."""
    return _importers[kind]


def importers_for(user: Any) -> list[Importer]:
    """The kinds of sheets that this person may bring."""
    return [importer for importer in _importers.values() if may(user, importer.action)]


def register_jobs() -> None:
    outbox.register("sheet_read", lambda job: _work(job, stage))
    outbox.register("sheet_apply", lambda job: _work(job, apply))
    outbox.register("sheet_undo", lambda job: _work(job, undo))


def _work(job: OutboxJob, do: Callable[[uuid.UUID], object]) -> None:
    do(uuid.UUID(job.payload["import_id"]))


# Rows, as importers make them


def invalid(row: SheetRow, column: str, reason: object) -> ImportRow:
    """A row that cannot be read, with the column and the reason."""
    return ImportRow(
        sheet=row.sheet[:40],
        number=row.number,
        verdict=RowVerdict.INVALID,
        label=" ".join(str(part) for part in list(row.says().values())[:3])[:200],
        column=column,
        reason=str(reason),
        data={"says": says(row)},
    )


def change(
    name: str, label: object, *, last: object, portal: object, sheet: object, take: bool = True
) -> dict[str, Any]:
    """One field of a row that would change: what the last sheet said, what stands here, what this sheet says."""
    return {
        "field": name,
        "label": str(label),
        "last": _words(last),
        "portal": _words(portal),
        "sheet": _words(sheet),
        "take": take,
    }


def _words(value: object) -> str:
    return "" if value in {None, ""} else str(value)


def says(row: SheetRow) -> dict[str, str]:
    """What the row says, as text: days in ISO, of a cell that cannot be read the reason."""
    return {name: str(getattr(cell, "reason", cell)) for name, cell in row.says().items()}


# Bringing and reading


@transaction.atomic
def bring(
    kind: str, *, data: bytes, name: str, content_type: str, as_of: dt.date, by: Any, queue: bool = True
) -> SheetImport:
    """Keep the file as it came and have it read. PortalError for a day still to come."""
    importer_of(kind)
    kept = keep(data, name=name, content_type=content_type, by=by)
    sheet = SheetImport.objects.create(kind=kind, file=kept, as_of=as_of, by=by)
    history.record(sheet, "brought", _("Brought in"), by=by, note=name)
    if queue:
        outbox.enqueue("sheet_read", about=name, import_id=sheet.pk)
    return sheet


def last_applied(kind: str) -> SheetImport | None:
    return SheetImport.objects.filter(kind=kind, state=ImportState.APPLIED).order_by("-applied_at").first()


def _staging(importer: Importer, sheet: Sheet, as_of: dt.date, base: SheetImport | None) -> Iterator[ImportRow]:
    readable, unreadable = [], []
    for row in sheet.rows:
        bad = row.bad
        if bad:
            unreadable.append(row)
            yield invalid(row, *bad)
        else:
            readable.append(row)
    last = {}
    if base is not None:
        rows = base.rows.exclude(key="").exclude(verdict=RowVerdict.GONE).values_list("key", "data", "object_id")
        last = {key: Last(data.get("says", {}), found) for key, data, found in rows.iterator(chunk_size=AT_ONCE)}
    yield from importer.stage(Staging(as_of, readable, unreadable, last, base.as_of if base else None))


def dry_run(kind: str, data: bytes, as_of: dt.date) -> tuple[list[ImportRow], list[str]]:
    """The rows as they would be staged, and what else was noticed; nothing is written. SheetRefused as `read_sheet`."""
    importer = importer_of(kind)
    with read_once():
        sheet = read_sheet(data, importer.columns, most=int(policy("import.max_rows")))
        return list(_staging(importer, sheet, as_of, last_applied(kind))), sheet.remarks


def stage(pk: uuid.UUID) -> None:
    """Read the file and compare it with the last one and the portal; done twice it does the same. What a person has decided
    of a row that reads the same as before stays decided."""
    sheet_import = SheetImport.objects.select_related("file").get(pk=pk)
    if sheet_import.state != ImportState.READING:
        return
    importer = importer_of(sheet_import.kind)
    try:
        with sheet_import.file.blob.open("rb") as file, read_once():
            sheet = read_sheet(file.read(), importer.columns, most=int(policy("import.max_rows")))
        base = last_applied(sheet_import.kind)
        counts = _keep_staged(sheet_import, importer, sheet, base)
    except PortalError as error:
        _end(sheet_import, ImportState.REFUSED, message=str(error.sentence))
        return
    _end(sheet_import, ImportState.STAGED, counts=counts, base=base, remarks=sheet.remarks, message="")


def _keep_staged(
    sheet_import: SheetImport, importer: Importer, sheet: Sheet, base: SheetImport | None
) -> dict[str, int]:
    progress = SheetImport.objects.filter(pk=sheet_import.pk)
    progress.update(total=len(sheet.rows), done=0)
    decided = _decisions(sheet_import)
    sheet_import.rows.all().delete()
    counts: Counter[str] = Counter()
    done = 0
    staged = _staging(importer, sheet, sheet_import.as_of, base)
    while some := list(itertools.islice(staged, AT_ONCE)):
        for row in some:
            row.sheet_import = sheet_import
            row.key = row.key[:200]
            row.label = row.label[:200]
            before = decided.get(_sameness(row))
            if before is not None:
                row.take, row.choice, row.changes = before
        ImportRow.objects.bulk_create(some, batch_size=AT_ONCE)
        counts.update(row.verdict for row in some)
        done += len(some)
        progress.update(done=min(done, len(sheet.rows)))
    return dict(counts)


def _sameness(row: ImportRow) -> str:
    changes = [[one[name] for name in ("field", "last", "portal", "sheet")] for one in row.changes]
    return json.dumps([row.sheet, row.number, row.verdict, row.key, changes])


def _decisions(sheet_import: SheetImport) -> dict[str, tuple[bool, str, list[Any]]]:
    """By what a row says: how it was decided, if somebody decided anything."""
    if not sheet_import.counts.get("decided"):
        return {}
    rows = sheet_import.rows.exclude(verdict__in=[RowVerdict.INVALID, RowVerdict.UNCHANGED])
    return {_sameness(row): (row.take, row.choice, row.changes) for row in rows.iterator(chunk_size=AT_ONCE)}


@transaction.atomic
def _end(sheet_import: SheetImport, state: str, **fields: Any) -> None:
    """The end of a step: the worker's word is the last one, unless somebody has put the sheet away meanwhile."""
    fresh = _fresh(sheet_import)
    if not fresh.is_at_work:
        return
    for name, value in fields.items():
        setattr(fresh, name, value)
    _move(fresh, state, *fields)
    history.record(
        fresh, "read", _("Read") if state == ImportState.STAGED else _("Not read"), by=None, note=fresh.message
    )


def _fresh(sheet_import: SheetImport) -> SheetImport:
    rows = lock_rows(SheetImport.objects.filter(pk=sheet_import.pk))
    if not rows:
        raise SomebodyWasFaster
    return rows[0]


def _move(fresh: SheetImport, state: str, *fields: str) -> None:
    fresh.state = state
    fresh.version += 1
    fresh.save(update_fields=["state", "version", *fields])


def _hand_over(fresh: SheetImport, state: str, *fields: str) -> None:
    """To a worker, who begins to count anew."""
    fresh.message, fresh.done = "", 0
    _move(fresh, state, "message", "done", *fields)


def _open(sheet_import: SheetImport, version: int | None = None) -> SheetImport:
    """Locked and still to be decided, or SomebodyWasFaster."""
    fresh = _fresh(sheet_import)
    if not fresh.is_open or (version is not None and fresh.version != version):
        raise SomebodyWasFaster
    return fresh


# Deciding


def ways_of(row: ImportRow) -> list[Way]:
    return importer_of(row.sheet_import.kind).ways(row)


def set_decision(row: ImportRow, ways: list[Way], *, take: bool, way: str = "", fields: Iterable[int] = ()) -> None:
    """Take a row or leave it: in one of its ways, field by field, or just so. What it does not offer is left."""
    if ways:
        row.choice = way if way in dict(ways) else ""
        row.take = bool(row.choice)
    elif row.verdict == RowVerdict.CHANGED:
        chosen = set(fields)
        for number, one in enumerate(row.changes):
            one["take"] = number in chosen
        row.take = any(one["take"] for one in row.changes)
    else:
        row.take = take and row.verdict == RowVerdict.NEW


@dataclass(frozen=True, slots=True)
class RowDecision:
    take: bool = False
    way: str = ""
    fields: frozenset[int] = frozenset()


@transaction.atomic
def decide(sheet_import: SheetImport, decisions: Mapping[uuid.UUID, RowDecision]) -> int:
    """Keep what a person decided of some rows; how many there were. SomebodyWasFaster once the sheet is no longer open."""
    fresh = _open(sheet_import)
    importer = importer_of(fresh.kind)
    rows = list(fresh.rows.filter(pk__in=decisions, verdict__in=DECIDED))
    for row in rows:
        said = decisions[row.pk]
        set_decision(row, importer.ways(row), take=said.take, way=said.way, fields=said.fields)
    _keep_decisions(fresh, rows)
    return len(rows)


DECIDED = (RowVerdict.NEW, RowVerdict.CHANGED, RowVerdict.GONE, RowVerdict.AMBIGUOUS)


@transaction.atomic
def decide_all(sheet_import: SheetImport, verdict: str, *, take: bool) -> None:
    """Take or leave every row of a verdict; rows with several ways are taken in the way that the importer names, or not."""
    fresh = _open(sheet_import)
    importer = importer_of(fresh.kind)
    rows = list(fresh.rows.filter(verdict=verdict).filter(verdict__in=DECIDED))
    for row in rows:
        fields = range(len(row.changes)) if take else ()
        way = importer.way_for_all.get(verdict, "") if take else ""
        set_decision(row, importer.ways(row), take=take, way=way, fields=fields)
    _keep_decisions(fresh, rows)


def _keep_decisions(fresh: SheetImport, rows: list[ImportRow]) -> None:
    keep_rows(rows, ["take", "choice", "changes"])
    fresh.counts["decided"] = True
    fresh.version += 1
    fresh.save(update_fields=["counts", "version"])


def can_take_all(importer: Importer, verdict: str) -> bool:
    return verdict in {RowVerdict.NEW, RowVerdict.CHANGED} or verdict in importer.way_for_all


def taken(sheet_import: SheetImport) -> dict[str, tuple[int, int]]:
    """By verdict: how many rows are taken, and how many there are."""
    rows = sheet_import.rows.order_by().values_list("verdict", "take").annotate(n=models.Count("pk"))
    found: dict[str, tuple[int, int]] = {}
    for verdict, take, n in rows:
        yes, all_of_it = found.get(verdict, (0, 0))
        found[verdict] = (yes + n * take, all_of_it + n)
    return found


# Applying


@transaction.atomic
def ask_to_apply(sheet_import: SheetImport, *, by: Any, version: int | None = None, queue: bool = True) -> SheetImport:
    """The person's yes to what was shown; a worker does it. SomebodyWasFaster if anything was decided otherwise since."""
    fresh = _open(sheet_import, version)
    fresh.applied_by = by
    _hand_over(fresh, ImportState.APPLYING, "applied_by")
    if queue:
        outbox.enqueue("sheet_apply", about=fresh.file.name, import_id=fresh.pk)
    return fresh


def apply(pk: uuid.UUID) -> SheetImport:
    """Write what was taken, in one transaction, or nothing at all: then the sheet is open again and says why."""
    try:
        with transaction.atomic(), read_once():
            return _apply(pk)
    except PortalError as error:
        return _stays(pk, error, ImportState.APPLYING, ImportState.STAGED, ("not_applied", _("Not applied")))


@transaction.atomic
def _stays(pk: uuid.UUID, error: PortalError, during: str, state: str, trace: tuple[str, str]) -> SheetImport:
    """Nothing was written: the sheet is what it was before and says why."""
    fresh = _fresh(SheetImport(pk=pk))
    if fresh.state == during:
        fresh.message = str(error.sentence)
        _move(fresh, state, "message")
        history.record(fresh, *trace, by=None, note=fresh.message)
    return fresh


def _apply(pk: uuid.UUID) -> SheetImport:
    fresh = _locked_among_its_kind(pk)
    if fresh.state != ImportState.APPLYING:
        return fresh
    importer = importer_of(fresh.kind)
    base = last_applied(fresh.kind)
    if (base and base.pk) != fresh.base_id:
        raise ChangedSince(
            _("Another sheet was applied or taken back since this one was read. Please have it read again."), []
        )
    taken_rows = fresh.rows.filter(take=True).values_list("label", "data")
    check_unmoved(taken_rows.iterator(chunk_size=AT_ONCE), importer.models)
    write = Writer(importer.models, by=fresh.applied_by, reason=f"{fresh.file.name}, {fresh.as_of}")
    applying = Applying(fresh, _written_by_and_by(fresh, write), write)
    importer.apply(applying)
    if applying.stopped:
        raise ChangedSince(_("Since the sheet was read, this has changed here:"), applying.stopped)
    write.finish(())
    fresh.written, fresh.applied_at = applying.stamps, timezone.now()
    _move(fresh, ImportState.APPLIED, "written", "applied_at")
    history.record(fresh, "applied", _("Applied"), by=fresh.applied_by)
    return fresh


def _written_by_and_by(fresh: SheetImport, write: Writer) -> Iterator[ImportRow]:
    """The rows to apply, some at a time: what those before have written goes out before the next are read."""
    rows = fresh.rows.filter(models.Q(take=True) | models.Q(verdict=RowVerdict.UNCHANGED))
    is_gone = models.Case(models.When(verdict=RowVerdict.GONE, then=1), default=0)
    for keys in batches(list(rows.order_by(is_gone, "sheet", "number", "pk").values_list("pk", flat=True))):
        found = ImportRow.objects.in_bulk(keys)
        some = [found[key] for key in keys]
        for row in some:
            row.sheet_import = fresh
            yield row
        write.finish(some)


def _locked_among_its_kind(pk: uuid.UUID) -> SheetImport:
    """Sheets of one kind are applied and taken back one after the other."""
    kind = SheetImport.objects.values_list("kind", flat=True).get(pk=pk)
    return next(row for row in lock_rows(SheetImport.objects.filter(kind=kind)) if row.pk == pk)


# Taking back, reading again, putting away


def can_undo(sheet_import: SheetImport) -> bool:
    """Only the last applied one of its kind."""
    last = last_applied(sheet_import.kind)
    return last is not None and last.pk == sheet_import.pk


@transaction.atomic
def ask_to_undo(sheet_import: SheetImport, *, by: Any, version: int | None = None, queue: bool = True) -> SheetImport:
    """Have the last applied sheet of its kind taken back."""
    fresh = _fresh(sheet_import)
    if (version is not None and fresh.version != version) or not fresh.is_applied:
        raise SomebodyWasFaster
    if not can_undo(fresh):
        raise PortalError(_("A later sheet was applied; that one has to be taken back first."))
    fresh.undone_by = by
    _hand_over(fresh, ImportState.UNDOING, "undone_by")
    if queue:
        outbox.enqueue("sheet_undo", about=fresh.file.name, import_id=fresh.pk)
    return fresh


def undo(pk: uuid.UUID) -> SheetImport:
    """Everything the sheet wrote is as it was before, or nothing happens and the sheet says what has changed since."""
    try:
        with transaction.atomic():
            fresh = _locked_among_its_kind(pk)
            if fresh.state != ImportState.UNDOING:
                return fresh
            importer = importer_of(fresh.kind)
            reason = f"{_('Taken back')}: {fresh.file.name}"
            take_back(fresh.rows.exclude(written=[]), importer.models, by=fresh.undone_by, reason=reason)
            unstamp(fresh.written)
            fresh.undone_at = timezone.now()
            _move(fresh, ImportState.UNDONE, "undone_at")
            history.record(fresh, "undone", _("Taken back"), by=fresh.undone_by)
            return fresh
    except PortalError as error:
        return _stays(pk, error, ImportState.UNDOING, ImportState.APPLIED, ("not_undone", _("Not taken back")))


@transaction.atomic
def read_again(sheet_import: SheetImport, *, by: Any) -> SheetImport:
    """Compare the same file anew; what was decided of rows that read the same stays."""
    fresh = _open(sheet_import)
    _hand_over(fresh, ImportState.READING)
    outbox.enqueue("sheet_read", about=fresh.file.name, import_id=fresh.pk)
    history.record(fresh, "again", _("To be read again"), by=by)
    return fresh


@transaction.atomic
def put_away(sheet_import: SheetImport, *, by: Any) -> SheetImport:
    """Nothing of it will be applied; the file and its rows stay to be looked at."""
    fresh = _fresh(sheet_import)
    if fresh.state not in {ImportState.STAGED, ImportState.READING}:
        raise SomebodyWasFaster
    _move(fresh, ImportState.DROPPED)
    history.record(fresh, "dropped", _("Put away"), by=by)
    return fresh


# The inbox

SENTENCE = gettext_lazy("Decide on the sheet %(name)s: %(n)d rows")


def waiting(user: Any, party: str) -> Iterator[InboxItem]:
    """Sheets that were read and wait to be decided, for whoever may."""
    if party not in {"rocb", "secretariat"}:
        return
    for sheet in SheetImport.objects.visible_to(user).filter(state=ImportState.STAGED).select_related("file"):
        if may(user, importer_of(sheet.kind).action):
            rows = sum(n for verdict, n in sheet.counts.items() if verdict in DECIDED)
            yield InboxItem(
                sentence=str(SENTENCE) % {"name": sheet.file.name, "n": rows},
                since=sheet.created_at,
                url=sheet.get_absolute_url(),
                button=_("Decide"),
                object_id=sheet.pk,
            )


__all__ = [
    "Applying", "Importer", "Last", "RowDecision", "SheetRefused", "Staging", "apply", "ask_to_apply", "ask_to_undo", "bring",
    "can_take_all", "can_undo", "change", "decide", "decide_all", "dry_run", "importer_of", "importers_for", "invalid",
    "last_applied", "put_away", "read_again", "register", "register_jobs", "says", "stage", "taken", "undo", "waiting", "ways_of",
]  # fmt: skip
