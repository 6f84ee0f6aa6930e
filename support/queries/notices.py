"""Who was told when, who has seen it, who has answered."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from support.enums import Audience, Standing
from support.models import Notice, NoticeQuerySet, Opportunity

ANSWERED = Q(signed_up_at__isnull=False) | Q(declined_at__isnull=False)
OPENED = Q(seen_at__isnull=False)
LEFT = Q(sent_at__isnull=False) | Q(job__message__sent_at__isnull=False)
FAILED = Q(failed_at__isnull=False)
# The same rule in Python is `Notice.standing`.
STANDINGS: dict[str, Q] = {
    Standing.SIGNED_UP: Q(signed_up_at__isnull=False),
    Standing.DECLINED: Q(declined_at__isnull=False, signed_up_at__isnull=True),
    Standing.SEEN: OPENED & ~ANSWERED,
    Standing.FAILED: FAILED & ~OPENED & ~ANSWERED,
    Standing.UNSEEN: LEFT & ~FAILED & ~OPENED & ~ANSWERED,
    Standing.ON_ITS_WAY: ~LEFT & ~FAILED & ~OPENED & ~ANSWERED,
}


def by_standing(standing: str) -> Q:
    return STANDINGS[standing]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were told, and how far it has come with them."""

    told: int = 0
    seen: int = 0
    signed_up: int = 0
    declined: int = 0
    failed: int = 0
    unseen: int = 0
    on_its_way: int = 0


def counts_of(notices: NoticeQuerySet) -> Counts:
    return Counts(**notices.order_by().aggregate(**_counted()))


def _counted() -> dict[str, Count]:
    return {
        "told": Count("pk"),
        "seen": Count("pk", filter=OPENED | ANSWERED),
        **{
            name: Count("pk", filter=STANDINGS[name])
            for name in (Standing.SIGNED_UP, Standing.DECLINED, Standing.FAILED, Standing.UNSEEN, Standing.ON_ITS_WAY)
        },
    }


def notices_of(opportunity: Opportunity, user: Any) -> NoticeQuerySet:
    """The notices that one may see, with the people, by the name of whoever was told."""
    rows = Notice.objects.visible_to(user).filter(opportunity=opportunity).with_people().select_related("opportunity")
    return rows.annotate(
        name=Coalesce("expert__family_name", "administration__name"),
        home=Coalesce("expert__administration__name", "administration__name"),
        answered_at=Coalesce("signed_up_at", "declined_at"),
    ).order_by("-audience", "name", "pk")


def own_notices(opportunity: Opportunity, user: Any) -> list[Notice]:
    """What this person answers: for the own administration, or as the expert who was told."""
    return list(Notice.objects.own_of(user).filter(opportunity=opportunity).with_people())


def about_own_people(opportunity: Opportunity, user: Any) -> list[Notice]:
    """The people of the administration who were told with it in copy."""
    if not user.administration_ids():
        return []
    rows = Notice.objects.filter(opportunity=opportunity, expert__administration__in=user.administration_ids())
    return list(rows.exclude(expert__user=user).with_people().order_by("expert__family_name", "pk"))


def texts_for(opportunity: Opportunity, user: Any) -> list[tuple[Audience, str]]:
    """What this person was told: each text with whom it is for. The offices read both."""
    texts = {Audience.REGION: opportunity.region_text, Audience.EXPERTS: opportunity.experts_text}
    if not user.is_office:
        read = set(Notice.objects.visible_to(user).filter(opportunity=opportunity).values_list("audience", flat=True))
        texts = {audience: text for audience, text in texts.items() if audience in read}
    return [(audience, text) for audience, text in texts.items() if text.strip()]


def notice_of_link(key: uuid.UUID) -> Notice | None:
    """The notice that a link was made for."""
    rows = Notice.objects.filter(pk=key).with_people().select_related("opportunity__area", "opportunity__workshop")
    return rows.first()


@dataclass(frozen=True, slots=True)
class Told:
    """An opportunity in the list: its figures for the offices, the own notices for whoever was told."""

    opportunity: Opportunity
    counts: Counts
    own: list[Notice]


def told_rows(opportunities: Iterable[Opportunity], user: Any) -> list[Told]:
    """Two queries, however many there are."""
    listed = list(opportunities)
    counted: dict[uuid.UUID, Counts] = {}
    if user.is_office:
        rows = (
            Notice.objects.filter(opportunity__in=listed).order_by().values_list("opportunity").annotate(**_counted())
        )
        counted = {key: Counts(**dict(zip(_counted(), figures, strict=True))) for key, *figures in rows}
    own: dict[uuid.UUID, list[Notice]] = {}
    for notice in Notice.objects.own_of(user).filter(opportunity__in=listed).with_people():
        own.setdefault(notice.opportunity_id, []).append(notice)
    return [Told(row, counted.get(row.pk, Counts()), own.get(row.pk, [])) for row in listed]
