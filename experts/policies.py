"""Who may see and write what of people (design, section 8)."""

from typing import Any

from core.decisions import YES, Decision, no
from experts.models import Expert, ServicePeriod, Unavailability


def is_home(user: Any, expert: Expert) -> bool:
    return expert.administration_id in user.administration_ids()


def is_self(user: Any, expert: Expert) -> bool:
    return expert.user_id == user.pk


def may(user: Any, action: str, obj: Any = None) -> Decision:
    """The pool and its table: everybody signed in but experts, who have the own record. Sheets: the offices.

    see: whoever the row is visible to. see_private (contact, ledger, reasons of unavailability): the offices, the home
    administration, the person. record_service, confirm_history: the offices. availability: the person, ROCB, the home
    administration. A line of the ledger and days of unavailability are judged by their person.
    """
    if not user.is_authenticated:
        return no()
    if action in {"pool", "list"}:
        return YES if user.parties - {"expert"} else no()
    if action in {"import_ace", "import_service"}:
        return YES if user.is_office else no()
    if action == "see_area":
        return YES
    if action == "see":
        return YES
    expert = obj.expert if isinstance(obj, ServicePeriod | Unavailability) else obj
    office, person, home = user.is_office, is_self(user, expert), is_home(user, expert)
    if action == "see_private":
        return YES if office or person or home else no()
    if action in {"record_service", "confirm_history"}:
        return YES if office else no()
    if action == "availability":
        return YES if user.is_rocb or person or home else no()
    raise LookupError(action)
