"""Two records of one person become one; two people who look alike are remembered as two.

Nothing above is imported: what hangs on a record is found by walking the models' relations.
"""

import uuid
from collections.abc import Collection, Iterator, Sequence
from typing import Any, cast

from django.db import models, transaction
from django.db.models.deletion import Collector
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from core import history, outbox
from core.errors import InvalidAnswers, SomebodyWasFaster, TransitionRefused
from core.models import ActionLink, LogEntry, Message, OutboxJob, Stateful, plain
from experts.models import Accreditation, Expert, MergedRecord, NotDuplicate, ServicePeriod
from experts.queries.duplicates import ordered
from experts.services.people import lock_experts
from members.enums import Party
from members.services import set_active

# What is chosen field by field when two records become one; the rest follows by itself.
CHOSEN = (
    "family_name", "given_name", "administration", "office", "email", "phone", "ace_reference", "customs_since", "specialisms",
    "cv", "left_on", "user",
)  # fmt: skip


@transaction.atomic
def merge_records(
    kept: Expert, other: Expert, *, by: Any, take: Collection[str] = (), versions: tuple[int, int] | None = None
) -> Expert:
    """Make `other` part of `kept`, taking from it the fields named in `take` (of CHOSEN); everything that hangs on it moves.

    Rows that both have (an area, a language) become one; TransitionRefused with a sentence for what a person has to settle first:
    days of service that overlap, or two open cases of the same kind. SomebodyWasFaster if one is no longer at the version
    that was looked at. What the record said is kept, its old address leads on, and both addresses are told.
    """
    if kept.pk == other.pk:
        raise InvalidAnswers({"": _("This is one and the same record.")})
    rows = {row.pk: row for row in lock_experts(kept, other)}
    if set(rows) != {kept.pk, other.pk}:
        raise SomebodyWasFaster
    stays, goes = rows[kept.pk], rows[other.pk]
    if versions is not None and (stays.version, goes.version) != versions:
        raise SomebodyWasFaster
    if unknown := set(take) - set(CHOSEN):
        raise LookupError(unknown)
    _check_days(stays, goes)
    told = _addresses(stays, goes)
    said = _said(goes)
    accounts = [person.user for person in (stays, goes) if person.user]
    _choose(stays, goes, take)
    _forget_pairs(stays, goes)
    said["rows"] = list(_move(goes, stays))
    _move_traces(goes.pk, stays.pk)
    _delete_bare(goes)
    stays.version += 1
    stays.save()
    MergedRecord.objects.create(kept=stays, old_id=other.pk, said=said, by=by)
    history.record(stays, "merged", _("Joined with another record of the same person"), by=by, note=said["name"])
    for account in accounts:
        if account.pk != stays.user_id:
            _close(account, by=by)
    for address in told:
        outbox.enqueue("records_merged", about=stays, object_id=stays.pk, to=address)
    return stays


def _close(account: Any, *, by: Any) -> None:
    """An account that was there for the record that went is closed; whoever has another party here goes on with that."""
    if account.parties <= {Party.EXPERT}:
        set_active(account, by=by, active=False)


def _check_days(stays: Expert, goes: Expert) -> None:
    """The ledger holds no day twice; which line is right, a person decides."""
    mine = list(ServicePeriod.objects.alive().filter(expert=stays))
    for period in ServicePeriod.objects.alive().filter(expert=goes):
        clash = next((p for p in mine if p.first_day <= period.last_day and p.last_day >= period.first_day), None)
        if clash:
            raise TransitionRefused(
                _(
                    "Both records have days of service that overlap: %(one)s, and %(other)s. Take one of them back first."
                )
                % {"one": clash, "other": period}
            )


def _addresses(*people: Expert) -> list[str]:
    found = [p.email or (p.user.email if p.user else "") for p in people] + [p.user.email for p in people if p.user]
    return list(dict.fromkeys(address.casefold() for address in found if address))


def _said(goes: Expert) -> dict[str, Any]:
    return {
        "name": f"{goes.name}, {goes.administration}",
        **plain({field.attname: getattr(goes, field.attname) for field in goes._meta.concrete_fields}),
    }


def _choose(stays: Expert, goes: Expert, take: Collection[str]) -> None:
    """The fields as chosen, and what belongs to them: the reason of leaving, where a fact comes from, the days of the words."""
    for name in take:
        setattr(stays, name, getattr(goes, name))
        stays.provenance.pop(name, None)
        if name in goes.provenance:
            stays.provenance[name] = goes.provenance[name]
    if "left_on" in take:
        stays.left_reason = goes.left_reason
    if "ace_reference" in take:
        stays.ace_as_of = goes.ace_as_of
    both = (stays.history_confirmed_from, goes.history_confirmed_from)
    stays.history_confirmed_from = max(both) if all(both) else None  # type: ignore[type-var]
    words = [day for day in (stays.profile_confirmed_on, goes.profile_confirmed_on) if day]
    stays.profile_confirmed_on = max(words, default=None)
    if stays.user_id is None:
        stays.user = goes.user
    # Unique values leave the record that goes before the other one takes them.
    Expert.objects.filter(pk=goes.pk).update(user=None, ace_reference="")
    goes.user, goes.ace_reference = None, ""


