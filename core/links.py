"""Signed links that act without an account: minted when the e-mail is delivered, only the hash is kept."""

import datetime as dt
import hashlib
import secrets
import uuid

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.errors import LinkInvalid
from core.locks import lock_rows
from core.models import ActionLink


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _alive() -> QuerySet[ActionLink]:
    return ActionLink.objects.filter(used_at=None, ended_at=None, expires_at__gt=timezone.now())


def mint(purpose: str, object_id: uuid.UUID, recipient: str, *, days: int) -> str:
    """A fresh token; it ends every older link of the same purpose, object and recipient."""
    _alive().filter(purpose=purpose, object_id=object_id, recipient=recipient).update(ended_at=timezone.now())
    token = secrets.token_urlsafe(32)
    ActionLink.objects.create(
        token_hash=_hash(token),
        purpose=purpose,
        object_id=object_id,
        recipient=recipient,
        expires_at=timezone.now() + dt.timedelta(days=days),
    )
    return token


def peek(purpose: str, token: str) -> ActionLink:
    """The living link of this purpose, unchanged: mail gateways open links. LinkInvalid otherwise."""
    link = _alive().filter(purpose=purpose, token_hash=_hash(token)).first()
    if link is None:
        raise LinkInvalid
    return link


def known(purpose: str, token: str) -> ActionLink | None:
    """The link whatever became of it, to tell its holder why it acts no more."""
    return ActionLink.objects.filter(purpose=purpose, token_hash=_hash(token)).first()


def use(purpose: str, token: str) -> ActionLink:
    """Use the link up, inside the transaction of what it does: of many at once exactly one passes. LinkInvalid otherwise."""
    rows = lock_rows(_alive().filter(purpose=purpose, token_hash=_hash(token)))
    if not rows or rows[0].used_at:
        raise LinkInvalid
    link = rows[0]
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    return link


def revoke(purpose: str, object_id: uuid.UUID) -> int:
    """End every living link of this purpose for an object, whoever holds it."""
    return _alive().filter(Q(purpose=purpose, object_id=object_id)).update(ended_at=timezone.now())
