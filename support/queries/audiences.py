"""Whom the two texts are for: a new concept for the whole region, a decided mechanism for those known in the area (§5.1, §5.3)."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from candidates.models import Listing
from core.clock import today
from experts.models import Area, Expert
from experts.queries import accreditations_on
from members.models import Administration
from members.queries import Addressees, all_addressees
from support.enums import Audience, OpportunityKind
from support.models import Opportunity

NOBODY = Addressees([], [])


@dataclass(frozen=True, slots=True)
class Reader:
    """One who is told: an administration, or a person with the home administration in copy."""

    audience: Audience
    administration: Administration | None
    expert: Expert | None
    to: list[str]
    cc: list[str]

    @property
    def name(self) -> str:
        return str(self.expert or self.administration)

    @property
    def home(self) -> Administration | None:
        return self.expert.administration if self.expert else None


def experts_known(area: Area, day: dt.date) -> QuerySet[Expert]:
    """Who is accredited in an area, fully or on the way, or on the candidate list in it; nobody who has left."""
    accredited = accreditations_on(day).filter(area=area).order_by().values("expert")
    listed = Listing.objects.open(day).filter(area=area).order_by().values("expert")
    known = Expert.objects.active(day).filter(Q(pk__in=accredited) | Q(pk__in=listed))
    return known.select_related("administration", "user").order_by("family_name", "given_name", "pk")


def region_readers() -> list[Reader]:
    """Every member administration; those without a focal point have no address."""
    found = all_addressees()
    return [
        Reader(
            Audience.REGION,
            administration,
            None,
            [user.email for user in found.get(administration.pk, NOBODY).to],
            [user.email for user in found.get(administration.pk, NOBODY).cc],
        )
        for administration in Administration.objects.active()
    ]


def experts_readers(area: Area | None) -> list[Reader]:
    """The people known in the area, the focal points of the home administration in copy: it is for them to nominate."""
    if area is None:
        return []
    found = all_addressees()
    return [
        Reader(
            Audience.EXPERTS,
            None,
            expert,
            expert.addresses,
            [user.email for user in found.get(expert.administration_id, NOBODY).everybody],
        )
        for expert in experts_known(area, today())
    ]


def readers_of(opportunity: Opportunity) -> list[Reader]:
    """Who would be told today: for each text that is written its audience."""
    region = region_readers() if opportunity.region_text.strip() else []
    return region + (experts_readers(opportunity.area) if opportunity.experts_text.strip() else [])


def not_yet_told(opportunity: Opportunity) -> list[Reader]:
    """Who belongs to the audience by now and has no notice: members or people who have come since."""
    told = set(opportunity.notices.values_list("administration", "expert"))
    return [
        reader
        for reader in readers_of(opportunity)
        if (reader.administration and reader.administration.pk, reader.expert and reader.expert.pk) not in told
    ]


@dataclass(frozen=True, slots=True)
class Preview:
    """One of the two texts with who reads it."""

    audience: Audience
    text: str
    readers: list[Reader]

    @property
    def without_address(self) -> list[Reader]:
        return [reader for reader in self.readers if not reader.to]

    @property
    def without_copy(self) -> list[Reader]:
        """People whose home administration has nobody to put in copy."""
        return [reader for reader in self.readers if reader.expert and not reader.cc]


def preview(opportunity: Opportunity, audience: Audience, readers: list[Reader]) -> Preview:
    text = opportunity.region_text if audience == Audience.REGION else opportunity.experts_text
    return Preview(audience, text.strip(), readers)


def hints(opportunity: Opportunity) -> list[str]:
    """What ROCB may have overlooked; nothing of it stops the telling."""
    found = []
    if opportunity.kind == OpportunityKind.CONCEPT and not opportunity.region_text.strip():
        found.append(_("A new accreditation concept is for the whole region (§5.1); nothing is written for it."))
    if opportunity.kind == OpportunityKind.MECHANISM and not opportunity.experts_text.strip():
        found.append(_("A decided mechanism is for those known in the area (§5.3); nothing is written for them."))
    decided = {OpportunityKind.CONCEPT, OpportunityKind.MECHANISM}
    if opportunity.kind in decided and opportunity.decided_on is None:
        found.append(_("Without the day of the WCO's decision the days until the notice cannot be counted."))
    return found
