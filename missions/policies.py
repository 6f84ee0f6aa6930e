"""Who a person is to a request, a mission, an invitation or a report, and what follows from it (design, section 8)."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from core.decisions import YES, Decision, no
from core.workflow import binding_of, decide, in_reach, parties_of
from members import enums as members
from missions.enums import Party
from missions.models import (
    FILLED,
    WITH_HOME,
    CapacityRequest,
    Invitation,
    Letter,
    Material,
    Mission,
    Report,
    Seat,
)
from missions.workflow import MISSION, REQUEST

Parties = frozenset[str]

# Who a person can be to a mission, by the party of the portal one acts as.
HATS: dict[str, Parties] = {
    members.Party.ROCB: frozenset({Party.ROCB}),
    members.Party.SECRETARIAT: frozenset({Party.SECRETARIAT}),
    members.Party.ADMINISTRATION: frozenset({Party.HOME, Party.BENEFICIARY}),
    members.Party.EXPERT: frozenset({Party.EXPERT, Party.TEAM, Party.LEADER}),
    members.Party.CENTRE: frozenset(),
}


def office_parties(user: Any) -> set[str]:
    return {str(Party.ROCB)} & user.parties | {str(Party.SECRETARIAT)} & user.parties


def request_parties(user: Any, request: CapacityRequest) -> Parties:
    own = {str(Party.BENEFICIARY)} if request.beneficiary_id in user.administration_ids() else set()
    return frozenset(office_parties(user) | own)


def mission_parties(user: Any, mission: Mission) -> Parties:
    """ROCB, Secretariat; beneficiary; home administration from the letter on; expert from the consultation on; team and leader
    once approved. One person may be several."""
    found = office_parties(user)
    own = user.administration_ids()
    if mission.beneficiary_id in own:
        found.add(Party.BENEFICIARY)
    for invitation in mission.invitations():
        found |= _through(user, invitation, own)
        if mission.leader_id == invitation.pk and invitation.expert.user_id == user.pk:
            found.add(Party.LEADER)
    return frozenset(str(p) for p in found)


def invitation_parties(user: Any, invitation: Invitation) -> Parties:
    found = office_parties(user)
    own = user.administration_ids()
    if invitation.mission.beneficiary_id in own:
        found.add(Party.BENEFICIARY)
    found |= _through(user, invitation, own)
    leader = invitation.mission.leader
    if leader is not None and leader.expert.user_id == user.pk:
        found.add(Party.LEADER)
    return frozenset(str(p) for p in found)


def report_parties(user: Any, report: Report) -> Parties:
    return mission_parties(user, report.mission)


def _through(user: Any, invitation: Invitation, own: frozenset[Any]) -> set[str]:
    found: set[str] = set()
    if invitation.expert.user_id == user.pk and invitation.asked_at:
        found.add(Party.EXPERT)
        if invitation.state in FILLED:
            found.add(Party.TEAM)
    if invitation.expert.administration_id in own and invitation.state in WITH_HOME:
        found.add(Party.HOME)
    return found


def _office(user: Any, _obj: Any) -> Decision:
    return YES if user.is_office else no()


def _everybody(_user: Any, _obj: Any) -> Decision:
    return YES


def _not_expert_only(user: Any, _obj: Any) -> Decision:
    return YES if user.parties - {"expert", "centre"} else no()


def _file_requests(user: Any, _obj: Any) -> Decision:
    return YES if user.administration_ids() else no(_("Requests are filed by member administrations."))


def _edit_request(user: Any, request: CapacityRequest) -> Decision:
    """The beneficiary, as long as it can still send it."""
    if Party.BENEFICIARY not in request_parties(user, request):
        return no(_("Only the beneficiary administration edits its request."))
    if not in_reach(request, REQUEST.transition("write")):
        return no(_("The request has been sent; ROCB can return it if something has to change."))
    return YES


def _step(name: str) -> Callable[[Any, Any], Decision]:
    """A page of one row of the table: open to the parties of that row. The step itself is judged when it is done."""

    def rule(user: Any, obj: Any) -> Decision:
        row = binding_of(obj).machine.transition(name)
        return YES if parties_of(user, obj) & row.all_parties else no(_("This is for somebody else to do."))

    return rule


def _shape(user: Any, mission: Mission) -> Decision:
    """The offices set dates, seats and financing until the first letter freezes the dates."""
    if not user.is_office:
        return no()
    if in_reach(mission, MISSION.transition("cancel")):
        return YES
    return no(_("The mission is over; its particulars stay as they are."))


def _shape_seat(user: Any, seat: Seat) -> Decision:
    return _shape(user, seat.mission)


def _letter_by_offices(user: Any, letter: Letter) -> Decision:
    if not user.is_office:
        return no()
    return no(_("The letter has left; what it says is frozen.")) if letter.sent_at else YES


def _send(user: Any, letter: Letter) -> Decision:
    """The Secretariat alone sends letters (§3.4 step 4); whether it can still be sent, the step itself says."""
    if not user.is_secretariat:
        return no(_("Only the WCO Secretariat sends the formal letter (§3.4, step 4)."))
    return YES


def _read_letter(user: Any, letter: Letter) -> Decision:
    """What the letter says of a person is for the offices, the home administration and that person; of several, for no colleague."""
    if user.is_office or letter.administration_id in user.administration_ids():
        return YES
    alone = all(i.expert.user_id == user.pk for i in letter.invitations.all())
    return YES if alone else no(_("The letter speaks of other officials too; your own part is on its page."))


def _see_dossier(user: Any, mission: Mission) -> Decision:
    """Place, dates, people, terms, agenda, material: whoever the mission is visible to."""
    return YES


def _add_material(user: Any, mission: Mission) -> Decision:
    who = mission_parties(user, mission)
    if not who & {Party.ROCB, Party.SECRETARIAT, Party.TEAM, Party.LEADER}:
        return no(_("Material is added by the offices and the team."))
    return YES


def _remove_material(user: Any, material: Material) -> Decision:
    return YES if user.is_office or material.added_by_id == user.pk else no(_("Only who added it, or the offices."))


_RULES: dict[str, Callable[[Any, Any], Decision]] = {
    "list_requests": _not_expert_only,
    "add_request": _file_requests,
    "see_request": _everybody,
    "edit_request": _edit_request,
    "file_request": _step("file"),
    "enter_in_plan": _step("enter_in_plan"),
    "plan": _office,
    "list_missions": _everybody,
    "see_mission": _everybody,
    "see_dossier": _see_dossier,
    "shape_mission": _shape,
    "shape_seat": _shape_seat,
    "see_search": _office,
    "see_carriers": _office,
    "search": _step("shortlist"),
    "see_history": _everybody,
    "see_invitation": _everybody,
    "consultation": _step("answer_available"),
    "agreements": _step("record_agreements"),
    "letter_for": _step("prepare_letter"),
    "list_letters": _not_expert_only,
    "see_letter": _everybody,
    "read_letter": _read_letter,
    "edit_letter": _letter_by_offices,
    "send_letter": _send,
    "answer_letter": _step("answer_yes"),
    "prepare": _step("prepare"),
    "record_end": _step("record_end"),
    "add_material": _add_material,
    "see_material": _everybody,
    "remove_material": _remove_material,
    "list_reports": _everybody,
    "see_report": _everybody,
    "write_report": _step("write"),
    "of_expert": _everybody,
}


def may(user: Any, action: str, obj: Any = None) -> Decision:
    """One rule an action; the names of the workflow tables' rows are actions too, judged by the table."""
    if not user.is_authenticated:
        return no()
    if action in _RULES:
        return _RULES[action](user, obj)
    if isinstance(obj, CapacityRequest | Mission | Invitation | Report):
        return decide(obj, user, action)
    raise LookupError(action)
