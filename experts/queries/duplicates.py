"""Records that may be one and the same person: same reference or e-mail address, close names within an administration."""

import hashlib
import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from experts.models import Expert, NotDuplicate

Key = tuple[uuid.UUID, uuid.UUID]
SHORTEST = 6  # letters of a whole name that may differ in one of them
REMEMBERED = 24 * 60 * 60  # seconds
MOST_ALIKE = 12  # records under one key; more of them are no sign of anything


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records and what makes them look alike, the strongest sign first."""

    first: Expert
    second: Expert
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Record:
    pk: uuid.UUID
    home: uuid.UUID
    given: tuple[str, ...]
    family: tuple[str, ...]
    email: str
    reference: str

    @property
    def whole(self) -> str:
        """The name without order, so that a swapped one is the same."""
        return " ".join(sorted([*self.given, *self.family]))


def words_of(name: str) -> tuple[str, ...]:
    """A name as it is compared: without accents, case, hyphens, dots and blanks."""
    flat = unicodedata.normalize("NFKD", name.casefold())
    return tuple(
        "".join(letter if letter.isalnum() else " " for letter in flat if not unicodedata.combining(letter)).split()
    )


def found_pairs(*only: Expert) -> list[tuple[Key, tuple[str, ...]]]:
    """Every pair of keys with its reasons, most reasons first; pairs that somebody looked at and found to be two people are left out.

    One query over all records, or over `only` those given; the time grows with their number, not with its square.
    """
    people = Expert.objects.filter(pk__in=[one.pk for one in only]) if only else Expert.objects.all()
    records = [
        _Record(pk, home, words_of(given), words_of(family), email.strip().casefold(), "".join(words_of(reference)))
        for pk, home, given, family, email, reference in people.order_by("pk").values_list(
            "pk", "administration_id", "given_name", "family_name", "email", "ace_reference"
        )
    ]
    reasons: dict[Key, list[str]] = defaultdict(list)
    for words, pairs in (
        (_("same ACE reference but for blanks, signs or case"), _sharing(records, lambda r: [r.reference])),
        (_("same e-mail address"), _sharing(records, lambda r: [r.email])),
    ):
        for pair in set(pairs):
            reasons[pair].append(words)
    homes: dict[uuid.UUID, list[_Record]] = defaultdict(list)
    for record in records:
        homes[record.home].append(record)
    named: set[Key] = set()
    for words, alike in (
        (_("same name in the same administration"), _same_name),
        (_("almost the same name in the same administration"), _close_names),
        (_("same family name and initial in the same administration"), _initials),
    ):
        for pair in {pair for colleagues in homes.values() for pair in alike(colleagues)} - named:
            reasons[pair].append(words)
            named.add(pair)
    settled = set(NotDuplicate.objects.values_list("first_id", "second_id"))
    left = [(pair, tuple(words)) for pair, words in reasons.items() if pair not in settled]
    return sorted(left, key=lambda one: (-len(one[1]), one[0]))


def pairs_now() -> list[tuple[Key, tuple[str, ...]]]:
    """`found_pairs` of all records, remembered until any of them changes or a pair is looked at."""
    records = Expert.objects.aggregate(n=Count("pk"), versions=Sum("version"), last=Max("created_at"))
    line = Expert.history.aggregate(last=Max("history_id"))["last"]
    settled = NotDuplicate.objects.aggregate(n=Count("pk"), last=Max("created_at"))
    state = f"{records} {line} {settled} {get_language()}"
    key = "experts.pairs." + hashlib.sha256(state.encode()).hexdigest()
    found = cache.get(key)
    if found is None:
        found = found_pairs()
        cache.set(key, found, REMEMBERED)
    return found


def pairs_of(found: Iterable[tuple[Key, tuple[str, ...]]]) -> list[Pair]:
    """The records of some pairs, in one query."""
    listed = list(found)
    keys = {key for pair, _reasons in listed for key in pair}
    people = Expert.objects.select_related("administration", "user").in_bulk(keys)
    return [Pair(people[one], people[other], reasons) for (one, other), reasons in listed]


def ordered(one: uuid.UUID, other: uuid.UUID) -> Key:
    return (one, other) if one < other else (other, one)


def _sharing(records: Sequence[_Record], keys: Callable[[_Record], Iterable[Any]]) -> Iterator[Key]:
    """Pairs of records under one key; empty keys and crowds say nothing."""
    return (ordered(records[one].pk, records[other].pk) for one, other in _places_sharing(records, keys))


def _places_sharing(records: Sequence[_Record], keys: Callable[[_Record], Iterable[Any]]) -> Iterator[tuple[int, int]]:
    by_key: dict[Any, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        for key in set(keys(record)):
            if key:
                by_key[key].append(place)
    for group in by_key.values():
        if 1 < len(group) <= MOST_ALIKE:
            yield from combinations(group, 2)


def _same_name(colleagues: Sequence[_Record]) -> Iterator[Key]:
    """The same words in any order, or the same letters in this one: a double name is written with or without its hyphen."""
    return _sharing(colleagues, lambda r: [r.whole, "".join([*r.given, *r.family])])


def _close_names(colleagues: Sequence[_Record]) -> Iterator[Key]:
    """Names that differ in one letter, left out, put in, changed or swapped with its neighbour.

    Two such names have a form in common if each is also written down with every single letter left out.
    """
    names = [record.whole for record in colleagues]

    def forms(record: _Record) -> list[str]:
        whole = record.whole
        return [whole, *(whole[:i] + whole[i + 1 :] for i in range(len(whole)))] if len(whole) >= SHORTEST else []

    for one, other in set(_places_sharing(colleagues, forms)):
        if _differ_in_one(names[one], names[other]):
            yield ordered(colleagues[one].pk, colleagues[other].pk)


def _differ_in_one(one: str, other: str) -> bool:
    if len(one) > len(other):
        one, other = other, one
    start = next((i for i, letter in enumerate(one) if letter != other[i]), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    rest, rest_other = one[start:], other[start:]
    swapped = rest[:2] == rest_other[:2][::-1] and rest[2:] == rest_other[2:]
    return bool(rest) and (rest[1:] == rest_other[1:] or swapped)


def _initials(colleagues: Sequence[_Record]) -> Iterator[Key]:
    """A family name with a full given name in one record and only its initial in the other."""
    short = {record.pk for record in colleagues if record.given and len(record.given[0]) == 1}
    pairs = _sharing(colleagues, lambda r: [(r.family, r.given[0][0])] if r.given and r.family else [])
    return (pair for pair in pairs if (pair[0] in short) != (pair[1] in short))
