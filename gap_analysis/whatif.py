"""What if: steps taken on the people of a gap table, and the smallest mix of steps that fills areas (§5.1, §5.3).

Keys in, keys out; no database and no clock. People and areas are told by their keys alone.
"""

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gap_analysis.levels import Facts

Person = str
Area = str
Place = tuple[Person, Area]

NOBODY: frozenset[Person] = frozenset()
DAYS_A_WEEK = 7
MOST_SEATS = 999
# Combinations that are kept in mind at once, and looked at in all: some seconds of work; a few chosen areas need some hundreds.
MOST_STATES, MOST_WORK = 40_000, 600_000
NARROW = 60


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one area; nobody stands in two of the three."""

    full: frozenset[Person] = NOBODY
    first_step: frozenset[Person] = NOBODY
    candidates: frozenset[Person] = NOBODY

    @property
    def everybody(self) -> frozenset[Person]:
        return self.full | self.first_step | self.candidates


Pool = Mapping[Area, Group]


@dataclass(frozen=True)
class Steps:
    """What is assumed: who leaves, whose place in an area ends, how many of the list come to a workshop, who is fully accredited.

    A workshop has at least as many people as have a seat of their own; the others come in the order of the list. `until`: lines of the
    candidate list that nobody confirms end until that day.
    """

    leave: tuple[Person, ...] = ()
    end: tuple[Place, ...] = ()
    until: str = ""
    workshops: Mapping[Area, int] = field(default_factory=dict)
    seats: tuple[Place, ...] = ()
    accredit: tuple[Place, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.leave or self.end or self.until or self.workshops or self.seats or self.accredit)

    def pairs(self) -> list[tuple[str, str]]:
        """As an address or a kept scenario has them; `read` is the way back."""
        return [
            *(("leave", person) for person in self.leave),
            *(("end", _joined(place)) for place in self.end),
            *([("until", self.until)] if self.until else []),
            *(("workshop", f"{area}:{number}") for area, number in self.workshops.items()),
            *(("seat", _joined(place)) for place in self.seats),
            *(("accredit", _joined(place)) for place in self.accredit),
        ]

    def without(self, pair: tuple[str, str]) -> "Steps":
        return read(other for other in self.pairs() if other != pair)


KINDS = ("leave", "end", "until", "workshop", "seat", "accredit")


def read(pairs: Iterable[Sequence[str]]) -> Steps:
    """The steps of an address or of a kept scenario; what makes no sense is left out, and what is said twice counts once."""
    said: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}
    for kind, value in pairs:
        if kind in said and value:
            said[kind][value] = None
    workshops = {}
    for value in said["workshop"]:
        area, _colon, number = value.rpartition(":")
        if area and number.isdecimal() and 0 < int(number[:6]) <= MOST_SEATS:
            workshops[area] = int(number)
    return Steps(
        leave=tuple(said["leave"]),
        end=tuple(_places(said["end"])),
        until=next(iter(said["until"]), ""),
        workshops=workshops,
        seats=tuple(_places(said["seat"])),
        accredit=tuple(_places(said["accredit"])),
    )


def _places(values: Iterable[str]) -> Iterator[Place]:
    for value in values:
        person, _colon, area = value.partition(":")
        if person and area:
            yield person, area


def _joined(place: Place) -> str:
    return ":".join(place)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The people after the steps, who came to each workshop, and the steps that change nothing."""

    pool: Pool
    seated: Mapping[Area, tuple[Person, ...]]
    idle: frozenset[tuple[str, str]]


