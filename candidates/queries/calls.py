"""Who was asked by a call for nominations, and what has come back."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candidates.enums import CallAnswer, NominationState, Origin
from candidates.models import Call, CalledMember, Nomination
from candidates.workflow import CALL


@dataclass(frozen=True, slots=True)
class Answer:
    """One administration of a call with its word and the nominations it has sent; a nomination is an answer too."""

    member: CalledMember
    nominations: list[Nomination]

    @property
    def value(self) -> str:
        return str(CallAnswer.NOMINATES) if self.nominations else self.member.answer

    @property
    def is_silent(self) -> bool:
        return not self.value

    @property
    def words(self) -> str:
        if self.nominations:
            return _("has nominated")
        return self.member.get_answer_display() if self.member.answer else _("no answer yet")

    @property
    def tone(self) -> str:
        tones: dict[str, str] = {CallAnswer.NOMINATES: "good", CallAnswer.NOBODY: "neutral"}
        return tones.get(self.value, "warn")


def answers_to(call: Call, members: Iterable[CalledMember] | None = None) -> list[Answer]:
    """Every administration asked, in the order of names, in two queries."""
    sent: dict[uuid.UUID, list[Nomination]] = {}
    for nomination in nominations_to(call).filter(origin=Origin.ADMINISTRATION):
        sent.setdefault(nomination.home_id, []).append(nomination)
    asked = call.members.select_related("administration", "answered_by") if members is None else members
    return [Answer(member, sent.get(member.administration_id, [])) for member in asked]


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call in the list: how many were asked and have answered; for a member the own word."""

    call: Call
    asked: int
    answered: int
    nominating: int
    own_words: str


def calls_with_answers(calls: Iterable[Call], own: frozenset[uuid.UUID]) -> list[CallRow]:
    """`calls` with members and areas prefetched; one query more for what was nominated."""
    listed = list(calls)
    sent: dict[uuid.UUID, set[uuid.UUID | None]] = {}
    for key, home in _sent().filter(call__in=listed).values_list("call", "home"):
        sent.setdefault(key, set()).add(home)
    rows = []
    for call in listed:
        homes = sent.get(call.pk, set())
        members = list(call.members.all())
        nominating = [m for m in members if m.administration_id in homes or m.answer == CallAnswer.NOMINATES]
        answered = [m for m in members if m.administration_id in homes or m.answer]
        mine = [Answer(m, []) for m in members if m.administration_id in own and m.administration_id not in homes]
        nominated = [_("has nominated") for m in members if m.administration_id in own and m.administration_id in homes]
        words = "; ".join([*nominated, *(answer.words for answer in mine)])
        rows.append(CallRow(call, len(members), len(answered), len(nominating), words))
    return rows


def _sent() -> QuerySet[Nomination]:
    """Nominations of administrations that were sent and not taken back."""
    rows = Nomination.objects.filter(origin=Origin.ADMINISTRATION, call__isnull=False)
    return rows.exclude(state__in=[NominationState.DRAFT, NominationState.WITHDRAWN])


def nominations_to(call: Call) -> Any:
    """What has been sent on a call; drafts are nobody's but their writer's."""
    return call.nominations.exclude(state__in=[NominationState.DRAFT, NominationState.WITHDRAWN]).select_related("home")


def silent_members(call: Call) -> list[CalledMember]:
    return [answer.member for answer in answers_to(call) if answer.is_silent]


def waiting_calls(user: Any) -> list[CalledMember]:
    """The calls that an administration of this person has neither answered nor nominated to."""
    own = user.administration_ids()
    if not own:
        return []
    # The states in which members may answer are those from which the call can be closed.
    rows = CalledMember.objects.filter(
        administration__in=own, answer="", call__state__in=CALL.transition("close").sources
    ).select_related("call", "administration")
    done = set(_sent().filter(home__in=own).values_list("call", "home"))
    return [row for row in rows if (row.call_id, row.administration_id) not in done]
