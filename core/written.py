"""What a sheet wrote: many rows at once with their histories, remembered before and after, and taken back exactly or not at all."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from core.errors import PortalError
from core.locks import lock_rows
from core.models import ImportRow, LogEntry, Versioned, plain

AT_ONCE = 2_000
NAMED = 20  # of what stands in the way; the rest is counted

Model = type[models.Model]


class ChangedSince(PortalError):
    """What was looked at, or written, is no longer as it was; `lines` says what."""

    def __init__(self, sentence: object, lines: Sequence[str]) -> None:
        self.lines = list(lines)
        more = len(self.lines) - NAMED
        shown = self.lines[:NAMED] + ([_("… and %(n)d more") % {"n": more}] if more > 0 else [])
        super().__init__("\n".join([str(sentence), *shown]))


class Writer:
    """Collects what the rows of a sheet create and change, and writes it all at once, in the order of `order`.

    Every object keeps a line in its own history and raises its version once; `ImportRow.written` keeps before and after. What has
    been collected goes out with `finish`, which may be called for some rows after the other, so that a long sheet fits into memory.
    """

    def __init__(self, order: Sequence[Model], *, by: Any, reason: str) -> None:
        self.order, self.by, self.reason = order, by, reason
        self.raised: set[Any] = set()
        self.created: dict[Model, list[Any]] = defaultdict(list)
        self.changed: dict[Model, dict[Any, Any]] = defaultdict(dict)
        self.fields: dict[Any, set[str]] = defaultdict(set)
        self.lines: list[LogEntry] = []

    def create(self, row: ImportRow, obj: Any) -> None:
        self.created[type(obj)].append(obj)
        row.written.append({"model": obj._meta.label_lower, "id": str(obj.pk), "before": None, "after": _values(obj)})

    def change(self, row: ImportRow, obj: Any, **values: Any) -> None:
        """Set fields of a stored object, or of one created here, by their column names (`workshop_id`)."""
        before = {name: plain(getattr(obj, name)) for name in values}
        for name, value in values.items():
            setattr(obj, name, value)
        after = {name: plain(getattr(obj, name)) for name in values}
        row.written.append({"model": obj._meta.label_lower, "id": str(obj.pk), "before": before, "after": after})
        if obj._state.adding:
            return
        if isinstance(obj, Versioned) and obj.pk not in self.raised:
            obj.version += 1
            self.fields[obj.pk].add("version")
            self.raised.add(obj.pk)
        self.changed[type(obj)][obj.pk] = obj
        self.fields[obj.pk] |= {_field_name(obj, name) for name in values}

    def log(self, obj: Any, name: str, title: str, note: str = "") -> None:
        """A line for the history page of `obj`."""
        by = self.by
        self.lines.append(
            LogEntry(
                kind=obj._meta.label_lower,
                object_id=obj.pk,
                name=name,
                title=title,
                by=by,
                actor=str(by) if by is not None else str(_("the portal itself")),
                note=note,
            )
        )

    def finish(self, rows: Iterable[ImportRow]) -> None:
        for model in self.order:
            _create(model, self.created[model], by=self.by, reason=self.reason)
            self.raised.update(obj.pk for obj in self.created[model])
            by_fields: dict[frozenset[str], list[Any]] = defaultdict(list)
            for obj in self.changed[model].values():
                by_fields[frozenset(self.fields[obj.pk])].append(obj)
            for fields, objects in by_fields.items():
                _update(model, objects, sorted(fields), by=self.by, reason=self.reason)
        LogEntry.objects.bulk_create(self.lines, batch_size=AT_ONCE)
        keep_rows([row for row in rows if row.written], ["written", "object_id"])
        for collected in (self.created, self.changed, self.fields, self.lines):
            collected.clear()


def keep_rows(rows: Sequence[ImportRow], fields: list[str]) -> None:
    """Save some fields of many rows of a sheet."""
    ImportRow.objects.bulk_create(
        rows, batch_size=AT_ONCE, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )


def _create(model: Model, objects: list[Any], *, by: Any, reason: str) -> None:
    for some in batches(objects):
        model._default_manager.bulk_create(some)
        _remember(model, some, by=by, reason=reason)


def _update(model: Model, objects: list[Any], fields: list[str], *, by: Any, reason: str) -> None:
    for some in batches(objects):
        model._default_manager.bulk_update(some, fields, batch_size=200)
        _remember(model, some, by=by, reason=reason, update=True)


def _delete(model: Model, keys: list[Any], *, by: Any, reason: str) -> None:
    """Rows on which nothing hangs any more, with a last line in their histories; one by one it would take minutes."""
    rows = model._default_manager.filter(pk__in=keys)
    if hasattr(model, "history"):
        last = model.history.bulk_history_create(
            list(rows), batch_size=AT_ONCE, default_user=by, default_change_reason=reason[:100]
        )
        model.history.filter(history_id__in=[line.history_id for line in last]).update(history_type="-")
    rows._raw_delete(rows.db)


def _remember(model: Model, objects: list[Any], *, by: Any, reason: str, update: bool = False) -> None:
    """Rows written together have their histories too."""
    if hasattr(model, "history"):
        model.history.bulk_history_create(
            objects, batch_size=AT_ONCE, update=update, default_user=by, default_change_reason=reason[:100]
        )


def _field_name(obj: Any, name: str) -> str:
    try:
        return str(obj._meta.get_field(name).name)
    except FieldDoesNotExist:
        return name.removesuffix("_id")


def _values(obj: Any) -> dict[str, Any]:
    """Every column but the key, the version and the moment of creation."""
    left_out = {"id", "version", "created_at"}
    return {f.attname: plain(getattr(obj, f.attname)) for f in obj._meta.concrete_fields if f.attname not in left_out}


def batches(objects: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(objects), AT_ONCE):
        yield objects[start : start + AT_ONCE]


def chunks(keys: Iterable[Any]) -> Iterator[list[Any]]:
    """In the order in which rows are locked."""
    return batches(sorted(keys))


def each_locked(model: Model, keys: Iterable[Any]) -> Iterator[Any]:
    """Fresh copies, locked in the order of their keys, some at a time; whoever is no longer there is left out."""
    for some in chunks(keys):
        yield from lock_rows(model._default_manager.filter(pk__in=some))


def check_unmoved(rows: Iterable[tuple[str, dict[str, Any]]], order: Sequence[Model]) -> None:
    """ChangedSince if something that a row (its label and its data) was compared with is no longer of the version that was seen;
    locks what it looks at.
    """
    seen: dict[str, dict[uuid.UUID, tuple[int, str]]] = defaultdict(dict)
    for about, data in rows:
        for label, key, version in data.get("seen", ()):
            seen[label][uuid.UUID(key)] = (version, about)
    moved: dict[str, None] = {}
    for model in order:
        wanted = seen[model._meta.label_lower]
        versions = {obj.pk: obj.version for obj in each_locked(model, wanted)}
        for key, (version, label) in wanted.items():
            if key not in versions:
                moved[_("%(what)s: is no longer there") % {"what": label}] = None
            elif versions[key] != version:
                moved[_("%(what)s: has been changed") % {"what": label}] = None
    if moved:
        raise ChangedSince(_("Since the sheet was read, this has changed here:"), list(moved))


# Taking back


def take_back(rows: models.QuerySet[ImportRow], order: Sequence[Model], *, by: Any, reason: str) -> None:
    """Every field that the rows wrote gets back what it had, and what they created goes; ChangedSince if any of it is not as written.

    Versions rise once more: a form drawn in between must not pass for a fresh one.
    """
    created: dict[str, set[Any]] = defaultdict(set)
    before: dict[str, dict[Any, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for line in _lines(rows):
        if line["before"] is None:
            created[line["model"]].add(uuid.UUID(line["id"]))
            continue
        for name, value in line["before"].items():
            before[line["model"]][uuid.UUID(line["id"])].setdefault(name, value)
    _check_as_written(rows, created, order)
    for model in order:
        label = model._meta.label_lower
        by_fields: dict[frozenset[str], list[Any]] = defaultdict(list)
        for obj in each_locked(model, before[label].keys() - created[label]):
            fields = set()
            for name, value in before[label][obj.pk].items():
                field = _field(model, name)
                setattr(obj, name, field.to_python(value))
                fields.add(field.name)
            if isinstance(obj, Versioned):
                obj.version += 1
                fields.add("version")
            by_fields[frozenset(fields)].append(obj)
        for names, found in by_fields.items():
            _update(model, found, sorted(names), by=by, reason=reason)
    for model in reversed(order):
        for some in chunks(created[model._meta.label_lower]):
            _delete(model, some, by=by, reason=reason)


def _lines(rows: models.QuerySet[ImportRow]) -> Iterator[dict[str, Any]]:
    """What the rows wrote, line by line; read anew each time, since a long sheet has more of it than memory should hold."""
    for written in rows.values_list("written", flat=True).iterator(chunk_size=AT_ONCE):
        yield from written


def _field(model: Model, name: str) -> Any:
    return next(f for f in model._meta.concrete_fields if name in {f.attname, f.name})


def _check_as_written(rows: models.QuerySet[ImportRow], created: dict[str, set[Any]], order: Sequence[Model]) -> None:
    lines: dict[str, None] = {}
    for model in order:
        label = model._meta.label_lower
        wanted: dict[uuid.UUID, dict[str, Any]] = defaultdict(dict)
        for line in _lines(rows):
            if line["model"] == label:
                wanted[uuid.UUID(line["id"])] |= line["after"]
        there = 0
        for obj in each_locked(model, wanted):
            there += 1
            for name, value in wanted[obj.pk].items():
                if plain(getattr(obj, name)) != value:
                    words = {"what": obj, "field": _field(model, name).verbose_name}
                    lines[_("%(what)s: %(field)s has been changed") % words] = None
        if gone := len(wanted) - there:
            lines[_("%(n)d × %(what)s: no longer there") % {"n": gone, "what": model._meta.verbose_name}] = None
        lines |= dict.fromkeys(_hanging_on(model, created))
    if lines:
        raise ChangedSince(_("This cannot be taken back any more. Since it was applied:"), list(lines))


def _hanging_on(model: Model, created: dict[str, set[Any]]) -> Iterator[str]:
    """What others have hung on the objects that the sheet created, found by walking the relations of the model."""
    relations: list[Any] = model._meta.get_fields(include_hidden=True)
    for relation in relations:
        if not relation.auto_created or relation.concrete or not (relation.one_to_many or relation.one_to_one):
            continue
        if not relation.field.db_constraint:  # histories only remember
            continue
        other: Any = relation.related_model
        own = created[other._meta.label_lower]
        name = relation.field.name
        for some in chunks(created[model._meta.label_lower]):
            for row in other._default_manager.filter(**{f"{name}__in": some}).select_related(name)[: len(own) + NAMED]:
                if row.pk not in own:
                    yield _("%(what)s: something new hangs on it (%(kind)s)") % {
                        "what": getattr(row, name),
                        "kind": other._meta.verbose_name,
                    }


def model_of(label: str) -> Model:
    return apps.get_model(label)


def stamp(model: Model, field: str, keys: Iterable[Any], value: Any) -> list[dict[str, Any]]:
    """Set one field of many stored rows without raising a version: only how lately they were confirmed. Gives what to remember."""
    old: dict[Any, list[str]] = defaultdict(list)
    for some in chunks(keys):
        for key, was in model._default_manager.filter(pk__in=some).values_list("pk", field):
            if was is None or was < value:
                old[was].append(str(key))
    for ids in old.values():
        for some in chunks(ids):
            model._default_manager.filter(pk__in=some).update(**{field: value})
    return [
        {"model": model._meta.label_lower, "field": field, "before": plain(was), "after": plain(value), "ids": ids}
        for was, ids in old.items()
    ]


def unstamp(lines: Iterable[dict[str, Any]]) -> None:
    """Undo `stamp` where the field is still as it was stamped."""
    for line in lines:
        for some in chunks(line["ids"]):
            rows = model_of(line["model"])._default_manager.filter(pk__in=some, **{line["field"]: line["after"]})
            rows.update(**{line["field"]: line["before"]})