def take(pool: Pool, steps: Steps, *, order: Sequence[Place] = (), lapsing: frozenset[Place] = frozenset()) -> Outcome:
    """Take the steps in the order in which they would happen: people leave, places end, workshops are held, people are accredited.

    A workshop makes a candidate somebody after the first step; only somebody after the first step can be fully accredited. `order`
    is the candidate list from its oldest line on; `lapsing` are the places in it that end until the day of the steps.
    """
    now = {area: [set(group.full), set(group.first_step), set(group.candidates)] for area, group in pool.items()}
    none: list[set[Person]] = [set(), set(), set()]
    idle = set()
    gone = set(steps.leave)
    idle |= {("leave", person) for person in gone if not any(person in group.everybody for group in pool.values())}
    for groups in now.values():
        for people in groups:
            people.difference_update(gone)
    for person, area in steps.end:
        if not any(person in people for people in now.get(area, none)):
            idle.add(("end", _joined((person, area))))
        for people in now.get(area, none):
            people.discard(person)
    ended = {place for place in lapsing if place[0] in now.get(place[1], none)[2]}
    if steps.until and not ended:
        idle.add(("until", steps.until))
    for person, area in ended:
        now[area][2].discard(person)
    seated = {}
    for area in dict.fromkeys([*steps.workshops, *(area for _person, area in steps.seats)]):
        listed = now.get(area, none)[2]
        named = [person for person, where in steps.seats if where == area and person in listed]
        others = [person for person, where in order if where == area and person in listed and person not in named]
        others += sorted(listed - {*named, *others})
        coming = [*named, *others[: max(0, steps.workshops.get(area, 0) - len(named))]]
        idle |= {("seat", _joined((who, where))) for who, where in steps.seats if where == area and who not in listed}
        if not coming:
            idle |= {("workshop", f"{area}:{steps.workshops[area]}")} if area in steps.workshops else set()
            continue
        now[area][1] |= set(coming)
        now[area][2] -= set(coming)
        seated[area] = tuple(coming)
    for person, area in steps.accredit:
        full, first_step, _listed = now.get(area, none)
        if person in first_step:
            first_step.discard(person)
            full.add(person)
        else:
            idle.add(("accredit", _joined((person, area))))
    after = {area: Group(*(frozenset(people) for people in groups)) for area, groups in now.items()}
    return Outcome(after, seated, frozenset(idle))


def facts_after(facts: Facts, before: Group, after: Group, days: Mapping[Person, int]) -> Facts:
    """The facts of an area once its people have changed; `days` are the free days of each who joins or goes, as fully accredited.

    Demand and priority stay. An area of which something was known stays known; one where somebody is accredited becomes known.
    """
    joined = sum(days.get(person, 0) for person in after.full - before.full)
    gone = sum(days.get(person, 0) for person in before.full - after.full)
    free = max(0, round(facts.free_weeks * DAYS_A_WEEK) - gone + joined) if after.full else 0
    return replace(
        facts,
        fully_accredited=facts.fully_accredited + len(after.full) - len(before.full),
        first_step=facts.first_step + len(after.first_step) - len(before.first_step),
        candidates=facts.candidates + len(after.candidates) - len(before.candidates),
        free_weeks=round(free / DAYS_A_WEEK, 1),
        known=facts.known or bool(after.full | after.first_step),
    )


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of step weighs: a workshop in one area, a seat in it, the way of one person to full accreditation."""

    workshop: float
    seat: float
    accreditation: float


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody who can be moved: waits in some areas after the first step, is on the list for others."""

    person: Person
    waits: frozenset[Area] = frozenset()
    listed: frozenset[Area] = frozenset()


@dataclass(frozen=True, slots=True)
class Move:
    """One person fully accredited in some areas, in those of `seats` after a workshop."""

    person: Person
    areas: frozenset[Area]
    seats: frozenset[Area]


@dataclass(frozen=True, slots=True)
class Mix:
    """Who moves, the workshops that are held for it, what it weighs, and how many people are missing where it cannot be done."""

    moves: tuple[Move, ...]
    workshops: frozenset[Area]
    weight: float
    missing: Mapping[Area, int]


class TooManyCombinations(Exception):
    """The areas hang together by too many people of several areas to be sure of the smallest mix."""


