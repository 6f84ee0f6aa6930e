"""The candidate list as it was kept before, from a sheet: who is known in which areas, since when and by whom (§2.2(2)).

One row a person, with one area or several. Such lines have no review here; the next nomination brings it.
"""

import datetime as dt
import re
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.enums import Origin
from candidates.models import Listing
from centres.models import Centre
from core.clock import today
from core.enums import RowVerdict
from core.imports import Applying, Importer, Staging, Way, invalid, says
from core.models import ImportRow
from core.sheets import Bad, Column, RowRefused, SheetRow, folded, good
from experts.models import Accreditation, Area, Expert
from experts.queries import ALIVE
from experts.services.ace_words import Words, name_key
from members.models import Administration

COLUMNS = (
    Column("family_name", gettext_lazy("family name"), ("surname", "last name"), required=True),
    Column("given_name", gettext_lazy("given name"), ("first name", "forename"), required=True),
    Column("administration", gettext_lazy("administration"), ("member", "country", "home", "customs administration"), required=True),
    Column("email", gettext_lazy("e-mail address"), ("e mail", "mail", "email address")),
    Column("areas", gettext_lazy("areas"), ("area", "topic", "topics", "field", "fields", "expertise"), required=True),
    Column("since", gettext_lazy("on the list since"), ("since", "listed since", "date"), is_day=True, month_will_do=True),
    Column("recommended_by", gettext_lazy("recommended by"), ("recommended", "nominated by")),
    Column("known_for", gettext_lazy("known for"), ("note", "remark", "remarks", "experience")),
)  # fmt: skip
LONGEST = {"family_name": 80, "given_name": 80, "email": 254}


class _Known:
    """People, their open lines and the areas they are accredited in, in four queries whatever their number."""

    def __init__(self) -> None:
        self.people: dict[uuid.UUID, Expert] = {}
        self.by_name: dict[tuple[str, ...], list[Expert]] = defaultdict(list)
        self.by_email: dict[str, list[Expert]] = defaultdict(list)
        for expert in Expert.objects.select_related("administration").order_by("created_at", "pk"):
            self.people[expert.pk] = expert
            self.by_name[name_key(expert.family_name, expert.given_name, expert.administration)].append(expert)
            if expert.email:
                self.by_email[expert.email.casefold()].append(expert)
        self.lines: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        for person, area in Listing.objects.filter(left_on__isnull=True).values_list("expert", "area"):
            self.lines[person].add(area)
        self.accredited: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        for row in Accreditation.objects.filter(area__isnull=False):
            if row.area_id and row.stage_on(today()) in ALIVE:
                self.accredited[row.expert_id].add(row.area_id)
        self.hosts = set(Centre.objects.filter(is_active=True).values_list("administration", flat=True))


@dataclass(frozen=True, slots=True)
class _Read:
    home: Administration
    areas: list[Area]
    since: dt.date
    origin: str
    recommended_by: Administration | None


def stage(staging: Staging) -> Iterator[ImportRow]:
    """New lines, lines that are there already, people of whom it is not clear who is meant, and what cannot be listed."""
    known, words = _Known(), Words()
    in_sheet: dict[tuple[str, ...], set[uuid.UUID]] = defaultdict(set)
    for row in staging.rows:
        try:
            read = _read(row, words, known, staging.as_of)
            key = name_key(row["family_name"], row["given_name"], read.home)
            _check_once(read, in_sheet[key])
            people = _people(row, read, known)
            staged = _row(row, read, key, people, known)
        except RowRefused as refused:
            yield invalid(row, refused.column, refused.reason)
            continue
        in_sheet[key] |= {area.pk for area in read.areas}
        yield staged


def _check_once(read: _Read, above: set[uuid.UUID]) -> None:
    for area in read.areas:
        if area.pk in above:
            raise RowRefused("areas", _("Another row has the same person in %(area)s.") % {"area": area})


def _read(row: SheetRow, words: Words, known: _Known, as_of: dt.date) -> _Read:
    row.needs("family_name", "given_name", "administration", "areas")
    row.keeps_within(LONGEST)
    if row["email"] and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", row["email"]):
        raise RowRefused("email", _("This is no e-mail address."))
    home = good("administration", words.administration(row["administration"]))
    since = row["since"] or as_of
    if since > today():
        raise RowRefused("since", _("This day is still to come."))
    return _Read(home, _areas(row["areas"], words), since, *_origin(row["recommended_by"], home, words, known))


def _areas(text: str, words: Words) -> list[Area]:
    """The cell as one area, else as several between signs; an area named twice is named once."""
    whole = words.area(text)
    if not isinstance(whole, Bad) and whole is not None:
        return [whole]
    parts = [part.strip() for part in re.split(r"[;,/|\n]", text) if part.strip()]
    return list({area.pk: area for area in (good("areas", words.area(part)) for part in parts)}.values())


def _origin(text: str, home: Administration, words: Words, known: _Known) -> tuple[str, Administration | None]:
    if not text or folded(text) in {"rocb", "rocb a p"}:
        return Origin.ROCB, None
    if folded(text) in {"home", "administration", "home administration"}:
        return Origin.ADMINISTRATION, home
    by: Administration = good("recommended_by", words.administration(text))
    if by.pk == home.pk:
        return Origin.ADMINISTRATION, home
    if by.pk not in known.hosts:
        raise RowRefused("recommended_by", _("%(host)s hosts no centre.") % {"host": by})
    return Origin.CENTRE, by


