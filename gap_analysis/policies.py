"""The survey is ROCB's and each member's own; what is built from it is for the offices (design, section 8)."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from core.decisions import YES, Decision, no
from core.workflow import binding_of, decide, in_reach, parties_of
from gap_analysis.enums import Party
from gap_analysis.models import AreaAnswer, Proposal, Response, Scenario, Survey
from gap_analysis.workflow import SURVEY
from members import enums as members

Parties = frozenset[str]
Rule = Callable[[Any, Any], Decision]

# Who a person can be to a thing of Part V, by the party of the portal one acts as.
HATS: dict[str, Parties] = {
    members.Party.ROCB: frozenset({Party.ROCB}),
    members.Party.SECRETARIAT: frozenset({Party.SECRETARIAT}),
    members.Party.ADMINISTRATION: frozenset({Party.MEMBER}),
    members.Party.CENTRE: frozenset(),
    members.Party.EXPERT: frozenset(),
}


def office_parties(user: Any) -> set[str]:
    return {str(Party.ROCB)} & user.parties | {str(Party.SECRETARIAT)} & user.parties


def survey_parties(user: Any, _survey: Survey) -> Parties:
    own = {str(Party.MEMBER)} if user.administration_ids() else set()
    return frozenset(office_parties(user) | own)


def response_parties(user: Any, response: Response) -> Parties:
    """The offices, and the administration whose answers they are."""
    own = {str(Party.MEMBER)} if response.administration_id in user.administration_ids() else set()
    return frozenset(office_parties(user) | own)


def proposal_parties(user: Any, _proposal: Proposal) -> Parties:
    return frozenset(office_parties(user))


def _everybody(_user: Any, _obj: Any) -> Decision:
    return YES


def _rocb(user: Any, _obj: Any) -> Decision:
    return YES if user.is_rocb else no()


def _office(user: Any, _obj: Any) -> Decision:
    return YES if user.is_office else no()


def _office_or_member(user: Any, _obj: Any) -> Decision:
    return YES if user.is_office or user.administration_ids() else no()


def _step(name: str) -> Rule:
    """A page of one row of a table: open to the parties of that row. The step itself is judged when it is done."""

    def rule(user: Any, obj: Any) -> Decision:
        row = binding_of(obj).machine.transition(name)
        return YES if parties_of(user, obj) & row.all_parties else no(_("This is for somebody else to do."))

    return rule


def _see_sums(user: Any, survey: Survey) -> Decision:
    """Members read the sums of a round once it is closed: sums that still move would give the latest answer away."""
    if user.is_office:
        return YES
    is_over = in_reach(survey, SURVEY.transition("reopen"))
    return YES if is_over else no(_("The sums of this round can be read once it is closed."))


def _request_from(user: Any, answer: AreaAnswer) -> Decision:
    """The member itself, or ROCB for it."""
    return YES if user.is_rocb or answer.response.administration_id in user.administration_ids() else no()


def _change_scenario(user: Any, scenario: Scenario) -> Decision:
    """Whoever kept it, or ROCB."""
    is_own = user.is_office and scenario.by_id == user.pk
    return YES if user.is_rocb or is_own else no(_("This scenario was kept by somebody else."))


_RULES: dict[str, Rule] = {
    "list_surveys": _office_or_member,
    "see_gaps": _office,
    "build_snapshot": _rocb,
    "publish_snapshot": _rocb,
    "state_priority": _rocb,
    "save_scenario": _office,
    "change_scenario": _change_scenario,
    "list_proposals": _office,
    "see_proposal": _everybody,
    "propose": _rocb,
    "edit_proposal": _rocb,
    "send_proposal": _step("send"),
    "add_survey": _rocb,
    "see_survey": _everybody,
    "edit_survey": _rocb,
    "remind": _rocb,
    "see_sums": _see_sums,
    "summarise": _office,
    "export_answers": _office,
    "import_answers": _rocb,
    "see_response": _everybody,
    "write_response": _step("write"),
    "submit_response": _step("submit"),
    "request_from": _request_from,
}


def may(user: Any, action: str, obj: Any = None) -> Decision:
    """One rule an action; the names of the workflow tables' rows are actions too, judged by the table."""
    if not user.is_authenticated:
        return no()
    if action in _RULES:
        return _RULES[action](user, obj)
    if isinstance(obj, Survey | Response | Proposal):
        return decide(obj, user, action)
    raise LookupError(action)
