"""Calls for nominations: drafted, sent to members, answered, reminded of, closed (§2.2(2), §5.3)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates.enums import CallAnswer
from candidates.models import Call, CalledMember
from candidates.workflow import CALL
from core import history, outbox
from core.errors import InvalidAnswers, NotAllowed, SomebodyWasFaster, TransitionRefused
from core.locks import lock_row
from core.workflow import binding_of, in_reach, perform, start
from experts.models import Area
from members.models import Administration


@transaction.atomic
def draft_call(
    *,
    by: Any,
    title: str,
    text: str,
    areas: Iterable[Area],
    deadline: dt.date,
    members: Iterable[Administration] = (),
) -> Call:
    """A call as a draft of ROCB's; nothing leaves before it is sent."""
    call: Call = start(
        Call(title=title, text=text, deadline=deadline, created_by=by), by=by, title=_("Draft begun"), private=True
    )
    call.areas.set(areas)
    _choose(call, members)
    return call


@transaction.atomic
def edit_call(call: Call, *, by: Any, version: int, members: Iterable[Administration], **fields: Any) -> Call:
    """ROCB corrects a draft. TransitionRefused once it is sent; SomebodyWasFaster if it is not what was looked at."""
    fresh = lock_row(call)
    if not in_reach(fresh, CALL.transition("send")):
        raise TransitionRefused(_("The call has been sent; what members read stays as it is."))
    if fresh.version != version:
        raise SomebodyWasFaster
    areas = fields.pop("areas")
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.version += 1
    fresh.save(update_fields=[*fields, "version"])
    fresh.areas.set(areas)
    _choose(fresh, members)
    history.record(fresh, "edit", _("Draft changed"), by=by, private=True)
    return fresh


def _choose(call: Call, members: Iterable[Administration]) -> None:
    wanted = {member.pk for member in members}
    call.members.exclude(administration__in=wanted).delete()
    there = set(call.members.values_list("administration", flat=True))
    CalledMember.objects.bulk_create(CalledMember(call=call, administration_id=pk) for pk in wanted - there)


@transaction.atomic
def send_call(call: Call, *, by: Any, version: int) -> Call:
    """Send what was read over: one e-mail an administration, and a place in its inbox."""
    if lock_row(call).version != version:
        raise SomebodyWasFaster
    return perform(call, "send", by=by)


@transaction.atomic
def answer_call(member: CalledMember, *, by: Any, answer: str, note: str = "", on_behalf: bool = False) -> CalledMember:
    """An administration says that it nominates somebody, or that it has nobody at present; a later answer takes the place of an
    earlier one. ROCB may note it on behalf. A late answer counts; a closed call is answered no more.
    """
    call = lock_row(member.call)
    if not in_reach(call, CALL.transition("close")):
        raise TransitionRefused(_("This call is closed. Nominations are welcome at all times all the same (§2.2(2))."))
    if answer not in CallAnswer.values:
        raise InvalidAnswers({"answer": _("Please answer this.")})
    if not on_behalf and member.administration_id not in by.administration_ids():
        raise NotAllowed(_("The administration itself answers."))
    fresh = lock_row(member)
    fresh.answer, fresh.note, fresh.answered_at, fresh.answered_by = answer, note.strip()[:200], timezone.now(), by
    fresh.save(update_fields=["answer", "note", "answered_at", "answered_by"])
    history.record(
        call,
        "answered",
        _("%(administration)s answers: %(answer)s")
        % {"administration": fresh.administration, "answer": fresh.get_answer_display()},
        by=by,
        note=fresh.note,
        on_behalf_of="member" if on_behalf else "",
        private=True,
    )
    return fresh


@transaction.atomic
def remind_call(call: Call, *, by: Any, silent: Iterable[CalledMember]) -> int:
    """Write once more to those who have not answered. Returns to how many."""
    fresh = lock_row(call)
    if not in_reach(fresh, CALL.transition("close")):
        raise TransitionRefused(_("This call is closed; nobody is asked any more."))
    waiting = list(silent)
    if not waiting:
        raise TransitionRefused(_("Everybody has answered."))
    entry = history.record(
        fresh, "reminded", _("Reminder sent to %(n)d administrations") % {"n": len(waiting)}, by=by, private=True
    )
    for member in waiting:
        outbox.enqueue(
            "call_reminder", about=f"{fresh}, {member.administration}", object_id=member.pk, entry_id=entry.pk
        )
    return len(waiting)


def is_open(call: Call) -> bool:
    """Whether members may still answer."""
    return in_reach(call, binding_of(call).machine.transition("close"))
