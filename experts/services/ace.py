"""The extract of ACE: compared three ways (the last extract, this one, the portal), decided by people, mirrored here (§2.2(1)).

One row is one accreditation. A person is known by the ACE reference; whoever shares a name and an administration and not the reference
is for a person to tell apart. An empty cell never erases and a lower step never lowers (pitfall P16); what an extract no longer has
goes on counting until a person says otherwise (pitfall P15).
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import day_words, today
from core.enums import RowVerdict
from core.imports import Applying, Importer, Last, Staging, Way, change, invalid, says
from core.models import ImportRow
from core.sheets import Column, RowRefused, SheetRow, folded, good
from core.written import stamp
from experts.enums import Stage
from experts.models import Accreditation, Area, Category, Expert, ExpertLanguage, MergedRecord
from experts.services.ace_words import Words, Workshop, languages, name_key, step
from members.models import Administration

KIND = "ace"
COLUMNS = (
    Column(
        "ace_reference", gettext_lazy("ACE reference"),
        ("ace ref", "ace no", "ace number", "ace id", "reference", "reference number", "ref", "expert id"),
    ),
    Column("family_name", gettext_lazy("family name"), ("surname", "last name", "family", "lastname"), required=True),
    Column("given_name", gettext_lazy("given name"), ("first name", "given names", "forename", "firstname"), required=True),
    Column(
        "administration", gettext_lazy("administration"),
        ("customs administration", "home administration", "member", "member administration", "country", "economy"), required=True,
    ),
    Column("email", gettext_lazy("e-mail address"), ("e mail", "mail", "email address")),
    Column("languages", gettext_lazy("languages"), ("language", "working languages")),
    Column("category", gettext_lazy("category"), ("category of expert", "expert category", "type")),
    Column("area", gettext_lazy("area"), ("area of expertise", "field", "field of expertise", "subject", "topic")),
    Column("status", gettext_lazy("status"), ("step", "stage", "accreditation status")),
    Column(
        "first_step_on", gettext_lazy("first step on"),
        ("first step", "1st step", "1st step on", "first step date", "date of first step", "pre accredited on", "pre accreditation date"),
        is_day=True, month_will_do=True,
    ),
    Column(
        "accredited_on", gettext_lazy("accredited on"), ("accreditation date", "date of accreditation", "accredited"),
        is_day=True, month_will_do=True,
    ),
    Column(
        "ace_entered_on", gettext_lazy("entered in ACE on"),
        ("ace entry", "ace entry date", "entered in ace", "date entered in ace", "in ace since"), is_day=True, month_will_do=True,
    ),
    Column("workshop", gettext_lazy("workshop"), ("accreditation workshop", "workshop title")),
)  # fmt: skip
LABELS = {column.name: column.label for column in COLUMNS}
DAYS = ("first_step_on", "accredited_on", "ace_entered_on")
OF_PERSON = ("ace_reference", "family_name", "given_name", "administration", "email", "languages")
COMPARED = ("ace_reference", "family_name", "given_name", "email", "administration", "left_on", "version")
LONGEST = {"ace_reference": 40, "family_name": 80, "given_name": 80, "email": 254}
STILL_COUNTS, ENDED, NEW_RECORD = "still-counts", "ended", "new"
GONE_WAYS: tuple[tuple[str, Any], ...] = (
    (STILL_COUNTS, gettext_lazy("Mark it as gone; it still counts")),
    (ENDED, gettext_lazy("It has ended")),
)

Place = tuple[uuid.UUID, uuid.UUID, uuid.UUID | None]  # expert, category, area


@dataclass(slots=True)
class Read:
    """A row whose words are understood."""

    row: SheetRow
    reference: str
    family_name: str
    given_name: str
    home: Administration
    email: str
    spoken: list[tuple[str, str]]
    category: Category
    area: Area | None
    step: Stage | None
    days: dict[str, dt.date]
    workshop: Workshop | None
    remark: str = ""

    @property
    def person_key(self) -> str:
        return f"ref:{folded(self.reference)}" if self.reference else "|".join(("who", *self.who))

    @property
    def who(self) -> tuple[str, str, str]:
        return folded(self.family_name), folded(self.given_name), self.home.code

    @property
    def key(self) -> str:
        return f"{self.person_key}|{self.category.code}|{self.area.code if self.area else ''}"

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def label(self) -> str:
        what = self.area.name if self.area else self.category.name
        return f"{self.name}, {self.home}: {what}"

    def facts(self) -> dict[str, Any]:
        """What would be written, as JSON keeps it."""
        return {
            "ace_reference": self.reference,
            "family_name": self.family_name,
            "given_name": self.given_name,
            "administration": str(self.home.pk),
            "email": self.email,
            "languages": self.spoken,
            "category": str(self.category.pk),
            "area": str(self.area.pk) if self.area else None,
            "workshop": str(self.workshop.id) if self.workshop else None,
            **{name: day.isoformat() for name, day in self.days.items()},
        }


# Understanding a row


def _in_words(day: dt.date | None) -> str:
    return day_words(day) if day else ""


def read_row(row: SheetRow, words: Words, day: dt.date) -> Read:
    """RowRefused with column and reason for what cannot be understood, or contradicts itself."""
    row.needs("family_name", "given_name", "administration")
    row.keeps_within(LONGEST)
    if row["ace_reference"] and not folded(row["ace_reference"]):
        raise RowRefused("ace_reference", _("“%(text)s” is no reference.") % {"text": row["ace_reference"]})
    home = good("administration", words.administration(row["administration"]))
    if row["email"]:
        try:
            validate_email(row["email"])
        except ValidationError:
            raise RowRefused("email", _("“%(text)s” is no e-mail address.") % {"text": row["email"][:60]}) from None
    area = good("area", words.area(row["area"]))
    category = good("category", words.category(row["category"], area))
    if category.has_areas and area is None:
        raise RowRefused("area", _("An area is missing: %(category)s is divided by area.") % {"category": category})
    if area is not None and not category.has_areas:
        raise RowRefused("area", _("%(category)s is not divided by area.") % {"category": category})
    days = {name: row[name] for name in DAYS if row[name]}
    found = good("status", step(row["status"]))
    _check_days(days, found, day)
    workshop = words.workshop(row["workshop"]) if row["workshop"] else None
    return Read(
        row=row,
        reference=row["ace_reference"],
        family_name=row["family_name"],
        given_name=row["given_name"],
        home=home,
        email=row["email"],
        spoken=good("languages", languages(row["languages"])),
        category=category,
        area=area,
        step=found,
        days=days,
        workshop=workshop,
        remark=_("The workshop is not known here and is left out.") if row["workshop"] and not workshop else "",
    )


def _check_days(days: dict[str, dt.date], found: Stage | None, day: dt.date) -> None:
    for name, when in days.items():
        if when > day:
            raise RowRefused(name, _("%(day)s is still to come.") % {"day": _in_words(when)})
    first, accredited, entered = (days.get(name) for name in DAYS)
    if found == Stage.FIRST_STEP and accredited:
        raise RowRefused("status", _("The status says first step, and there is a day of accreditation."))
    if found == Stage.FIRST_STEP and entered:
        raise RowRefused("status", _("The status says first step, and there is a day of entry in ACE."))
    if first and accredited and accredited < first:
        raise RowRefused("accredited_on", _("This day is before the first step."))


def _check_steps(read: Read, known: Accreditation | None) -> None:
    """Together with what is known here, a row has to say a step, and each step its day."""
    days = {name: read.days.get(name) or (getattr(known, name) if known else None) for name in DAYS}
    if read.step == Stage.FULL and not days["accredited_on"]:
        raise RowRefused("accredited_on", _("The status says accredited, and the day is missing."))
    if read.step == Stage.FIRST_STEP and not days["first_step_on"] and not days["accredited_on"]:
        raise RowRefused("first_step_on", _("The status says first step, and the day is missing."))
    if days["ace_entered_on"] and not days["accredited_on"]:
        raise RowRefused("accredited_on", _("There is a day of entry in ACE, and none of accreditation."))
    if not days["first_step_on"] and not days["accredited_on"]:
        raise RowRefused("first_step_on", _("There is no day of any step."))
    if days["first_step_on"] and days["accredited_on"] and days["accredited_on"] < days["first_step_on"]:
        raise RowRefused(
            "accredited_on", _("Together with what is known here, the accreditation is before the first step.")
        )


# The rows of a file among each other


@dataclass(slots=True)
class _File:
    """What the rows above have said: a reference names one person, a person says the same everywhere, nothing stands twice."""

    names: dict[str, Read] = field(default_factory=dict)
    places: dict[str, Read] = field(default_factory=dict)
    referenced: set[tuple[str, ...]] = field(default_factory=set)

    def check(self, read: Read) -> None:
        if not read.reference and _raw_name(read.row) in self.referenced:
            raise RowRefused(
                "ace_reference",
                _("The reference is missing: another row has the same name and administration with one."),
            )
        first = self.names.setdefault(read.person_key, read)
        if first.who != read.who:
            raise RowRefused(
                "ace_reference",
                _("Row %(row)d has this reference for %(name)s, %(home)s.")
                % {"row": first.row.number, "name": first.name, "home": first.home},
            )
        same = self.places.get(read.key)
        if same is not None:
            raise RowRefused(
                "area" if read.area else "category",
                _("Row %(row)d has the same accreditation of the same person already.") % {"row": same.row.number},
            )
        if first.email and read.email and first.email.casefold() != read.email.casefold():
            raise RowRefused(
                "email", _("Row %(row)d has another e-mail address of the same person.") % {"row": first.row.number}
            )
        self.places[read.key] = read


def _raw_name(row: SheetRow) -> tuple[str, ...]:
    return tuple(folded(row[name]) for name in ("family_name", "given_name", "administration"))


# What is known here


class Known:
    """People and their accreditations, read in four queries whatever their number."""

    def __init__(self, *, whole: bool) -> None:
        """`whole` for writing; for comparing a few columns do."""
        self.experts: dict[uuid.UUID, Expert] = {}
        self.by_reference: dict[str, Expert] = {}
        self.by_name: dict[tuple[str, ...], list[Expert]] = defaultdict(list)
        homes = {row.pk: row for row in Administration.objects.all()}
        people = Expert.objects.order_by("created_at", "pk")
        for expert in (people if whole else people.only(*COMPARED)).iterator(chunk_size=2_000):
            expert.administration = homes[expert.administration_id]
            self.experts[expert.pk] = expert
            if expert.ace_reference:
                self.by_reference[folded(expert.ace_reference)] = expert
            self.by_name[name_key(expert.family_name, expert.given_name, expert.administration)].append(expert)
        for merged in MergedRecord.objects.all():
            reference = folded(str(merged.said.get("ace_reference") or ""))
            if reference and merged.kept_id in self.experts:
                self.by_reference.setdefault(reference, self.experts[merged.kept_id])
        self.places: dict[Place, Accreditation] = {}
        self.accreditations: dict[uuid.UUID, Accreditation] = {}
        for row in Accreditation.objects.order_by("pk").iterator(chunk_size=2_000):
            row.expert = self.experts[row.expert_id]
            self.places[row.expert_id, row.category_id, row.area_id] = row
            self.accreditations[row.pk] = row
        self.spoken: dict[uuid.UUID, dict[str, str]] = defaultdict(dict)
        for expert_id, language in ExpertLanguage.objects.order_by("language").values_list("expert", "language"):
            self.spoken[expert_id][folded(language)] = language

    def namesakes(self, read: Read) -> list[Expert]:
        """People of the same administration with the same two names, in whichever order."""
        return self.by_name.get(name_key(read.family_name, read.given_name, read.home), [])


def _is_the_one(read: Read, expert: Expert) -> bool:
    """Whether the only namesake at home is whom a row without a reference means: the same address, or nothing that says otherwise."""
    if read.email and expert.email:
        return read.email.casefold() == expert.email.casefold()
    return not expert.ace_reference


# Comparing


def stage(staging: Staging) -> Iterator[ImportRow]:
    """Every row with its verdict, then what the extract no longer has."""
    return _Comparison(staging).rows()


class _Comparison:
    def __init__(self, staging: Staging) -> None:
        self.staging = staging
        self.words, self.known, self.file = Words(), Known(whole=False), _File()
        self.touched: set[uuid.UUID] = set()
        self.unsure: set[uuid.UUID] = set()
        self.told: set[uuid.UUID] = set()

    def rows(self) -> Iterator[ImportRow]:
        day = today()
        for row in self.staging.unreadable:
            self._nothing_is_gone_for(row)
        self.file.referenced = {_raw_name(row) for row in self.staging.rows if row["ace_reference"]}
        for row in self.staging.rows:
            try:
                read = read_row(row, self.words, day)
                self.file.check(read)
                yield self.compared(read)
            except RowRefused as refused:
                self._nothing_is_gone_for(row)
                yield invalid(row, refused.column, refused.reason)
        yield from self.gone()

    def _nothing_is_gone_for(self, row: SheetRow) -> None:
        """A row that cannot be read may be about anything of its person."""
        reference = row["ace_reference"]
        expert = self.known.by_reference.get(folded(reference)) if isinstance(reference, str) else None
        if expert:
            self.unsure.add(expert.pk)

    def compared(self, read: Read) -> ImportRow:
        expert, doubt = self.person(read)
        if doubt:
            return self.ambiguous(read, doubt)
        if expert is None:
            _check_steps(read, None)
            return _row(read, RowVerdict.NEW, take=True, changes=[])
        place = (expert.pk, read.category.pk, read.area.pk if read.area else None)
        known = self.known.places.get(place)
        if known:
            self.touched.add(known.pk)
        _check_steps(read, known)
        last = self.staging.last.get(read.key)
        changes = self.of_person(read, expert, last) if expert.pk not in self.told else []
        self.told.add(expert.pk)
        if known is None:
            return _row(read, RowVerdict.NEW, take=True, changes=changes, expert=expert)
        changes += self.of_accreditation(read, known, last)
        verdict = RowVerdict.CHANGED if changes else RowVerdict.UNCHANGED
        take = any(one["take"] for one in changes)
        return _row(read, verdict, take=take, changes=changes, expert=expert, known=known, reason=_remark(read, known))

    def person(self, read: Read) -> tuple[Expert | None, list[Expert]]:
        """Whose row it is, nobody's yet, or the people it could be about."""
        if read.reference:
            expert = self.known.by_reference.get(folded(read.reference))
            if expert:
                names = {*folded(expert.family_name).split(), *folded(expert.given_name).split()}
                same = names & {*folded(read.family_name).split(), *folded(read.given_name).split()}
                return (expert, []) if same else (None, [expert])
        else:
            last = self.staging.last.get(read.key)
            found = self.known.accreditations.get(last.object_id) if last and last.object_id else None
            if found:
                return found.expert, []
        people = self.known.namesakes(read)
        if not read.reference and len(people) == 1 and _is_the_one(read, people[0]):
            return people[0], []
        return None, people

    def ambiguous(self, read: Read, people: list[Expert]) -> ImportRow:
        _check_steps(read, None)
        ways = [(str(expert.pk), _it_is(expert)) for expert in people]
        by_reference = read.reference and folded(read.reference) in self.known.by_reference
        if by_reference:
            self.unsure.add(people[0].pk)
            reason = _("This reference belongs to %(who)s here, whose name is another.") % {"who": people[0]}
        else:
            ways.append((NEW_RECORD, _("Another person: open a new record")))
            reason = (
                _("Somebody of this name and administration is known here, with another reference or none.")
                if read.reference
                else _("Somebody of this name and administration is known here, and the row has no reference.")
            )
        row = _row(read, RowVerdict.AMBIGUOUS, take=False, changes=[], reason=reason)
        row.data["ways"] = ways
        row.data["seen"] = [["experts.expert", str(expert.pk), expert.version] for expert in people]
        return row

    def of_person(self, read: Read, expert: Expert, last: Last | None) -> list[dict[str, Any]]:
        here = {
            "family_name": expert.family_name,
            "given_name": expert.given_name,
            "email": expert.email,
        }
        there = {
            "family_name": read.family_name,
            "given_name": read.given_name,
            "email": read.email,
        }
        changes = [
            _changed(name, here[name], value, last)
            for name, value in there.items()
            if value and value.casefold() != here[name].casefold()
        ]
        if read.home.pk != expert.administration_id:
            changes.append(
                _changed("administration", expert.administration, read.home, last, said=read.row["administration"])
            )
        spoken = self.known.spoken[expert.pk]
        more = [language for language, _level in read.spoken if folded(language) not in spoken]
        if more:
            here_words = ", ".join(spoken.values())
            changes.append(_changed("languages", here_words, "+ " + ", ".join(more), last, said=read.row["languages"]))
        return changes

    def of_accreditation(self, read: Read, known: Accreditation, last: Last | None) -> list[dict[str, Any]]:
        changes = [
            _changed(name, getattr(known, name), day, last, said=str(day))
            for name, day in read.days.items()
            if day != getattr(known, name)
        ]
        if read.workshop and read.workshop.id != known.workshop_id:
            here = self.words.workshops.get(known.workshop_id, "")
            changes.append(_changed("workshop", here, read.workshop.words, last, said=read.row["workshop"]))
        if known.gone_since:
            changes.append(
                change(
                    "gone_since", _("missing from the extract"), last="",
                    portal=_("since %(day)s") % {"day": _in_words(known.gone_since)}, sheet=_("there again"),
                )
            )  # fmt: skip
        return changes

    def gone(self) -> Iterator[ImportRow]:
        """Accreditations of the last extract, and of people with a reference, that this extract does not have."""
        was_there = {last.object_id for last in self.staging.last.values()}
        day = self.staging.as_of
        for row in self.known.accreditations.values():
            expert = row.expert
            if (
                row.pk in self.touched
                or expert.pk in self.unsure
                or row.ended_on
                or (expert.left_on and expert.left_on <= day)
            ):
                continue
            if row.pk in was_there:
                reason = _("It was in the extract of %(day)s.") % {"day": _in_words(self.staging.last_as_of)}
            elif expert.ace_reference and row.as_of <= day:
                reason = _("Known here from: %(source)s.") % {"source": row.source}
            else:
                continue
            if row.gone_since:
                reason += " " + _("Marked as gone since %(day)s.") % {"day": _in_words(row.gone_since)}
            where = self.area_or_category(row)
            yield ImportRow(
                verdict=RowVerdict.GONE,
                label=f"{expert.name}, {expert.administration}: {where}",
                key=f"gone:{row.pk}",
                reason=reason,
                object_id=row.pk,
                data={"says": {}, "seen": [["experts.accreditation", str(row.pk), row.version]]},
            )

    def area_or_category(self, row: Accreditation) -> str:
        if row.area_id:
            return next(a.name for a in self.words.areas if a.pk == row.area_id)
        return next(c.name for c in self.words.categories if c.pk == row.category_id)


