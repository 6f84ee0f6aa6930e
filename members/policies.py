"""Who may do what to administrations and accounts: ROCB keeps both; everybody sees the register and the own account."""

from typing import Any

from core.decisions import YES, Decision, no
from members.models import User


def is_office(user: Any) -> bool:
    return user.is_authenticated and user.is_office


def may(user: Any, action: str, obj: Any = None) -> Decision:
    """see_register, act_as, account: everybody signed in. users, invite, edit_user: ROCB. admin: ROCB. outbox, sheets: the offices."""
    if not user.is_authenticated:
        return no()
    if action in {"see_register", "act_as", "account"}:
        return YES
    if action == "see_user":
        return YES if user.is_rocb or (isinstance(obj, User) and obj.pk == user.pk) else no()
    if action in {"outbox", "sheets"}:
        return YES if user.is_office else no()
    if action in {"users", "invite", "edit_user", "admin"}:
        return YES if user.is_rocb else no()
    raise LookupError(action)