def _people(row: SheetRow, read: _Read, known: _Known) -> list[Expert]:
    """Whom the row may mean: the namesake at home, and whoever has the address. One who fits in both is meant for sure."""
    named = known.by_name.get(name_key(row["family_name"], row["given_name"], read.home), [])
    addressed = known.by_email.get(row["email"].casefold(), []) if row["email"] else []
    both = [person for person in named if person in addressed]
    if both:
        return both[:1]
    return list({person.pk: person for person in [*named, *addressed]}.values())


def _row(row: SheetRow, read: _Read, key: tuple[str, ...], people: list[Expert], known: _Known) -> ImportRow:
    sure = _is_sure(row, people)
    person = people[0] if people and sure else None
    new = [area for area in read.areas if person is None or _can_be_listed(person, area, known)]
    verdict = RowVerdict.NEW if new else RowVerdict.UNCHANGED
    if not sure:
        verdict = RowVerdict.AMBIGUOUS
    name = f"{row['given_name']} {row['family_name']}"
    return ImportRow(
        sheet=row.sheet[:40],
        number=row.number,
        verdict=verdict,
        label=f"{name}, {read.home}: {', '.join(str(area) for area in new or read.areas)}",
        key="|".join(key),
        data={
            "says": says(row),
            "home": str(read.home.pk),
            "areas": [str(area.pk) for area in new or read.areas],
            "since": read.since.isoformat(),
            "origin": str(read.origin),
            "recommended_by": str(read.recommended_by.pk) if read.recommended_by else "",
            "expert": str(person.pk) if person else "",
            "maybe": [[str(one.pk), f"{one}, {one.administration}, {one.email or '–'}"] for one in people if not sure],
            "seen": [["experts.expert", str(one.pk), one.version] for one in people],
        },
        object_id=person.pk if person else None,
        reason="" if sure else _("Somebody known here has this name or this address, and differs in the other."),
        take=verdict == RowVerdict.NEW,
    )


def _is_sure(row: SheetRow, people: list[Expert]) -> bool:
    """Nobody fits, or one does in name and, as far as both are known, in the address."""
    if not people:
        return True
    one = people[0]
    same_name = sorted((folded(one.family_name), folded(one.given_name))) == sorted(
        (folded(row["family_name"]), folded(row["given_name"]))
    )
    same_address = not row["email"] or not one.email or row["email"].casefold() == one.email.casefold()
    return len(people) == 1 and same_name and same_address


def _can_be_listed(person: Expert, area: Area, known: _Known) -> bool:
    """False for a line that is there; RowRefused for somebody the list is not for."""
    if person.left_on:
        raise RowRefused("family_name", _("%(name)s has left.") % {"name": person})
    if area.pk in known.accredited[person.pk]:
        raise RowRefused(
            "areas",
            _("%(name)s is accredited or on the way to it in %(area)s; the list is for others.")
            % {"name": person, "area": area},
        )
    return area.pk not in known.lines[person.pk]


def ways(row: ImportRow) -> list[Way]:
    """Of a row that may mean somebody known: which one it is."""
    if row.verdict != RowVerdict.AMBIGUOUS:
        return []
    return [(key, _("It is %(who)s") % {"who": who}) for key, who in row.data["maybe"]]


def apply(applying: Applying) -> None:
    """The lines are opened as staff would by hand; a person who is not known gets a record, once for all rows."""
    known, write = _Known(), applying.write
    homes, areas = Administration.objects.in_bulk(), Area.objects.in_bulk()
    for row in applying.rows:
        if not row.take:
            continue
        home = homes[uuid.UUID(row.data["home"])]
        person = _person(row, home, known, applying)
        if person is None:
            continue
        for key in row.data["areas"]:
            area = areas[uuid.UUID(key)]
            try:
                if not _can_be_listed(person, area, known):
                    continue
            except RowRefused as refused:
                applying.stop(row, refused.reason)
                continue
            known.lines[person.pk].add(area.pk)
            by = row.data["recommended_by"]
            line = Listing(
                expert=person,
                area=area,
                origin=row.data["origin"],
                recommended_by=homes[uuid.UUID(by)] if by else None,
                listed_on=dt.date.fromisoformat(row.data["since"]),
                listed_by=write.by,
                note=row.data["says"].get("known_for", ""),
            )
            write.create(row, line)
            write.log(
                line, "listed", _("Put on the candidate list: %(area)s") % {"area": area}, applying.sheet.file.name
            )


def _person(row: ImportRow, home: Administration, known: _Known, applying: Applying) -> Expert | None:
    chosen = row.choice or row.data["expert"]
    if chosen:
        return known.people[uuid.UUID(chosen)]
    said = row.data["says"]
    key = name_key(said["family_name"], said["given_name"], home)
    namesakes = known.by_name.get(key, [])
    if namesakes and namesakes[0].pk in known.people and not namesakes[0]._state.adding:
        applying.stop(row, _("somebody of this name has a record here by now"))
        return None
    if namesakes:
        return namesakes[0]
    person = Expert(
        family_name=said["family_name"],
        given_name=said["given_name"],
        administration=home,
        email=said.get("email", ""),
    )
    known.by_name[key].append(person)
    applying.write.create(row, person)
    applying.write.log(person, "added", _("Record opened"), applying.sheet.file.name)
    return person


IMPORTER = Importer(
    kind="candidate-list",
    title=gettext_lazy("Candidate list"),
    lead=gettext_lazy(
        "The list as ROCB kept it before: one row a person, with one area or several. These lines have no review here; "
        "a nomination brings it (§2.2(2))."
    ),
    action="candidates.import_list",
    columns=COLUMNS,
    models=(Expert, Listing),
    stage=stage,
    apply=apply,
    ways=ways,
)
