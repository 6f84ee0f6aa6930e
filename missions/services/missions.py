"""Steps 6 and 7: the team, the preparation, the mission, its end or its cancelling (§3.4)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import history, links
from core.dated_policy import policy
from core.errors import InvalidAnswers, SomebodyWasFaster, TransitionRefused
from core.files import keep_upload
from core.locks import lock_row
from core.workflow import binding_of, in_reach, perform, start
from experts import services as people
from missions.enums import MaterialKind
from missions.models import (
    Invitation,
    Material,
    Mission,
    Report,
)
from missions.services.answers import revoke_letter
from missions.services.search import CONSULTATION_LINK
from missions.workflow import INVITATION


@transaction.atomic
def decide_team(mission: Mission, *, by: Any, team_needed: bool, leader: str, team_note: str = "") -> Mission:
    """Whether a facilitator team is needed, and who leads; a single expert leads alone (§3.4 step 6)."""
    fresh = lock_row(mission)
    chosen = next((i for i in fresh.team() if str(i.pk) == str(leader)), None)
    if chosen is None:
        raise InvalidAnswers({"leader": _("The leader is one of those whose seats are filled.")})
    if team_needed and len(fresh.team()) == 1:
        raise InvalidAnswers({"team_needed": _("A single expert is no team and leads alone: please answer no.")})
    perform(mission, "decide_team", by=by, team_needed=team_needed, leader=chosen, team_note=team_note)
    return mission


@transaction.atomic
def prepare(mission: Mission, *, by: Any, version: int, keeps_trace: bool = True, **fields: Any) -> Mission:
    """Terms of reference in their three parts, and the agenda (§3.4 step 7).

    Text that is saved while it is typed leaves no trace of its own (`keeps_trace`): the next saving by hand does.
    """
    fresh = lock_row(mission)
    if fresh.version != version:
        raise SomebodyWasFaster
    if keeps_trace:
        return perform(mission, "prepare", by=by, **fields)
    if not in_reach(fresh, binding_of(fresh).machine.transition("prepare")):
        raise TransitionRefused(_("The mission has begun; terms of reference and agenda stay as they are."))
    changed = [name for name, text in fields.items() if getattr(fresh, name) != text]
    for name in changed:
        setattr(fresh, name, fields[name])
    if changed:
        fresh.version += 1
        fresh.skip_history_when_saving = True  # type: ignore[attr-defined]
        fresh.save(update_fields=[*changed, "version"])
    return fresh


@transaction.atomic
def add_material(mission: Mission, *, by: Any, kind: str, title: str, upload: Any) -> Material:
    """A file for those who may see the mission; type and size are checked. An annex belongs to a report that is being written."""
    if kind == MaterialKind.ANNEX:
        _check_annexes_open(mission)
    material = Material.objects.create(
        mission=mission, kind=kind, title=title, file=keep_upload(upload, by=by), added_by=by
    )
    history.record(mission, "add_material", _("Material added"), by=by, note=title)
    return material


def _check_annexes_open(mission: Mission) -> None:
    report = Report.objects.filter(mission=mission).first()
    if report is None or not in_reach(report, binding_of(report).machine.transition("write")):
        raise TransitionRefused(_("Annexes are added and removed while the report is being written."))


@transaction.atomic
def remove_material(material: Material, *, by: Any) -> None:
    """Take a file out of the mission; the history keeps its name."""
    if material.kind == MaterialKind.ANNEX:
        _check_annexes_open(material.mission)
    history.record(material.mission, "remove_material", _("Material removed"), by=by, note=material.title)
    material.delete()


@transaction.atomic
def record_end(
    mission: Mission, *, by: Any, actual_last_day: dt.date, actual_first_day: dt.date, away: Mapping[Any, tuple[dt.date, dt.date]]
) -> Mission:  # fmt: skip
    """The mission has ended: the actual days take the place of the planned ones, and the report falls due.

    `away` maps the key of each approved invitation to the first and last day away from home, travel included. Recording what truly
    happened is never blocked by the cap (§3.2).
    """
    if actual_last_day < actual_first_day:
        raise InvalidAnswers({"actual_last_day": _("The last day is before the first.")})
    team = list(Invitation.objects.filter(mission=mission).select_related("expert"))
    people.lock_experts(*[i.expert for i in team])
    perform(mission, "record_end", by=by, actual_first_day=actual_first_day, actual_last_day=actual_last_day)
    for invitation in sorted(mission.team(), key=lambda i: i.pk):
        first, last = away.get(invitation.pk, invitation.seat.release)
        if last < first:
            raise InvalidAnswers({f"last_{invitation.pk}": _("The last day is before the first.")})
        perform(invitation, "take_part", by=by)
        people.use_days(invitation.pk, first=first, last=last)
    due = actual_last_day + dt.timedelta(days=int(policy("report.due_days", actual_last_day)))
    start(Report(mission=mission, due_on=due), by=by, title=_("Report due"))
    return mission


@transaction.atomic
def cancel_mission(mission: Mission, *, by: Any, **answers: Any) -> Mission:
    """Cancel: reserved days are free again, open letters end, and everybody who was asked is told."""
    everybody = list(Invitation.objects.filter(mission=mission).select_related("expert").order_by("pk"))
    people.lock_experts(*[i.expert for i in everybody])
    perform(mission, "cancel", by=by, **answers)
    for invitation in everybody:
        for name in ("withdraw", "stand_down"):
            row = INVITATION.transition(name)
            if in_reach(invitation, row):
                links.revoke(CONSULTATION_LINK, invitation.pk)
                people.release_days(invitation.pk)
                perform(invitation, name, by=by)
                break
    for letter in mission.letters.order_by("pk"):
        revoke_letter(letter)
    return mission