def _row(
    read: Read,
    verdict: str,
    *,
    take: bool,
    changes: list[dict[str, Any]],
    expert: Expert | None = None,
    known: Accreditation | None = None,
    reason: str = "",
) -> ImportRow:
    data: dict[str, Any] = {"says": says(read.row)}
    if verdict != RowVerdict.UNCHANGED:
        data["facts"], data["person"] = read.facts(), read.person_key
    data["expert"] = str(expert.pk) if expert else None
    data["seen"] = [["experts.expert", str(expert.pk), expert.version]] if expert else []
    if known:
        data["seen"].append(["experts.accreditation", str(known.pk), known.version])
    return ImportRow(
        sheet=read.row.sheet[:40],
        number=read.row.number,
        verdict=verdict,
        label=read.label,
        key=read.key,
        data=data,
        changes=changes,
        reason=" ".join(part for part in (reason, read.remark) if part),
        object_id=known.pk if known else None,
        take=take,
    )


def _changed(name: str, portal: object, sheet: object, last: Last | None, said: str | None = None) -> dict[str, Any]:
    """Taken, unless the extract says what it said last time: then the portal has moved, and a person decides."""
    before = last.says.get(name, "") if last else ""
    is_old = bool(before) and before == (str(sheet) if said is None else said)
    return change(name, LABELS[name], last=before, portal=portal, sheet=sheet, take=not is_old)


