"""Opportunities of the fictional region: one that is told with answers of every kind, one still a draft, one closed."""

import datetime as dt
from typing import Any

from django.db.models import F, Q

from core.workflow import act
from experts.models import Area
from rocb_portal.demo import clock
from rocb_portal.demo.logins import LOGINS
from rocb_portal.demo.people import Cast
from rocb_portal.demo.rows import moment, weekday
from support import services
from support.enums import OpportunityKind
from support.models import Notice, Opportunity

CONCEPT = {
    "kind": OpportunityKind.CONCEPT,
    "title": "Accreditation of advisors on leadership and management",
    "region_text": (
        "Dear colleagues, a new kind of accreditation is being prepared: advisors who help a management team with leadership, "
        "staff development and change. It is open to officials with some years in a management position.\n\n"
        "Please tell us whether your administration has people whom you could imagine in this role. Nothing is decided by it."
    ),
}
MECHANISM = {
    "kind": OpportunityKind.MECHANISM,
    "title": "AEO experts: full accreditation by a mission beside an accredited expert",
    "region_text": (
        "Dear colleagues, it is decided how officials at the first step in the AEO field become fully accredited: by one mission "
        "beside an accredited expert, with a written assessment. Those concerned are written to in person, with you in copy."
    ),
    "experts_text": (
        "You are known as somebody with expertise in the AEO field. It is decided that the first step becomes a full "
        "accreditation by one mission beside an accredited expert, with a written assessment.\n\n"
        "Please say whether you would take part, as the one who is assessed or as the one who accompanies. ROCB then looks for "
        "missions that fit, and asks your administration before anything is agreed."
    ),
}
DRAFT: dict[str, Any] = {
    "kind": OpportunityKind.CONCEPT,
    "title": "Accreditation of trainers for detector dog teams",
    "region_text": (
        "Dear colleagues, the first accreditation in the field of detector dogs is being prepared. The region has not told us yet "
        "who could take part."
    ),
}
# Administrations by what they have done about the mechanism that is told; all others have not seen it. Fiji has not, and signs in.
SIGNED_UP, DECLINED, ONLY_SEEN = ("KR", "TH", "IN", "VN"), ("SG", "AU"), ("JP", "PH", "ID", "LK", "CN")
CAME_BACK = "TO"


def make_opportunities(cast: Cast) -> None:
    """Told 24 days ago, seven days after the decision; a draft six days after the decision; one told last year and closed."""
    _closed(cast)
    _told(cast)
    with _ago(cast, 2):
        services.draft(by=cast.rocb[0], area=_area("K9"), decided_on=_day(cast, 6), deadline=_day(cast, -45), **DRAFT)
    # The column takes the real time by itself.
    Opportunity.objects.filter(created_at__gt=F("state_since")).update(created_at=F("state_since"))
    Notice.objects.filter(sent_at__lt=F("created_at")).update(created_at=F("sent_at"))


def _told(cast: Cast) -> None:
    staff = cast.rocb[0]
    told = _tell(cast, 24, area=_area("AEO"), decided_on=_day(cast, 31), deadline=_day(cast, -18), **MECHANISM)
    answers = [*((c, 20, True) for c in SIGNED_UP), *((c, 18, False) for c in DECLINED)]
    for number, (code, days, signs_up) in enumerate(answers):
        with _ago(cast, days - number % 3, minutes=number * 17):
            services.answer(_of(told, code), by=cast.focal[code], signs_up=signs_up)
    for code in ONLY_SEEN:
        with _ago(cast, 21):
            services.mark_seen(told, by=cast.focal[code])
    with _ago(cast, 17):
        services.note_failed(_of(told, CAME_BACK), by=staff, note="Came back: the mailbox is closed.")
    people = told.notices.filter(expert__isnull=False).exclude(expert__user__email__in=_logins())
    for number, notice in enumerate(people.with_people().order_by("expert__email")):
        with _ago(cast, 22 - number % 5, minutes=number * 13):
            if number % 4 == 3:
                services.mark_seen_by_link(notice)
            elif number % 4 != 2:
                services.answer(notice, by=cast.account(notice.expert), signs_up=number % 4 == 0)  # type: ignore[arg-type]
    with _ago(cast, 3):
        services.remind(told, by=staff)


def _closed(cast: Cast) -> None:
    concept = _tell(cast, 251, decided_on=_day(cast, 260), deadline=_day(cast, 190), **CONCEPT)
    for number, (code, person) in enumerate(cast.focal.items()):
        with _ago(cast, 245 - number % 9, minutes=number * 5):
            if number % 3 < 2:
                services.answer(_of(concept, code), by=person, signs_up=number % 3 == 0)
            elif number % 2:
                services.mark_seen(concept, by=person)
    with _ago(cast, 180):
        act(concept, "close", by=cast.rocb[0], note="The Secretariat has the list of those who signed up.")


def _tell(cast: Cast, ago: int, **written: Any) -> Opportunity:
    with _ago(cast, ago + 4):
        draft = services.draft(by=cast.rocb[0], **written)
    with _ago(cast, ago):
        told = services.tell(draft, by=cast.rocb[0])
        reached = Q(expert__isnull=False) | Q(administration__in=[cast.administrations[code] for code in cast.focal])
        for notice in told.notices.exclude(reached):
            services.failed_to_arrive(notice, why="No address is known.")
    with _ago(cast, ago, minutes=4):
        for notice in told.notices.filter(reached):
            services.left_the_house(notice, at=moment(_day(cast, ago), 304))
    return told


def reminders_to_read() -> Any:
    """Those that a person who signs in here has not seen: their e-mail with its link really leaves."""
    homes = [login.home for login in LOGINS if login.home]
    mine = Q(expert__user__email__in=_logins()) | Q(administration__code__in=homes, expert__isnull=True)
    return Notice.objects.unseen().filter(mine)


def _logins() -> list[str]:
    return [login.email for login in LOGINS]


def _of(opportunity: Opportunity, code: str) -> Notice:
    return opportunity.notices.get(administration__code=code)


def _area(code: str) -> Area:
    return Area.objects.get(code=code)


def _day(cast: Cast, ago: int) -> dt.date:
    return weekday(cast.day - dt.timedelta(days=ago))


def _ago(cast: Cast, days: int, minutes: int = 0) -> Any:
    return clock.at(moment(_day(cast, days), 300 + minutes))
