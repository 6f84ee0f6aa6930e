"""Who may see and write what of people (design, section 8)."""

from collections.abc import Callable
from typing import Any

from core.decisions import YES, Decision, no
from core.workflow import decide
from experts.enums import Party
from experts.models import CorrectionRequest, Expert, ServicePeriod, Unavailability
from members import enums as members

# Who a person can be to a record, by the party of the portal one acts as.
HATS: dict[str, frozenset[str]] = {
    members.Party.ROCB: frozenset({Party.ROCB}),
    members.Party.SECRETARIAT: frozenset({Party.SECRETARIAT}),
    members.Party.ADMINISTRATION: frozenset({Party.HOME}),
    members.Party.EXPERT: frozenset({Party.EXPERT}),
    members.Party.CENTRE: frozenset(),
}


def is_home(user: Any, expert: Expert) -> bool:
    return expert.administration_id in user.administration_ids()


def is_self(user: Any, expert: Expert) -> bool:
    return expert.user_id == user.pk


def correction_parties(user: Any, correction: CorrectionRequest) -> frozenset[str]:
    """ROCB, Secretariat; the home administration of the person; the person."""
    found = {str(Party.ROCB)} & user.parties | {str(Party.SECRETARIAT)} & user.parties
    if is_home(user, correction.expert):
        found.add(Party.HOME)
    if is_self(user, correction.expert):
        found.add(Party.EXPERT)
    return frozenset(str(party) for party in found)


# What is asked of a party and not about a person.
BY_PARTY: dict[str, Callable[[Any], bool]] = {
    "pool": lambda user: bool(user.parties - {"expert"}),
    "list": lambda user: bool(user.parties - {"expert"}),
    "see": lambda user: True,
    "see_area": lambda user: True,
    "import_ace": lambda user: user.is_office,
    "import_service": lambda user: user.is_office,
    "quality": lambda user: user.is_office or bool(user.administration_ids()),
    "list_corrections": lambda user: user.is_office or bool(user.administration_ids()),
    "duplicates": lambda user: user.is_office,
    "merge": lambda user: user.is_rocb,
}


def may(user: Any, action: str, obj: Any = None) -> Decision:
    """The pool and its table: everybody signed in but experts, who have the own record. Sheets: the offices.

    see: whoever the row is visible to. see_private (contact, ledger, reasons of unavailability): the offices, the home
    administration, the person. record_service, confirm_history: the offices. availability: the person, ROCB, the home
    administration. A line of the ledger and days of unavailability are judged by their person.
    profile, raise_correction: the person, ROCB, the home administration. see_views (who looked at the contact data): the person,
    ROCB. quality, list_corrections: the offices, and administrations about their own people. duplicates: the offices; merge: ROCB.
    The rows of the table of corrections are actions too, judged by the table.
    """
    if not user.is_authenticated:
        return no()
    if action in BY_PARTY:
        return YES if BY_PARTY[action](user) else no()
    if isinstance(obj, CorrectionRequest):
        return YES if action == "see_correction" else decide(obj, user, action)
    expert = obj.expert if isinstance(obj, ServicePeriod | Unavailability) else obj
    office, person, home = user.is_office, is_self(user, expert), is_home(user, expert)
    if action == "see_private":
        return YES if office or person or home else no()
    if action in {"record_service", "confirm_history"}:
        return YES if office else no()
    if action in {"availability", "profile", "raise_correction"}:
        return YES if user.is_rocb or person or home else no()
    if action == "see_views":
        return YES if user.is_rocb or person else no()
    raise LookupError(action)
