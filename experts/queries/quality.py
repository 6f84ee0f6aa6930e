"""What is missing or odd in people's records, as rows to be opened and put right.

Apps above add what they know of (`register`): the condition is theirs, the list is one.
"""

import datetime as dt
import itertools
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from core.clock import months_after
from core.dated_policy import policy
from experts.enums import ServiceState
from experts.models import Accreditation, Expert, ExpertLanguage, ServicePeriod
from experts.queries.pool import accreditations_on


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that can be missing or odd: `holds(day)` is the condition on a person, without a query a row."""

    code: str
    label: Any
    tone: str
    holds: Callable[[dt.date], Q]


def _alive(day: dt.date) -> Q:
    return Q(ended_on__isnull=True) | Q(ended_on__gt=day)


def _has(rows: QuerySet[Any]) -> Q:
    return Q(pk__in=rows.order_by().values("expert_id"))


def _present(day: dt.date) -> Q:
    return Q(left_on__isnull=True) | Q(left_on__gt=day)


def _in_pool(day: dt.date) -> Q:
    return _present(day) & _has(accreditations_on(day))


def _no_reference(day: dt.date) -> Q:
    accredited = Accreditation.objects.filter(_alive(day), accredited_on__lte=day)
    return _present(day) & Q(ace_reference="") & _has(accredited)


def _pending_long(day: dt.date) -> Q:
    before = months_after(day, -int(policy("entry_pending.months", day)))
    pending = Accreditation.objects.filter(_alive(day), accredited_on__lt=before, ace_entered_on__isnull=True)
    return _present(day) & _has(pending)


def _first_step_long(day: dt.date) -> Q:
    before = months_after(day, -int(policy("field_mission.months", day)))
    owed = Accreditation.objects.filter(_alive(day), first_step_on__lt=before, accredited_on__isnull=True)
    return _present(day) & _has(owed)


def _gone(day: dt.date) -> Q:
    return _present(day) & _has(Accreditation.objects.filter(_alive(day), gone_since__isnull=False))


def _history_unknown(day: dt.date) -> Q:
    full = Accreditation.objects.filter(_alive(day), accredited_on__lte=day, ace_entered_on__lte=day)
    return _present(day) & Q(history_confirmed_from__isnull=True) & _has(full)


def _in_the_future(day: dt.date) -> Q:
    steps = Q(first_step_on__gt=day) | Q(accredited_on__gt=day) | Q(ace_entered_on__gt=day)
    served = ServicePeriod.objects.filter(state=ServiceState.USED, last_day__gt=day)
    return _has(Accreditation.objects.filter(steps)) | _has(served) | Q(customs_since__gt=day.year)


def _out_of_order(_day: dt.date) -> Q:
    return _has(Accreditation.objects.filter(first_step_on__gt=F("accredited_on")))


def _profile_old(day: dt.date) -> Q:
    before = months_after(day, -int(policy("profile.confirm_months", day)))
    return _in_pool(day) & (Q(profile_confirmed_on__isnull=True) | Q(profile_confirmed_on__lte=before))


def _left_and_reserved(day: dt.date) -> Q:
    reserved = ServicePeriod.objects.filter(state=ServiceState.RESERVED, last_day__gte=day)
    return Q(left_on__lte=day) & _has(reserved)


_checks: list[Check] = [
    Check("gone", _("gone from the ACE extract, undecided"), "bad", _gone),
    Check("future", _("a day still to come"), "bad", _in_the_future),
    Check("order", _("first step after accreditation"), "bad", _out_of_order),
    Check("left_reserved", _("left, but days are reserved"), "bad", _left_and_reserved),
    Check("left_account", _("left, but the account is open"), "warn", lambda day: Q(left_on__lte=day, user__is_active=True)),
    Check("reference", _("accredited without an ACE reference"), "warn", _no_reference),
    Check("pending", _("waits long for the entry in ACE"), "warn", _pending_long),
    Check("first_step", _("waits long for the field mission"), "warn", _first_step_long),
    Check("history", _("service history not confirmed"), "warn", _history_unknown),
    Check("email", _("no e-mail address"), "warn", lambda day: _present(day) & Q(email="")),
    Check("languages", _("no languages"), "info",
          lambda day: _in_pool(day) & ~_has(ExpertLanguage.objects.all())),
    Check("account", _("no account"), "info", lambda day: _in_pool(day) & Q(user__isnull=True)),
    Check("profile", _("profile not confirmed for a year"), "info", _profile_old),
]  # fmt: skip


def register(check: Check) -> None:
    """Something odd that an app above knows of."""
    _checks.append(check)


def checks() -> Sequence[Check]:
    return tuple(_checks)


def findings(people: QuerySet[Expert], day: dt.date) -> dict[uuid.UUID, list[Check]]:
    """Whoever has something missing or odd, with what it is; one query for all of them and for all checks."""
    flags = [
        Case(When(check.holds(day), then=Value(True)), default=Value(False), output_field=BooleanField())
        for check in _checks
    ]
    names = [f"odd_{check.code}" for check in _checks]
    rows = people.order_by().annotate(**dict(zip(names, flags, strict=True))).values_list("pk", *names)
    found = {key: list(itertools.compress(_checks, said)) for key, *said in rows.iterator(chunk_size=2_000)}
    return {key: checks for key, checks in found.items() if checks}


@dataclass(frozen=True, slots=True)
class Counted:
    check: Check
    number: int


def counted(found: Mapping[uuid.UUID, Sequence[Check]]) -> list[Counted]:
    """How many people each check finds, in the order of the checks."""
    numbers = Counter(check.code for checks in found.values() for check in checks)
    return [Counted(check, numbers[check.code]) for check in _checks if numbers[check.code]]
