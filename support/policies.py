"""Opportunities are ROCB's to write; who was told reads them and answers for itself (§5.1, §5.3)."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from core.decisions import YES, Decision, no
from core.workflow import binding_of, decide, in_reach, parties_of
from members import enums as members
from support.enums import Party
from support.models import Notice, Opportunity
from support.workflow import OPPORTUNITY

Parties = frozenset[str]
Rule = Callable[[Any, Any], Decision]

# Who a person can be to an opportunity, by the party of the portal one acts as.
HATS: dict[str, Parties] = {
    members.Party.ROCB: frozenset({Party.ROCB}),
    members.Party.SECRETARIAT: frozenset({Party.SECRETARIAT}),
    members.Party.ADMINISTRATION: frozenset(),
    members.Party.CENTRE: frozenset(),
    members.Party.EXPERT: frozenset(),
}


def opportunity_parties(user: Any, _opportunity: Opportunity) -> Parties:
    """The two offices; those who were told have no part in its steps, they answer their own notice."""
    return frozenset({str(Party.ROCB)} & user.parties | {str(Party.SECRETARIAT)} & user.parties)


def is_own(user: Any, notice: Notice) -> bool:
    """Whether it was this person, or the administration this person speaks for, who was told."""
    if notice.expert is not None:
        return notice.expert.user_id == user.pk
    return notice.administration_id in user.administration_ids()


def _everybody(_user: Any, _obj: Any) -> Decision:
    return YES


def _rocb(user: Any, _obj: Any) -> Decision:
    return YES if user.is_rocb else no()


def _office(user: Any, _obj: Any) -> Decision:
    return YES if user.is_office else no()


def _edit(user: Any, opportunity: Opportunity) -> Decision:
    if not user.is_rocb:
        return no()
    if not in_reach(opportunity, OPPORTUNITY.transition("tell")):
        return no(_("It has been told; what was read stays as it is."))
    return YES


def _step(name: str) -> Rule:
    """A page of one row of the table: open to the parties of that row. The step itself is judged when it is done."""

    def rule(user: Any, obj: Any) -> Decision:
        row = binding_of(obj).machine.transition(name)
        return YES if parties_of(user, obj) & row.all_parties else no(_("This is for somebody else to do."))

    return rule


def _answer(user: Any, notice: Notice) -> Decision:
    return YES if user.is_rocb or is_own(user, notice) else no(_("Whoever was told answers."))


_RULES: dict[str, Rule] = {
    "list": _everybody,
    "see": _everybody,
    "add": _rocb,
    "edit": _edit,
    "tell": _step("tell"),
    "tell_rest": _step("close"),
    "remind": _step("close"),
    "export_notices": _office,
    "answer": _answer,
    "note_failed": _rocb,
}


def may(user: Any, action: str, obj: Any = None) -> Decision:
    """One rule an action; the names of the workflow table's rows are actions too, judged by the table."""
    if not user.is_authenticated:
        return no()
    if action in _RULES:
        return _RULES[action](user, obj)
    if isinstance(obj, Opportunity):
        return decide(obj, user, action)
    raise LookupError(action)