def smallest_mix(
    needed: Mapping[Area, int], movers: Sequence[Mover], weights: Weights, *, held: frozenset[Area] = frozenset()
) -> Mix:
    """The lightest steps that give each area so many more fully accredited people, exactly.

    Somebody who moves is accredited once, in every needed area in which the person waits or has a seat: people of two areas count in
    both. An area with too few people who wait or are listed is left as it is and named in `missing`. A workshop in `held` weighs
    nothing more. Of people who are alike, those that come first are taken.
    """
    at_hand = Counter(area for mover in movers for area in mover.waits | mover.listed)
    missing = {area: number - at_hand[area] for area, number in needed.items() if number > at_hand[area]}
    open_ = {area: number for area, number in needed.items() if number > 0 and area not in missing}
    inside = frozenset(open_)
    useful = [Mover(m.person, m.waits & inside, (m.listed - m.waits) & inside) for m in movers]
    useful = [mover for mover in useful if mover.waits | mover.listed]
    moves: list[Move] = []
    weight = 0.0
    for areas in _hanging_together(open_, useful):
        part = [mover for mover in useful if (mover.waits | mover.listed) & areas]
        lighter, more = _fill({area: n for area, n in open_.items() if area in areas}, part, weights, held)
        weight += lighter
        moves += more
    opened = frozenset(area for move in moves for area in move.seats) - held
    return Mix(tuple(moves), opened, weight, missing)


def _hanging_together(areas: Iterable[Area], movers: Iterable[Mover]) -> list[set[Area]]:
    """The areas in parts that have no person in common."""
    parts: list[set[Area]] = [{area} for area in areas]
    for mover in movers:
        touched = [part for part in parts if part & (mover.waits | mover.listed)]
        if len(touched) > 1:
            parts = [part for part in parts if part not in touched]
            parts.append(set().union(*touched))
    return parts


State = tuple[tuple[int, ...], frozenset[Area]]  # how many each area still lacks, and the workshops held
Path = tuple[Any, ...]  # the moves so far as (path before, move), empty at the beginning
Best = tuple[float, int, Path]
Alike = Mapping[tuple[frozenset[Area], frozenset[Area]], list[Person]]


def _fill(
    needed: Mapping[Area, int], movers: Sequence[Mover], weights: Weights, held: frozenset[Area]
) -> tuple[float, list[Move]]:
    """First the people of several areas, in every way that can matter; then each area by itself with people of its own.

    A first, narrow search gives some mix; the second one is exact and leaves aside what cannot become lighter than that.
    """
    alike: dict[tuple[frozenset[Area], frozenset[Area]], list[Person]] = defaultdict(list)
    for mover in movers:
        alike[mover.waits, mover.listed].append(mover.person)
    search = _Search(tuple(sorted(needed)), needed, alike, weights)
    some = search.lightest(held, narrow=True)
    if some and some[0] <= search.least(held):
        return some
    found = search.lightest(held, bound=some[0] if some else math.inf) or some
    if found is None:  # each area has people enough, so that moving everybody would do
        raise AssertionError(needed)
    return found