def _remark(read: Read, known: Accreditation) -> str:
    if known.ended_on:
        return _("It ended here on %(day)s.") % {"day": _in_words(known.ended_on)}
    if read.step == Stage.FIRST_STEP and known.accredited_on:
        return _("The extract says first step; the accreditation that is known here stays.")
    return ""


def _it_is(expert: Expert) -> str:
    reference = expert.ace_reference or _("none")
    return _("It is %(who)s, ACE reference %(reference)s: the accreditation is put on that record") % {
        "who": expert, "reference": reference,
    }  # fmt: skip


def ways(row: ImportRow) -> list[Way]:
    if row.verdict == RowVerdict.GONE:
        return [(value, str(label)) for value, label in GONE_WAYS]
    return [(value, label) for value, label in row.data.get("ways", ())]


# Applying


def apply(applying: Applying) -> None:
    """Write what was taken; what stands in the extract as it stands here is confirmed for the day of the extract."""
    _Application(applying).run()


class _Application:
    def __init__(self, applying: Applying) -> None:
        self.applying, self.write = applying, applying.write
        self.as_of: dt.date = applying.sheet.as_of
        self.source = (_("ACE extract %(name)s") % {"name": applying.sheet.file.name})[:200]
        self.known = Known(whole=True)
        self.homes = {row.pk: row for row in Administration.objects.all()}
        self.opened: dict[str, Expert] = {}
        self.written: set[uuid.UUID] = set()
        self.confirmed: tuple[set[uuid.UUID], set[uuid.UUID]] = (set(), set())
        self.notes: dict[uuid.UUID, list[str]] = defaultdict(list)

    def run(self) -> None:
        for row in self.applying.rows:
            if row.verdict == RowVerdict.UNCHANGED:
                self.confirm(row.data["expert"], row.object_id)
            elif row.verdict == RowVerdict.GONE:
                self.mark(row)
            else:
                self.take(row)
        for key, notes in self.notes.items():
            self.write.log(
                self.person(key),
                "ace",
                _("From the ACE extract of %(day)s") % {"day": _in_words(self.as_of)},
                "; ".join(notes),
            )
        people, accreditations = self.confirmed
        self.applying.stamps = [
            *stamp(Expert, "ace_as_of", people - self.written, self.as_of),
            *stamp(Accreditation, "as_of", accreditations - self.written, self.as_of),
        ]

    def person(self, key: uuid.UUID) -> Expert:
        return self.known.experts[key]

    def confirm(self, expert: str | None, accreditation: uuid.UUID | None) -> None:
        if expert:
            self.confirmed[0].add(uuid.UUID(expert))
        if accreditation:
            self.confirmed[1].add(accreditation)

    def mark(self, row: ImportRow) -> None:
        known = self.known.accreditations[row.object_id]  # type: ignore[index]
        values: dict[str, Any] = {} if known.gone_since else {"gone_since": self.as_of}
        if row.choice == ENDED:
            values["ended_on"] = self.as_of
        self.change(row, known, **values)
        ended = _("ended: %(what)s") if row.choice == ENDED else _("no longer in the extract: %(what)s")
        self.notes[known.expert_id].append(ended % {"what": row.label})

    def take(self, row: ImportRow) -> None:
        expert = self.whose(row)
        if expert is None:
            return
        facts = row.data["facts"]
        chosen = {one["field"] for one in row.changes if one["take"]}
        self.change_person(row, expert, facts, chosen & {*OF_PERSON})
        if row.object_id and row.verdict == RowVerdict.CHANGED:
            self.change_accreditation(row, self.known.accreditations[row.object_id], facts, chosen)
            return
        place = (expert.pk, uuid.UUID(facts["category"]), uuid.UUID(facts["area"]) if facts["area"] else None)
        known = self.known.places.get(place)
        if known is None:
            self.add_accreditation(row, expert, place, facts)
        elif row.verdict == RowVerdict.AMBIGUOUS:
            told = {name for name in (*DAYS, "workshop") if facts.get(name)}
            self.change_accreditation(row, known, facts, told)
        else:
            self.applying.stop(row, _("the accreditation has been added meanwhile"))

    def whose(self, row: ImportRow) -> Expert | None:
        if row.data["expert"]:
            return self.known.experts[uuid.UUID(row.data["expert"])]
        facts = row.data["facts"]
        if row.verdict == RowVerdict.AMBIGUOUS and row.choice != NEW_RECORD:
            expert = self.known.experts[uuid.UUID(row.choice)]
            if facts["ace_reference"] and facts["ace_reference"] != expert.ace_reference:
                self.change(
                    row, expert, ace_reference=facts["ace_reference"], provenance=self.told(expert, ["ace_reference"])
                )
            return expert
        opened = self.opened.get(row.data["person"])
        return opened or self.open(row, facts)

    def open(self, row: ImportRow, facts: dict[str, Any]) -> Expert | None:
        home = self.homes[uuid.UUID(facts["administration"])]
        taken = facts["ace_reference"] and folded(facts["ace_reference"]) in self.known.by_reference
        namesakes = self.known.by_name.get(name_key(facts["family_name"], facts["given_name"], home))
        if taken or (row.verdict == RowVerdict.NEW and namesakes):
            self.applying.stop(row, _("the person has been added meanwhile"))
            return None
        expert = Expert(
            ace_reference=facts["ace_reference"],
            family_name=facts["family_name"],
            given_name=facts["given_name"],
            administration=home,
            email=facts["email"],
            ace_as_of=self.as_of,
        )
        expert.provenance = self.told(expert, [name for name in OF_PERSON if facts[name]])
        self.write.create(row, expert)
        for language, level in facts["languages"]:
            self.write.create(row, ExpertLanguage(expert=expert, language=language, level=level))
        self.opened[row.data["person"]] = self.known.experts[expert.pk] = expert
        self.written.add(expert.pk)
        self.notes[expert.pk].append(_("record opened"))
        return expert

    def change_person(self, row: ImportRow, expert: Expert, facts: dict[str, Any], chosen: set[str]) -> None:
        if not chosen:
            self.confirm(str(expert.pk), None)
            return
        values = {name: facts[name] for name in chosen & {"family_name", "given_name", "email"}}
        if "administration" in chosen:
            values["administration_id"] = uuid.UUID(facts["administration"])
        if "languages" in chosen:
            spoken = self.known.spoken[expert.pk]
            for language, level in facts["languages"]:
                if folded(language) not in spoken:
                    self.write.create(row, ExpertLanguage(expert=expert, language=language, level=level))
        self.change(row, expert, **values, provenance=self.told(expert, sorted(chosen)))
        self.notes[expert.pk].append(", ".join(str(LABELS[name]) for name in OF_PERSON if name in chosen))

    def told(self, expert: Expert, names: list[str]) -> dict[str, Any]:
        return expert.provenance | {name: {"as_of": self.as_of.isoformat(), "source": self.source} for name in names}

    def add_accreditation(self, row: ImportRow, expert: Expert, place: Place, facts: dict[str, Any]) -> None:
        known = Accreditation(
            expert=expert,
            category_id=place[1],
            area_id=place[2],
            workshop_id=uuid.UUID(facts["workshop"]) if facts["workshop"] else None,
            source=self.source,
            as_of=self.as_of,
            **{name: dt.date.fromisoformat(facts[name]) for name in DAYS if name in facts},
        )
        self.write.create(row, known)
        row.object_id = known.pk
        self.known.places[place] = self.known.accreditations[known.pk] = known
        self.written.add(known.pk)
        self.notes[expert.pk].append(_("accreditation: %(what)s") % {"what": row.label.rpartition(": ")[2]})

    def change_accreditation(
        self, row: ImportRow, known: Accreditation, facts: dict[str, Any], chosen: set[str]
    ) -> None:
        row.object_id = known.pk
        values: dict[str, Any] = {name: dt.date.fromisoformat(facts[name]) for name in DAYS if name in chosen}
        if "workshop" in chosen:
            values["workshop_id"] = uuid.UUID(facts["workshop"])
        if "gone_since" in chosen:
            values["gone_since"] = None
        if not values:
            self.confirm(None, known.pk)
            return
        after = {name: values.get(name, getattr(known, name)) for name in DAYS}
        if after["ace_entered_on"] and not after["accredited_on"]:
            self.applying.stop(row, _("an entry in ACE needs the day of accreditation too"))
        if not after["first_step_on"] and not after["accredited_on"]:
            self.applying.stop(row, _("a step needs its day"))
        if after["first_step_on"] and after["accredited_on"] and after["accredited_on"] < after["first_step_on"]:
            self.applying.stop(row, _("the accreditation would be before the first step"))
        self.change(row, known, **values, source=self.source)
        self.notes[known.expert_id].append(
            _("changed: %(what)s")
            % {"what": f"{row.label.rpartition(': ')[2]} ({', '.join(sorted(chosen - {*OF_PERSON}))})"}
        )

    def change(self, row: ImportRow, obj: Any, **values: Any) -> None:
        """Write fields of a mirrored row; the extract's day goes with them, never backwards."""
        name = "ace_as_of" if isinstance(obj, Expert) else "as_of"
        was = getattr(obj, name)
        if was is None or was < self.as_of:
            values[name] = self.as_of
        self.write.change(row, obj, **values)
        self.written.add(obj.pk)


IMPORTER = Importer(
    kind=KIND,
    title=gettext_lazy("ACE extract"),
    lead=gettext_lazy(
        "What the WCO's database of accredited experts says, mirrored here; ACE itself is the Secretariat's (§2.2(1))."
    ),
    action="experts.import_ace",
    columns=COLUMNS,
    models=(Expert, ExpertLanguage, Accreditation),
    stage=stage,
    apply=apply,
    ways=ways,
    way_for_all={RowVerdict.GONE: STILL_COUNTS},
)
