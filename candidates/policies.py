"""The candidate list is ROCB's; others see their own lines (pitfall P14). Who a person is to a call, a nomination, a nominee."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from candidates.enums import Origin, Party
from candidates.models import Attachment, Call, CalledMember, Listing, Nomination, WorkshopNominee
from candidates.workflow import CALL, NOMINATION
from centres.models import Centre
from core.decisions import YES, Decision, no
from core.policies import may as may_of
from core.workflow import binding_of, decide, in_reach, parties_of
from experts.models import Expert
from members import enums as members

Parties = frozenset[str]
Rule = Callable[[Any, Any], Decision]

# Who a person can be to a thing of part II, by the party of the portal one acts as.
HATS: dict[str, Parties] = {
    members.Party.ROCB: frozenset({Party.ROCB, Party.NOMINATOR}),
    members.Party.SECRETARIAT: frozenset({Party.SECRETARIAT}),
    members.Party.ADMINISTRATION: frozenset({Party.HOME, Party.NOMINATOR, Party.MEMBER}),
    members.Party.EXPERT: frozenset({Party.NOMINEE}),
    members.Party.CENTRE: frozenset({Party.NOMINATOR}),
}


def office_parties(user: Any) -> set[str]:
    return {str(Party.ROCB)} & user.parties | {str(Party.SECRETARIAT)} & user.parties


def call_parties(user: Any, call: Call) -> Parties:
    """The offices; who sees a call besides was asked by it."""
    own = {str(Party.MEMBER)} if user.administration_ids() else set()
    return frozenset(office_parties(user) | own)


def nomination_parties(user: Any, nomination: Nomination) -> Parties:
    """Who nominates; once it is sent the offices, the nominee, and the home administration of somebody whom others name."""
    found: set[str] = set()
    homes = user.administration_ids()
    nominates = {
        Origin.ADMINISTRATION: nomination.home_id in homes,
        Origin.CENTRE: nomination.centre_host_id in user.administration_ids(members.Party.CENTRE),
        Origin.ROCB: user.is_rocb,
    }
    if nominates[Origin(nomination.origin)]:
        found.add(Party.NOMINATOR)
    if nomination.submitted_at is not None:
        found |= office_parties(user)
        if nomination.is_from_outside and nomination.home_id in homes:
            found.add(Party.HOME)
        if nomination.expert is not None and nomination.expert.user_id == user.pk:
            found.add(Party.NOMINEE)
    return frozenset(str(party) for party in found)


def nominee_parties(user: Any, nominee: WorkshopNominee) -> Parties:
    """The offices; the home administration of the person; the person."""
    found = office_parties(user)
    if nominee.expert.administration_id in user.administration_ids():
        found.add(str(Party.HOME))
    if nominee.expert.user_id == user.pk:
        found.add(str(Party.NOMINEE))
    return frozenset(found)


def _everybody(_user: Any, _obj: Any) -> Decision:
    return YES


def _not_expert_only(user: Any, _obj: Any) -> Decision:
    return YES if user.parties - {"expert"} else no()


def _rocb(user: Any, _obj: Any) -> Decision:
    return YES if user.is_rocb else no()


def _office(user: Any, _obj: Any) -> Decision:
    return YES if user.is_office else no()


def _step(name: str) -> Rule:
    """A page of one row of a table: open to the parties of that row. The step itself is judged when it is done."""

    def rule(user: Any, obj: Any) -> Decision:
        row = binding_of(obj).machine.transition(name)
        return YES if parties_of(user, obj) & row.all_parties else no(_("This is for somebody else to do."))

    return rule


def speaks_for(user: Any, listing: Listing) -> bool:
    """The home administration and the person may say whether a line is still right, and end it."""
    return listing.expert.user_id == user.pk or listing.expert.administration_id in user.administration_ids()


def _answer_for_line(user: Any, listing: Listing) -> Decision:
    return YES if user.is_rocb or speaks_for(user, listing) else no()


def _renew(user: Any, listing: Listing) -> Decision:
    """Whoever may nominate the person may do so again: the home administration, ROCB, the centre that recommended."""
    centres = user.administration_ids(members.Party.CENTRE)
    home = listing.expert.administration_id in user.administration_ids()
    return YES if user.is_rocb or home or listing.recommended_by_id in centres else no()


def _answers_lines(user: Any, _obj: Any) -> Decision:
    return YES if user.administration_ids() or members.Party.EXPERT in user.parties else no()


def _recommend(user: Any, centre: Centre) -> Decision:
    """A centre recommends its good trainers (§2.3)."""
    return YES if centre.administration_id in user.administration_ids(members.Party.CENTRE) else no()


def _edit_call(user: Any, call: Call) -> Decision:
    if not user.is_rocb:
        return no()
    if not in_reach(call, CALL.transition("send")):
        return no(_("The call has been sent; what members read stays as it is."))
    return YES


def _answer_call(user: Any, member: CalledMember) -> Decision:
    return YES if user.is_rocb or member.administration_id in user.administration_ids() else no()


def _nominate(user: Any, _obj: Any) -> Decision:
    centres = user.administration_ids(members.Party.CENTRE)
    if user.is_rocb or user.administration_ids() or centres:
        return YES
    return no(_("Nominations come from member administrations, training centres and ROCB (§2.2(2), §2.3)."))


def _edit_nomination(user: Any, nomination: Nomination) -> Decision:
    """Whoever nominates, as long as it can still be sent."""
    if Party.NOMINATOR not in nomination_parties(user, nomination):
        return no(_("Only whoever nominates writes the nomination."))
    if not in_reach(nomination, NOMINATION.transition("submit")):
        return no(_("The nomination has been sent; ROCB can return it if something has to change."))
    return YES


def _read_letter(user: Any, nomination: Nomination) -> Decision:
    """The letter about a nomination that was not listed is for whoever nominated, the home administration and the offices."""
    readers = {Party.ROCB, Party.SECRETARIAT, Party.NOMINATOR, Party.HOME}
    return YES if nomination_parties(user, nomination) & readers else no()


def _remove_attachment(user: Any, row: Attachment) -> Decision:
    """Whoever brought it, while that part is still being written."""
    if not row.by_nominee:
        return _edit_nomination(user, row.nomination)
    if not nomination_parties(user, row.nomination) & {Party.NOMINEE, Party.ROCB}:
        return no()
    is_open = row.nomination.state in NOMINATION.transition("complete_part").sources
    return YES if is_open else no(_("The nomination is decided."))


def _office_or_member(user: Any, _obj: Any) -> Decision:
    return YES if user.is_office or user.administration_ids() else no()


def _member(user: Any, _obj: Any) -> Decision:
    return YES if user.administration_ids() else no()


def _see_path(user: Any, expert: Expert) -> Decision:
    """The way to accreditation: the offices, the home administration, the person."""
    return may_of(user, "experts.see_private", expert)


def _secretariat(user: Any, _obj: Any) -> Decision:
    return YES if user.is_secretariat else no(_("Only the WCO Secretariat confirms a full accreditation (§2.2(1))."))


_RULES: dict[str, Rule] = {
    "list_workshops": _everybody,
    "see_workshop": _everybody,
    "shape_workshop": _office,
    "list_nominees": _office_or_member,
    "put_forward": _office_or_member,
    "say_nobody": _member,
    "invite_nominees": _office,
    "enter_outcomes": _office,
    "see_nominee": _everybody,
    "list_path": _office_or_member,
    "see_path": _see_path,
    "record_field_mission": _office,
    "confirm_full": _secretariat,
    "list_nominations": _not_expert_only,
    "nominate": _nominate,
    "see_nomination": _everybody,
    "edit_nomination": _edit_nomination,
    "submit_nomination": _step("submit"),
    "nominee_part": _step("complete_part"),
    "review_nomination": _step("review"),
    "ask_reviewers": _rocb,
    "decide_nomination": _step("list"),
    "read_nomination_letter": _read_letter,
    "see_attachment": _everybody,
    "remove_attachment": _remove_attachment,
    "list": _not_expert_only,
    "see": _everybody,
    "of_expert": _everybody,
    "of_centre": _not_expert_only,
    "recommend_trainer": _recommend,
    "add": _rocb,
    "import_list": _rocb,
    "confirm": _answer_for_line,
    "confirm_own": _answers_lines,
    "leave": _answer_for_line,
    "renew": _renew,
    "note_contact": _rocb,
    "list_calls": _not_expert_only,
    "see_call": _everybody,
    "see_answers": _office,
    "add_call": _rocb,
    "edit_call": _edit_call,
    "send_call": _step("send"),
    "remind_call": _step("close"),
    "answer_call": _answer_call,
}


def may(user: Any, action: str, obj: Any = None) -> Decision:
    """One rule an action; the names of the workflow tables' rows are actions too, judged by the table."""
    if not user.is_authenticated:
        return no()
    if action in _RULES:
        return _RULES[action](user, obj)
    if isinstance(obj, Call | Nomination | WorkshopNominee):
        return decide(obj, user, action)
    raise LookupError(action)
