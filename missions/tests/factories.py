"""Missions at any point of their way, taken there by the real services."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from core.clock import today
from core.workflow import act, perform
from experts.enums import Standing
from experts.models import Expert
from experts.tests.factories import ExpertFactory, area
from members.tests.factories import administration, focal_point, rocb, secretariat
from missions import services
from missions.enums import BearsCost, Financing, Mode
from missions.models import CapacityRequest, Invitation, Letter, Mission


def people(beneficiary: str = "FJ", home: str = "JP") -> SimpleNamespace:
    """One person for each party of the story."""
    expert = ExpertFactory(at_home_in=home, accredited=True, login=True)
    return SimpleNamespace(
        rocb=rocb(),
        secretariat=secretariat(),
        beneficiary=focal_point(beneficiary),
        home=focal_point(home),
        expert=expert,
        expert_user=expert.user,
    )


def request_fields(**fields: Any) -> dict[str, Any]:
    first = fields.pop("first_day", today() + dt.timedelta(days=90))
    return {
        "area": area("AEO"),
        "title": "AEO validation workshop",
        "objective": "Train validators of the new programme.",
        "audience": "Twenty officers of the AEO unit.",
        "first_day": first,
        "last_day": first + dt.timedelta(days=4),
        "mode": Mode.ON_SITE,
        "place": "Suva",
        "bears_cost": BearsCost.PARTLY,
        "cost_note": "Local transport.",
        "contact_name": "A. Contact",
        "contact_email": "contact@customs.example",
        **fields,
    }


def drafted(who: SimpleNamespace, **fields: Any) -> CapacityRequest:
    return services.draft_request(by=who.beneficiary, beneficiary=administration("FJ"), **request_fields(**fields))


def filed(who: SimpleNamespace, **fields: Any) -> CapacityRequest:
    return perform(drafted(who, **fields), "file", by=who.beneficiary)


def checked(who: SimpleNamespace, **fields: Any) -> CapacityRequest:
    return perform(filed(who, **fields), "check", by=who.rocb)


def planned(who: SimpleNamespace, *, seats: int = 1, **fields: Any) -> Mission:
    request = checked(who, **{k: v for k, v in fields.items() if k in request_fields()})
    shape = {k: v for k, v in fields.items() if k not in request_fields()}
    return services.enter_in_plan(
        request,
        by=who.secretariat,
        seats=seats,
        **{
            "title": request.title,
            "place": request.place,
            "first_day": request.first_day,
            "last_day": request.last_day,
            "mode": request.mode,
            "financing": Financing.WCO,
            **shape,
        },
    )


def searching(who: SimpleNamespace, **fields: Any) -> Mission:
    mission = perform(
        planned(who, **fields), "look_at_own_experts", by=who.secretariat, own_experts_note="Nobody is free."
    )
    return perform(mission, "consult_other_office", by=who.rocb, consultation_note="Agreed with Brussels.")


def shortlisted(who: SimpleNamespace, *experts: Expert, standing: str = Standing.ACCREDITED, **fields: Any) -> Mission:
    """Inviting, with one expert a seat on the shortlist (the expert of the story if none is named)."""
    experts = experts or (who.expert,)
    mission = searching(who, seats=len(experts), **fields)
    for seat, expert in zip(mission.seats.all(), experts, strict=True):
        services.shortlist(mission, by=who.rocb, seat=seat, expert=expert, standing=standing)
    return perform(mission, "finalise_shortlist", by=who.rocb)


def available(who: SimpleNamespace, *experts: Expert, **fields: Any) -> Mission:
    mission = shortlisted(who, *experts, **fields)
    for invitation in mission.all_invitations.all():
        perform(invitation, "ask", by=who.rocb)
        perform(invitation, "answer_available", by=who.rocb)
    return mission


def letter_ready(who: SimpleNamespace, *experts: Expert, exception_reason: str = "", **fields: Any) -> Letter:
    mission = available(who, *experts, **fields)
    return services.prepare_letter(
        mission,
        by=who.rocb,
        invitations=list(mission.all_invitations.all()),
        opening="We kindly ask for the release of your expert.",
        exception_reason=exception_reason,
    )


def send(who: SimpleNamespace, letter: Letter) -> Letter:
    return services.send_letter(
        letter, by=who.secretariat, version=letter.version, signatory="Director, Capacity Building"
    )


def letter_sent(who: SimpleNamespace, *experts: Expert, **fields: Any) -> Letter:
    return send(who, letter_ready(who, *experts, **fields))


def approved(who: SimpleNamespace, *experts: Expert, **fields: Any) -> Mission:
    letter = letter_sent(who, *experts, **fields)
    for invitation in letter.invitations.all():
        services.answer_letter(
            invitation, by=who.home, answer="answer_yes", grants_exception=bool(letter.exception_reason)
        )
    return Mission.objects.get(pk=letter.mission_id)


def preparing(who: SimpleNamespace, *experts: Expert, **fields: Any) -> Mission:
    mission = approved(who, *experts, **fields)
    leader: Invitation = mission.team()[0]
    return act(mission, "decide_team", by=who.rocb, team_needed=len(experts) > 1, leader=str(leader.pk))


def under_way(who: SimpleNamespace, **fields: Any) -> Mission:
    mission = preparing(who, **fields)
    services.prepare(
        mission,
        by=who.rocb,
        version=mission.version,
        tor_background="Why",
        tor_input="What",
        tor_result="To which end",
        agenda="1",
    )
    for invitation in mission.team():
        perform(invitation, "acknowledge_neutrality", by=who.expert_user)
    mission.refresh_from_db()
    return perform(mission, "record_start", by=who.rocb, actual_first_day=mission.first_day)


def completed(who: SimpleNamespace, **fields: Any) -> Mission:
    mission = under_way(who, **fields)
    return services.record_end(
        mission, by=who.rocb, actual_first_day=mission.first_day, actual_last_day=mission.last_day, away={}
    )


def reported(who: SimpleNamespace, **fields: Any) -> Mission:
    mission = completed(who, **fields)
    report = services.save_report(
        mission.report, by=who.expert_user, version=mission.report.version, purpose="P", participants="Q", activities="R",
        feedback="S", needs=[{"area": mission.area, "what": "A follow-up", "urgency": "soon"}],
    )  # fmt: skip
    perform(report, "submit", by=who.expert_user)
    act(report, "accept", by=who.rocb)
    return Mission.objects.get(pk=mission.pk)
