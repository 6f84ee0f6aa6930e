"""What waits in the inbox besides the table of the opportunity: what one was told of and has not answered."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.inbox import MOST, InboxItem
from members.enums import Party
from support.models import Notice
from support.workflow import OPPORTUNITY


def told_of(user: Any, party: str) -> Iterable[InboxItem]:
    """Until it is answered or closed: for the administration that was told, and for the expert."""
    mine = {
        Party.ADMINISTRATION: Q(administration__in=user.administration_ids(), expert__isnull=True),
        Party.EXPERT: Q(expert__user=user),
    }
    if party not in mine:
        return
    # The states in which one may answer are those from which it can be closed.
    rows = Notice.objects.unanswered().filter(
        mine[Party(party)], opportunity__state__in=OPPORTUNITY.transition("close").sources
    )
    for notice in rows.select_related("opportunity").order_by("created_at")[:MOST]:
        opportunity = notice.opportunity
        yield InboxItem(
            sentence=_("You are told of “%(title)s”: sign up, or say that it is not for you") % {"title": opportunity},
            since=notice.created_at,
            due=opportunity.deadline,
            url=opportunity.get_absolute_url(),
            button=_("Read and answer"),
            object_id=opportunity.pk,
        )
