"""Opportunities: drafted, told to those concerned, closed (§5.1, §5.3)."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import history, outbox
from core.errors import SomebodyWasFaster, TransitionRefused
from core.locks import lock_row
from core.models import LogEntry
from core.workflow import in_reach, perform, start
from experts.models import AccreditationWorkshop, Area
from support.enums import Audience
from support.models import Notice, Opportunity
from support.queries import Reader, not_yet_told
from support.workflow import OPPORTUNITY

# What ROCB writes of an opportunity.
FIELDS = (
    "kind", "title", "area", "workshop", "decided_on", "first_day", "deadline", "url", "region_text", "experts_text",
)  # fmt: skip


def is_draft(opportunity: Opportunity) -> bool:
    """Whether it can still be written."""
    return in_reach(opportunity, OPPORTUNITY.transition("tell"))


def is_open(opportunity: Opportunity) -> bool:
    """Whether those who were told may answer."""
    return in_reach(opportunity, OPPORTUNITY.transition("close"))


@transaction.atomic
def draft(
    *,
    by: Any,
    kind: str,
    title: str,
    area: Area | None = None,
    workshop: AccreditationWorkshop | None = None,
    reference: uuid.UUID | None = None,
    decided_on: dt.date | None = None,
    first_day: dt.date | None = None,
    deadline: dt.date | None = None,
    url: str = "",
    region_text: str = "",
    experts_text: str = "",
) -> Opportunity:
    """An opportunity as a draft of ROCB's; nobody is told before it is read over and sent."""
    written = Opportunity(
        kind=kind,
        title=title,
        area=area,
        workshop=workshop,
        reference=reference,
        decided_on=decided_on,
        first_day=first_day,
        deadline=deadline,
        url=url,
        region_text=region_text,
        experts_text=experts_text,
        created_by=by,
    )
    opportunity: Opportunity = start(written, by=by, title=_("Draft begun"), private=True)
    return opportunity


@transaction.atomic
def edit(opportunity: Opportunity, *, by: Any, version: int, **fields: Any) -> Opportunity:
    """ROCB writes a draft. TransitionRefused once it is told; SomebodyWasFaster if it is not what was looked at."""
    fresh = _written(opportunity, version, fields)
    history.record(fresh, "edit", _("Draft changed"), by=by, private=True)
    return fresh


@transaction.atomic
def keep(opportunity: Opportunity, *, version: int, fields: Mapping[str, Any]) -> Opportunity:
    """What is typed is kept while it is typed, without a line of history for every pause."""
    return _written(opportunity, version, fields)


def _written(opportunity: Opportunity, version: int, fields: Mapping[str, Any]) -> Opportunity:
    fresh = _draft_of(opportunity, version)
    for name in FIELDS:
        if name in fields:
            setattr(fresh, name, fields[name])
    fresh.version += 1
    fresh.save(update_fields=[*(name for name in FIELDS if name in fields), "version"])
    return fresh


def _draft_of(opportunity: Opportunity, version: int) -> Opportunity:
    fresh = lock_row(opportunity)
    if not is_draft(fresh):
        raise TransitionRefused(_("It has been told; what was read stays as it is."))
    if fresh.version != version:
        raise SomebodyWasFaster
    return fresh


@transaction.atomic
def discard(opportunity: Opportunity, *, by: Any, version: int) -> None:
    """Throw a draft away that nobody was told of; a line in the history says who did."""
    fresh = _draft_of(opportunity, version)
    history.record(fresh, "discard", _("Draft thrown away"), by=by, note=fresh.title, private=True)
    fresh.delete()


@transaction.atomic
def tell(opportunity: Opportunity, *, by: Any, version: int | None = None) -> Opportunity:
    """Tell everybody whom a text is for: a notice and an e-mail each, both in this transaction.

    TransitionRefused if there is nobody; SomebodyWasFaster if it is not what was read over.
    """
    fresh = lock_row(opportunity)
    if version is not None and fresh.version != version:
        raise SomebodyWasFaster
    told = perform(fresh, "tell", by=by)
    _tell(told, not_yet_told(told), by)
    return told


@transaction.atomic
def tell_rest(opportunity: Opportunity, *, by: Any) -> int:
    """Tell those who have become known since, and nobody twice. Returns how many."""
    fresh = lock_row(opportunity)
    if not is_open(fresh):
        raise TransitionRefused(_("It is closed; nobody is told any more."))
    return _tell(fresh, not_yet_told(fresh), by)


def _tell(opportunity: Opportunity, readers: Iterable[Reader], by: Any) -> int:
    notices = [
        Notice(
            opportunity=opportunity,
            audience=reader.audience,
            administration=reader.administration,
            expert=reader.expert,
        )
        for reader in readers
    ]
    if not notices:
        raise TransitionRefused(
            _("There is nobody to tell: nobody is known whom the text is for and who was not told.")
        )
    entry = _told_line(opportunity, notices, by)
    Notice.objects.bulk_create(notices)
    for notice in notices:
        notice.job = outbox.enqueue(
            "opportunity_told", about=f"{opportunity}, {notice.reader}", object_id=notice.pk, entry_id=entry.pk
        )
    Notice.objects.bulk_update(notices, ["job"], batch_size=200)
    return len(notices)


def _told_line(opportunity: Opportunity, notices: list[Notice], by: Any) -> LogEntry:
    members = sum(notice.audience == Audience.REGION for notice in notices)
    people = len(notices) - members
    words = [
        ngettext("%(n)d administration", "%(n)d administrations", members) % {"n": members} if members else "",
        ngettext("%(n)d expert", "%(n)d experts", people) % {"n": people} if people else "",
    ]
    title = _("An e-mail goes to %(whom)s") % {"whom": ", ".join(word for word in words if word)}
    return history.record(opportunity, "told", title, by=by, private=True)


OPPORTUNITY_ACTIONS = {"tell": tell}
