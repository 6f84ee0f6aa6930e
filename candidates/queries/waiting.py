"""What waits in the inbox besides the workflow tables: lines to confirm, calls to answer, lines that have had their day."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.queries.calls import waiting_calls
from candidates.queries.listings import lines_to_close, overdue_lines, scopes_of, why_close
from core.clock import begin_of, today
from core.inbox import InboxItem
from members.enums import Party


def lines_to_confirm(user: Any, party: str) -> Iterable[InboxItem]:
    """The home administration and the person are asked once a year; ROCB sees for whom it waits."""
    day = today()
    if party == Party.ROCB and user.is_rocb:
        yield from _overdue(day)
        return
    if party not in {Party.ADMINISTRATION, Party.EXPERT}:
        return
    for scope in scopes_of(user, party):
        if due := scope.due(day):
            yield InboxItem(
                sentence=_("Are you still to be found on ROCB's candidate list? Please confirm your place")
                if scope.is_person
                else ngettext(
                    "Confirm %(n)d person of %(home)s on the candidate list, or take the line off",
                    "Confirm %(n)d people of %(home)s on the candidate list, or take lines off",
                    len({line.expert_id for line in due}),
                )
                % {"n": len({line.expert_id for line in due}), "home": scope},
                since=begin_of(due[0].confirm_by),
                due=min(line.ends_on for line in due),
                url=reverse("candidates:confirm"),
                button=_("Confirm"),
            )


def _overdue(day: Any) -> Iterable[InboxItem]:
    lines = overdue_lines(day)
    if lines:
        homes = {line.expert.administration_id for line in lines}
        yield InboxItem(
            sentence=ngettext(
                "%(n)d line of the candidate list waits to be confirmed",
                "%(n)d lines of the candidate list wait to be confirmed",
                len(lines),
            )
            % {"n": len(lines)},
            since=begin_of(min(line.confirm_by for line in lines)),
            url=f"{reverse('candidates:listings')}?waits=confirm",
            button=_("Open"),
            mine=False,
            who=ngettext("%(n)d home administration", "%(n)d home administrations", len(homes)) % {"n": len(homes)},
        )


def proposals_to_leave(user: Any, party: str) -> Iterable[InboxItem]:
    """A person accredited in the area, or gone, is for ROCB to take off the list."""
    if party != Party.ROCB or not user.is_rocb:
        return
    day = today()
    for line in lines_to_close(day):
        yield InboxItem(
            sentence=why_close(line),
            since=begin_of(line.since or day),
            url=reverse("candidates:listing-leave", args=[line.pk]),
            button=_("Take off the list"),
            object_id=line.pk,
        )


def calls_to_answer(user: Any, party: str) -> Iterable[InboxItem]:
    if party != Party.ADMINISTRATION:
        return
    for row in waiting_calls(user):
        yield InboxItem(
            sentence=_("Answer ROCB's call for nominations: %(title)s") % {"title": row.call},
            since=row.call.state_since,
            due=row.call.deadline,
            url=row.call.get_absolute_url(),
            button=_("Read and answer"),
            object_id=row.call_id,
        )