def _forget_pairs(stays: Expert, goes: Expert) -> None:
    """What was found of pairs with the record that goes holds for the one that stays."""
    for row in NotDuplicate.objects.filter(models.Q(first=goes) | models.Q(second=goes)):
        third = row.second_id if row.first_id == goes.pk else row.first_id
        row.delete()
        if third != stays.pk:
            first, second = ordered(stays.pk, third)
            NotDuplicate.objects.get_or_create(
                first_id=first, second_id=second, defaults={"by": row.by, "note": row.note}
            )


def related_to(model: type[models.Model]) -> Iterator[Any]:
    """Every relation of any app that points to a model, the hidden ones too."""
    return (
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    )


def _move(goes: models.Model, stays: models.Model) -> Iterator[str]:
    """Let everything that points to `goes` point to `stays`; yields what became one with a row that was there."""
    for relation in related_to(type(goes)):
        manager, name = relation.related_model._base_manager, relation.field.name
        for row in manager.filter(**{name: goes.pk}).order_by("pk"):
            setattr(row, relation.field.attname, stays.pk)
            twin = _twin(row, name)
            if twin is None:
                manager.filter(pk=row.pk).update(**{name: stays.pk})
                continue
            yield from _absorb(row, twin)


def _twin(row: Any, name: str) -> Any:
    """The row that stands where `row` would stand now, by any rule of uniqueness that names the relation."""
    manager = type(row)._base_manager
    rules: list[tuple[Sequence[str], models.Q | None]] = []
    if row._meta.get_field(name).unique:
        rules.append(((name,), None))
    rules += [
        (rule.fields, rule.condition)
        for rule in row._meta.constraints
        if isinstance(rule, models.UniqueConstraint) and name in rule.fields
    ]
    for fields, condition in rules:
        values = {field: getattr(row, row._meta.get_field(field).attname) for field in fields}
        if None in values.values():
            continue
        others = manager.filter(**values).exclude(pk=row.pk)
        if condition is not None:
            if not manager.filter(condition, pk=row.pk).exists():
                continue
            others = others.filter(condition)
        if twin := others.first():
            return twin
    return None


def _absorb(row: Any, twin: Any) -> Iterator[str]:
    """`row` becomes part of `twin`, which keeps its own words; a model may say with `take_over` what it wants of the other."""
    if isinstance(row, Stateful):
        raise TransitionRefused(
            _("Both records have the same: %(what)s. End one of the two first, then join the records.") % {"what": twin}
        )
    yield f"{row._meta.label}: {plain(model_to_dict(row))}"
    yield from _move(row, twin)
    _delete_bare(row)
    if isinstance(twin, Accreditation):
        _join_accreditations(twin, row)
    elif hasattr(twin, "take_over"):
        twin.take_over(row)
        twin.save()


def _join_accreditations(twin: Accreditation, row: Accreditation) -> None:
    """The steps that either knows; it has ended only if both say so, and is missing from the extract only if both are (P15, P16)."""
    for name in ("first_step_on", "accredited_on", "ace_entered_on", "workshop_id"):
        if getattr(twin, name) is None:
            setattr(twin, name, getattr(row, name))
    twin.ended_on = max(twin.ended_on, row.ended_on) if twin.ended_on and row.ended_on else None
    twin.gone_since = max(twin.gone_since, row.gone_since) if twin.gone_since and row.gone_since else None
    if row.as_of > twin.as_of:
        twin.as_of, twin.source = row.as_of, row.source
    twin.version += 1
    twin.save()


def _move_traces(old: uuid.UUID, new: uuid.UUID) -> None:
    """What names a record by its bare key: histories, e-mails, jobs that wait; links that act for it end."""
    LogEntry.objects.filter(object_id=old).update(object_id=new)
    LogEntry.objects.filter(parent_id=old).update(parent_id=new)
    Message.objects.filter(about_id=old).update(about_id=new)
    ActionLink.objects.filter(object_id=old).delete()
    for job in OutboxJob.objects.unfinished().filter(payload__object_id=str(old)):
        job.payload["object_id"] = str(new)
        job.save(update_fields=["payload"])


def _delete_bare(row: models.Model) -> None:
    """Delete a row on which nothing hangs any more; anything that would go with it is a mistake of ours, and nothing is lost."""
    collector = Collector(using=row._state.db or "default")
    collector.collect([row])
    others = {model._meta.label for model in collector.data if model is not type(row)}
    others |= {queryset.model._meta.label for queryset in collector.fast_deletes if queryset.exists()}
    others |= {
        field.model._meta.label
        for (field, _value), found in collector.field_updates.items()
        if any(list(touched) for touched in cast(Any, found))
    }
    if others:
        raise RuntimeError(f"{row._meta.label} {row.pk} still has {sorted(others)}")
    row.delete()


@transaction.atomic
def note_two_people(one: Expert, other: Expert, *, by: Any, note: str = "") -> NotDuplicate:
    """Two records look alike and are two people: remembered, and not asked again."""
    first, second = ordered(one.pk, other.pk)
    row, _created = NotDuplicate.objects.get_or_create(
        first_id=first, second_id=second, defaults={"by": by, "note": note}
    )
    for person, twin in ((one, other), (other, one)):
        history.record(person, "two_people", _("Not the same person as %(name)s") % {"name": twin}, by=by, note=note)
    return row
