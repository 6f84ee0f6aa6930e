"""What stands above every page of a mission: identity, the seven steps, what comes next and by whom, the tabs."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.models import ActionLink
from core.templatetags.portal import span
from core.workflow import parties_of, state_of
from missions import queries
from missions.enums import Party
from missions.models import Invitation, Mission
from missions.workflow import STEPS

OFFICES = frozenset({Party.ROCB, Party.SECRETARIAT})


class MissionFrame:
    """For pages whose `object` is a mission; named before the base page. `tab` is the name of its tab.

    The template extends `missions/mission_frame.html` and fills the block `tab`.
    """

    model = Mission
    tab = ""
    object: Mission
    request: Any

    def rows(self) -> Any:
        return super().rows().with_people()  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mission, user = self.object, self.request.user
        who = parties_of(user, mission)
        return super().get_context_data(  # type: ignore[misc]
            mission=mission,
            who=who,
            is_office=user.is_office,
            steps=queries.progress(mission, discreet=not user.is_office),
            card=card(user, mission),
            tabs=tabs(mission, who, self.tab),
            **kwargs,
        )


def card(user: Any, mission: Mission) -> dict[str, Any]:
    """What comes next for this reader: the own step with its button, else whose it is, else why nothing moves."""
    moves = queries.moves(user, mission)
    if moves:
        return next_of(moves)
    if state_of(mission).final:
        return {}
    if user.is_office:
        reason = queries.what_blocks(mission)
        if not reason:
            return {
                "title": _("Nothing waits now"),
                "sentence": _("The mission is planned for %(days)s. What can be recorded already stands below.")
                % {"days": span(mission.first_day, mission.last_day)},
            }
        return {"title": _("Nothing can be done now"), "blocked_reason": reason}
    step = next((s for s in STEPS if s.n == queries.current_step(mission)), None)
    if step is None:
        return {}
    words = {"n": step.n, "title": step.title, "says": step.says}
    return {
        "title": _("Nothing waits for you"),
        "sentence": _("The mission stands at step %(n)d, %(title)s: %(says)s.") % words,
    }


def next_of(moves: list[queries.Move]) -> dict[str, Any]:
    """The first move as a card, the others behind it."""
    first = moves[0]
    return {
        "title": _("Next: %(what)s") % {"what": first.sentence},
        "who": "" if first.mine else first.who,
        "url": first.url,
        "label": first.button,
        "tone": "primary" if first.mine else "secondary",
        "since": first.since,
        "due": first.due,
        "rest": moves[1:],
    }


def tabs(mission: Mission, who: frozenset[str], active: str) -> list[dict[str, Any]]:
    """The parts of a mission that this reader has a part in."""
    places = [("overview", _("Overview"), "missions:mission"), ("people", _("People"), "missions:mission-people")]
    if who & {*OFFICES, Party.HOME, Party.EXPERT}:
        places.append(("letters", _("Letters and answers"), "missions:mission-letters"))
    places.append(("preparation", _("Preparation"), "missions:preparation"))
    if _report_is_open(mission, who):
        places.append(("report", _("Report"), "missions:report"))
    places.append(("history", _("History"), "missions:mission-history"))
    return [
        {"url": reverse(name, args=[mission.pk]), "label": label, "active": key == active}
        for key, label, name in places
    ]


def _report_is_open(mission: Mission, who: frozenset[str]) -> bool:
    """The offices and the team see the report from its first line, the administrations once it is accepted."""
    report = getattr(mission, "report", None)
    return bool(who & {*OFFICES, Party.TEAM, Party.LEADER}) or bool(report and state_of(report).final)


def link_ended(
    request: HttpRequest, template: str, link: ActionLink | None, asked: Iterable[Invitation], *, formal: bool
) -> HttpResponse:
    """Why a link acts no more. Once answered it says which answer stands, and that what came after it was not recorded."""
    over = bool(link and (link.used_at or link.ended_at))
    answers = queries.answers_that_stand(asked, formal=formal) if over else []
    came_late = request.method == "POST"
    status = 409 if came_late and link and link.used_at else 200 if link and link.used_at else 410
    context = {"link": link, "answers": answers, "came_late": came_late}
    return render(request, template, context, status=status)