class _Search:
    """The mixes of some areas that hang together."""

    def __init__(self, areas: tuple[Area, ...], needed: Mapping[Area, int], alike: Alike, weights: Weights) -> None:
        self.areas, self.needed, self.alike, self.weights = areas, needed, alike, weights
        kinds = list(alike)
        self.several = [
            Mover(person, waits, listed)
            for waits, listed in sorted(kinds, key=lambda kind: (len(kind[1]), -len(kind[0])))
            if len(waits) + len(listed) > 1
            for person in alike[waits, listed][: self._useful(waits, listed)]
        ]
        # What a place that is still lacking weighs at the least, and the workshops without which it cannot be done.
        waiting = Counter(area for (waits, _listed), people in alike.items() for area in waits for _person in people)
        self.per_place = min(
            (weights.accreditation + weights.seat * seats) / (len(waits) + seats)
            for waits, listed in kinds
            for seats in range(len(listed) + 1)
            if seats or waits
        )
        self.sure = frozenset(area for area in areas if waiting[area] < needed[area])

    def _useful(self, waits: frozenset[Area], listed: frozenset[Area]) -> int:
        """So many people of a kind at most fill something."""
        if listed:
            return sum(self.needed[area] for area in waits | listed)
        return max(self.needed[area] for area in waits)

    def least(self, held: frozenset[Area]) -> float:
        """What filling the areas weighs at the least."""
        return self._at_least(self._begin(held), 0.0)

    def _begin(self, held: frozenset[Area]) -> State:
        return tuple(self.needed[area] for area in self.areas), held

    def lightest(
        self, held: frozenset[Area], *, narrow: bool = False, bound: float = math.inf
    ) -> tuple[float, list[Move]] | None:
        """The lightest mix under a bound, if there is one; a narrow search may miss it."""
        states: dict[State, Best] = {self._begin(held): (0.0, 0, ())}
        least, work, done = self.least(held), 0, False
        for mover in self.several:
            work += len(states)
            states = self._with(states, mover, bound)
            if narrow and len(states) > NARROW:
                states = dict(sorted(states.items(), key=lambda item: self._promise(*item))[:NARROW])
                done = any(best[0] <= least and not any(left) for (left, _opened), best in states.items())
            elif len(states) > MOST_STATES or work > MOST_WORK:
                raise TooManyCombinations
            if done:
                break
        found = None
        for (left, opened), (weight, people, path) in states.items():
            rest = _rest(dict(zip(self.areas, left, strict=True)), opened, self.alike, self.weights)
            if rest is not None and weight + rest[0] < bound:
                end = (round(weight + rest[0], 6), people + len(rest[1]), path, rest[1])
                found = min(found, end, key=lambda one: one[:2]) if found else end
        if found is None:
            return None
        moves, path = [], found[2]
        while path:
            path, move = path
            moves.append(move)
        return found[0], [*reversed(moves), *found[3]]

    def _promise(self, state: State, best: Best) -> tuple[float, int]:
        return self._at_least(state, best[0]), sum(state[0])

    def _at_least(self, state: State, weight: float) -> float:
        """What a state of this weight leads to weighs so much or more."""
        left, opened = state
        surely = sum(
            n > 0 and area in self.sure and area not in opened for area, n in zip(self.areas, left, strict=True)
        )
        return round(weight + sum(left) * self.per_place + self.weights.workshop * surely, 6)

    def _with(self, states: Mapping[State, Best], mover: Mover, bound: float) -> dict[State, Best]:
        """The states with this person left where the person is, and moved in each way that fills something."""
        found = dict(states)
        weights = self.weights
        choices = [
            frozenset(seats)
            for number in range(len(mover.listed) + 1)
            for seats in itertools.combinations(sorted(mover.listed), number)
            if seats or mover.waits
        ]
        for (left, opened), (weight, people, path) in states.items():
            lacking = {area for area, number in zip(self.areas, left, strict=True) if number}
            for seats in choices:
                covered = mover.waits | seats
                if seats <= lacking and covered & lacking:
                    state = (
                        tuple(n - (n > 0 and area in covered) for area, n in zip(self.areas, left, strict=True)),
                        opened | seats,
                    )
                    more = weights.accreditation + weights.seat * len(seats) + weights.workshop * len(seats - opened)
                    best = (weight + more, people + 1, (path, Move(mover.person, covered & lacking, seats)))
                    if self._at_least(state, best[0]) >= bound:
                        continue
                    if state not in found or best[:2] < found[state][:2]:
                        found[state] = best
        return found


def _rest(
    left: Mapping[Area, int],
    opened: frozenset[Area],
    alike: Alike,
    weights: Weights,
) -> tuple[float, list[Move]] | None:
    """What is left of each area filled with people of that area alone: those who wait before those who are listed."""
    weight, moves = 0.0, []
    for area, number in left.items():
        own = frozenset({area})
        waiting, listed = alike.get((own, frozenset()), []), alike.get((frozenset(), own), [])
        seats = listed[: max(0, number - len(waiting))]
        coming = [*(Move(p, own, frozenset()) for p in waiting[:number]), *(Move(p, own, own) for p in seats)]
        if len(coming) < number:
            return None
        weight += weights.accreditation * number + weights.seat * len(seats)
        weight += weights.workshop if seats and area not in opened else 0
        moves += coming
    return weight, moves
