"""Service from before the portal, from a sheet: the rules of `record_past_service`, row by row (§3.2)."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import RowVerdict
from core.errors import InvalidAnswers
from core.imports import Applying, Importer, Staging, invalid, says
from core.models import ImportRow
from core.sheets import Column, RowRefused, SheetRow, folded
from experts.enums import Role, ServiceSource, ServiceState
from experts.models import Expert, ServicePeriod
from experts.services.days import check_past_service

COLUMNS = (
    Column("ace_reference", gettext_lazy("ACE reference"), ("ace ref", "ace number", "reference", "ref")),
    Column("email", gettext_lazy("e-mail address"), ("e mail", "mail", "email address")),
    Column("from", gettext_lazy("from"), ("first day", "start", "begin", "since"), required=True, is_day=True),
    Column("to", gettext_lazy("to"), ("last day", "end", "until"), required=True, is_day=True),
    Column("place", gettext_lazy("place"), ("where", "country", "location"), required=True),
    Column("title", gettext_lazy("what for"), ("mission", "purpose", "event")),
    Column("role", gettext_lazy("role (1 to 5 of §3.1)"), ("role",)),
    Column("counts", gettext_lazy("counts (yes or no)"), ("counts", "counts against the cap")),
    Column("reason", gettext_lazy("why it counts or not"), ("why",)),
    Column("scheme", gettext_lazy("under the WCO/ROCB scheme (yes or no)"), ("under the scheme", "under scheme")),
    Column("source", gettext_lazy("where this is known from"), ("known from", "remark")),
)
TRUTHS = {
    "yes": True,
    "y": True,
    "1": True,
    "true": True,
    "x": True,
    "no": False,
    "n": False,
    "0": False,
    "false": False,
}
LONGEST = {"place": 160, "title": 200, "reason": 200, "source": 200}
ROLES = {folded(str(label)): value for value, label in Role.choices}


@dataclass(frozen=True, slots=True)
class Past:
    first: dt.date
    last: dt.date
    place: str

    def meets(self, other: "Past") -> bool:
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        return f"{self.first} – {self.last} {self.place}"


class _Known:
    def __init__(self) -> None:
        self.people: dict[uuid.UUID, Expert] = {}
        self.by_reference: dict[str, Expert] = {}
        self.by_email: dict[str, list[Expert]] = defaultdict(list)
        for expert in Expert.objects.select_related("administration"):
            self.people[expert.pk] = expert
            if expert.ace_reference:
                self.by_reference[folded(expert.ace_reference)] = expert
            if expert.email:
                self.by_email[expert.email.casefold()].append(expert)
        self.periods: dict[uuid.UUID, list[Past]] = defaultdict(list)
        for row in ServicePeriod.objects.alive().values_list("expert", "first_day", "last_day", "place"):
            self.periods[row[0]].append(Past(*row[1:]))


def stage(staging: Staging) -> Iterator[ImportRow]:
    """New days, days that are in the ledger already, and what cannot be recorded, with the reason."""
    known, in_sheet = _Known(), defaultdict(list)
    for row in staging.rows:
        try:
            expert = _person(row, known)
            facts = _facts(row)
            days = Past(row["from"], row["to"], row["place"])
            _check_free(days, in_sheet[expert.pk], _("These days overlap with another row of this sheet: %(other)s."))
            same = any(other == days for other in known.periods[expert.pk])
            if not same:
                _check_free(days, known.periods[expert.pk], _("These days overlap with another period: %(other)s."))
        except RowRefused as refused:
            yield invalid(row, refused.column, refused.reason)
            continue
        in_sheet[expert.pk].append(days)
        yield ImportRow(
            sheet=row.sheet[:40],
            number=row.number,
            verdict=RowVerdict.UNCHANGED if same else RowVerdict.NEW,
            label=f"{expert}, {expert.administration}: {days}",
            key=f"{expert.pk}|{days.first}|{days.last}",
            data={
                "says": says(row),
                "facts": facts,
                "expert": str(expert.pk),
                "seen": [["experts.expert", str(expert.pk), expert.version]],
            },
            object_id=expert.pk,
            take=not same,
        )


def _person(row: SheetRow, known: _Known) -> Expert:
    if row["ace_reference"]:
        expert = known.by_reference.get(folded(row["ace_reference"]))
        if expert is None:
            raise RowRefused("ace_reference", _("Nobody here has this ACE reference."))
        if row["email"] and expert.email and row["email"].casefold() != expert.email.casefold():
            raise RowRefused("email", _("%(who)s has another e-mail address here.") % {"who": expert})
        return expert
    if not row["email"]:
        raise RowRefused("ace_reference", _("An ACE reference or an e-mail address has to say whose days these are."))
    people = known.by_email.get(row["email"].casefold(), [])
    if len(people) != 1:
        reason = _("More than one person here has this address.") if people else _("Nobody here has this address.")
        raise RowRefused("email", reason)
    return people[0]


def _facts(row: SheetRow) -> dict[str, Any]:
    row.needs("from", "to", "place")
    row.keeps_within(LONGEST)
    if row["to"] < row["from"]:
        raise RowRefused("to", _("The last day is before the first."))
    role = _role(row["role"])
    counts = _truth(row, "counts", default=role in Role.counting())
    try:
        check_past_service(last=row["to"], role=role, counts=counts, counts_reason=row["reason"])
    except InvalidAnswers as error:
        column = {"last_day": "to", "counts_reason": "reason"}
        name = next(iter(error.fields))
        raise RowRefused(column.get(name, name), error.fields[name]) from error
    return {
        "first_day": row["from"].isoformat(),
        "last_day": row["to"].isoformat(),
        "place": row["place"],
        "title": row["title"],
        "role": role,
        "counts": counts,
        "counts_reason": row["reason"],
        "under_scheme": _truth(row, "scheme", default=True),
        "source_note": row["source"],
    }


def _role(text: str) -> int:
    if not text:
        return Role.MISSION
    found = int(text) if text in {"1", "2", "3", "4", "5"} else ROLES.get(folded(text))
    if found is None:
        raise RowRefused("role", _("“%(text)s” is none of the five roles of §3.1: 1 to 5.") % {"text": text[:40]})
    return found


def _truth(row: SheetRow, name: str, *, default: bool) -> bool:
    text = row[name]
    if not text:
        return default
    if text.casefold() not in TRUTHS:
        raise RowRefused(name, _("“%(text)s” is neither yes nor no.") % {"text": text[:40]})
    return TRUTHS[text.casefold()]


def _check_free(days: Past, others: list[Past], sentence: str) -> None:
    clash = next((other for other in others if other.meets(days)), None)
    if clash:
        raise RowRefused("from", sentence % {"other": clash})


def apply(applying: Applying) -> None:
    """The days are recorded as staff would by hand; nothing that was recorded meanwhile is overlapped."""
    known, write = _Known(), applying.write
    people = known.people
    for row in applying.rows:
        if not row.take:
            continue
        expert, facts = people[uuid.UUID(row.data["expert"])], dict(row.data["facts"])
        facts |= {name: dt.date.fromisoformat(facts[name]) for name in ("first_day", "last_day")}
        days = Past(facts["first_day"], facts["last_day"], facts["place"])
        clash = next((other for other in known.periods[expert.pk] if other.meets(days)), None)
        if clash:
            applying.stop(row, _("overlaps with %(other)s") % {"other": clash})
            continue
        known.periods[expert.pk].append(days)
        period = ServicePeriod(
            expert=expert, state=ServiceState.USED, source=ServiceSource.RECORDED, recorded_by=write.by, **facts
        )
        write.create(row, period)
        write.log(expert, "past_service", _("Past service recorded"), str(period))


IMPORTER = Importer(
    kind="past-service",
    title=gettext_lazy("Past service"),
    lead=gettext_lazy(
        "Days of service from before the portal; they count like any other and are marked as recorded by staff (§3.2)."
    ),
    action="experts.import_service",
    columns=COLUMNS,
    models=(Expert, ServicePeriod),
    stage=stage,
    apply=apply,
)
