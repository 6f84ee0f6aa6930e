"""Which missions could carry a first step through its field mission, and which one has done so already (T2 note 2, §3.1)."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from candidates.models import FieldMission
from experts.enums import Stage
from experts.models import Accreditation, Expert
from missions.enums import InvitationState
from missions.models import Invitation, Mission, Seat
from missions.workflow import MISSION


@dataclass(frozen=True, slots=True)
class Carrier:
    """A mission still to come in the same area: its free seats there, and the fully accredited people it would be beside."""

    mission: Mission
    free: list[Seat]
    beside: list[Expert]
    is_on_it: bool

    @property
    def fits(self) -> bool:
        return self.is_on_it or bool(self.free and self.beside)


@dataclass(frozen=True, slots=True)
class Served:
    """A mission that the person has served on since the first step; `url` keeps it as the field mission."""

    invitation: Invitation
    assessor: Expert | None
    url: str


def carriers_for(accreditation: Accreditation, day: dt.date) -> list[Carrier]:
    """Those with a free seat beside a fully accredited expert first; then those where one of the two is still missing."""
    missions = (
        Mission.objects.filter(state__in=MISSION.values(final=False), first_day__gt=day, actual_first_day__isnull=True)
        .filter(pk__in=Seat.objects.filter(_where(accreditation), is_dropped=False).values("mission"))
        .with_people()
        .order_by("first_day")
    )
    found = [_carrier(accreditation, mission, day) for mission in missions]
    return sorted(found, key=lambda c: (not c.fits, not c.free, c.mission.first_day))


def _where(accreditation: Accreditation) -> Q:
    """Seats of the same area; of the same category, if it has no areas."""
    if accreditation.area_id:
        return Q(area=accreditation.area_id)
    return Q(category=accreditation.category_id)


def _carrier(accreditation: Accreditation, mission: Mission, day: dt.date) -> Carrier:
    seats = [
        seat
        for seat in mission.open_seats()
        if (
            seat.area_id == accreditation.area_id
            if accreditation.area_id
            else seat.category_id == accreditation.category_id
        )
    ]
    going = [i for seat in mission.open_seats() for i in (*seat.running(), *filter(None, [seat.holder()]))]
    people = {i.expert_id: i.expert for i in going}
    return Carrier(
        mission=mission,
        free=[seat for seat in seats if not seat.holder() and not seat.running()],
        beside=[p for p in people.values() if p.pk != accreditation.expert_id and _is_full(p, accreditation, day)],
        is_on_it=accreditation.expert_id in people,
    )


def _is_full(person: Expert, accreditation: Accreditation, day: dt.date) -> bool:
    """Reads what is prefetched."""
    return any(
        row.category_id == accreditation.category_id
        and row.area_id == accreditation.area_id
        and row.stage_on(day) == Stage.FULL
        for row in person.accreditations.all()
    )


def served_since_first_step(accreditation: Accreditation) -> list[Served]:
    """Missions of this portal that are not kept as a field mission yet, newest first."""
    if accreditation.first_step_on is None:
        return []
    rows = (
        Invitation.objects.filter(
            expert=accreditation.expert_id, state=InvitationState.SERVED, seat__in=Seat.objects.filter(_where(accreditation)),
            mission__actual_first_day__gte=accreditation.first_step_on,
        )
        .exclude(pk__in=FieldMission.objects.filter(reference__isnull=False).values("reference"))
        .select_related("mission__beneficiary")
        .order_by("-mission__first_day")
    )  # fmt: skip
    return [_served(accreditation, row) for row in rows]


def _served(accreditation: Accreditation, row: Invitation) -> Served:
    mission = Mission.objects.with_people().get(pk=row.mission_id)
    day = mission.actual_last_day or mission.last_day
    beside = [i.expert for i in mission.team() if i.expert_id != accreditation.expert_id]
    assessor = next((person for person in beside if _is_full(person, accreditation, day)), None)
    known = {
        "first": (mission.actual_first_day or mission.first_day).isoformat(),
        "last": day.isoformat(),
        "place": f"{mission.place}, {mission.beneficiary}",
        "reference": str(row.pk),
        "assessor": str(assessor.pk) if assessor else "",
    }
    return Served(
        row, assessor, f"{reverse('candidates:field-mission-new', args=[accreditation.pk])}?{urlencode(known)}"
    )
