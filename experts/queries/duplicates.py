"""Records that may be one and the same person: same reference or e-mail address, close names within an administration."""

import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.utils.translation import gettext as _

from experts.models import Expert, NotDuplicate

Key = tuple[uuid.UUID, uuid.UUID]
SHORTEST = 6  # letters of a whole name that may differ in one of them
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


def found_pairs() -> list[tuple[Key, tuple[str, ...]]]:
    """Every pair of keys with its reasons, most reasons first; pairs that somebody looked at and found to be two people are left out.

    One query over all records; the time grows with their number, not with its square.
    """
    records = [
        _Record(pk, home, words_of(given), words_of(family), email.strip().casefold(), "".join(words_of(reference)))
        for pk, home, given, family, email, reference in Expert.objects.order_by("pk").values_list(
            "pk", "administration_id", "given_name", "family_name", "email", "ace_reference"
        )
    ]
    reasons: dict[Key, list[str]] = defaultdict(list)
    named: set[Key] = set()
    for words, pairs in (
        (_("same ACE reference but for blanks, signs or case"), _sharing(records, lambda r: [r.reference])),
        (_("same e-mail address"), _sharing(records, lambda r: [r.email])),
    ):
        for pair in set(pairs):
            reasons[pair].append(words)
    for words, pairs in (
        (_("same name in the same administration"), _same_name(records)),
        (_("almost the same name in the same administration"), _close_names(records)),
        (_("same family name and initial in the same administration"), _initials(records)),
    ):
        for pair in set(pairs) - named:
            reasons[pair].append(words)
            named.add(pair)
    settled = set(NotDuplicate.objects.values_list("first_id", "second_id"))
    left = [(pair, tuple(words)) for pair, words in reasons.items() if pair not in settled]
    return sorted(left, key=lambda one: (-len(one[1]), one[0]))


def pairs_of(found: Iterable[tuple[Key, tuple[str, ...]]]) -> list[Pair]:
    """The records of some pairs, in one query."""
    listed = list(found)
    keys = {key for pair, _reasons in listed for key in pair}
    people = Expert.objects.select_related("administration", "user").in_bulk(keys)
    return [Pair(people[one], people[other], reasons) for (one, other), reasons in listed]


def ordered(one: uuid.UUID, other: uuid.UUID) -> Key:
    return (one, other) if one < other else (other, one)


def _sharing(records: Iterable[_Record], keys: Any) -> Iterator[Key]:
    """Pairs of records under one key; empty keys and crowds say nothing."""
    by_key: dict[Any, list[uuid.UUID]] = defaultdict(list)
    for record in records:
        for key in set(keys(record)):
            if key:
                by_key[key].append(record.pk)
    for group in by_key.values():
        if 1 < len(group) <= MOST_ALIKE:
            yield from (ordered(one, other) for one, other in combinations(group, 2))


def _same_name(records: Iterable[_Record]) -> Iterator[Key]:
    """The same words in any order, or the same letters in this one: a double name is written with or without its hyphen."""
    return _sharing(records, lambda r: [(r.home, r.whole), (r.home, "".join([*r.given, *r.family]))] if r.whole else [])


def _close_names(records: Iterable[_Record]) -> Iterator[Key]:
    """Names that differ in one letter, left out, put in, changed or swapped with its neighbour.

    Two such names have a form in common if each is also written down with every single letter left out.
    """
    known = {record.pk: record for record in records}

    def forms(record: _Record) -> list[Any]:
        whole = record.whole
        if len(whole) < SHORTEST:
            return []
        return [(record.home, whole), *((record.home, whole[:i] + whole[i + 1 :]) for i in range(len(whole)))]

    for one, other in dict.fromkeys(_sharing(records, forms)):
        if _differ_in_one(known[one].whole, known[other].whole):
            yield one, other


def _differ_in_one(one: str, other: str) -> bool:
    if len(one) > len(other):
        one, other = other, one
    start = next((i for i, letter in enumerate(one) if letter != other[i]), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    rest, rest_other = one[start:], other[start:]
    swapped = rest[:2] == rest_other[:2][::-1] and rest[2:] == rest_other[2:]
    return bool(rest) and (rest[1:] == rest_other[1:] or swapped)


def _initials(records: Iterable[_Record]) -> Iterator[Key]:
    """A family name with a full given name in one record and only its initial in the other."""
    short = {record.pk for record in records if record.given and len(record.given[0]) == 1}
    pairs = _sharing(records, lambda r: [(r.home, r.family, r.given[0][0])] if r.given and r.family else [])
    return (pair for pair in pairs if (pair[0] in short) != (pair[1] in short))
