"""Ten years of invented missions with their requests, seats, invitations, letters, ledger and reports.

Most are over; those of the last weeks and the next months stand where missions of such dates stand.
"""

import datetime as dt
from bisect import bisect_left
from typing import Any

from core.enums import JobState
from core.models import Counter, LogEntry, Message, OutboxJob
from experts.enums import ServiceSource, ServiceState, Standing
from experts.models import Area, Expert, ServicePeriod
from members.models import Administration, User
from missions.enums import Bearer, BearsCost, InvitationState, MissionState, Mode, Party, ReportState, RequestState
from missions.models import CapacityRequest, FutureNeed, Invitation, Letter, Mission, Report, Seat
from missions.services import plan_year_of
from rocb_portal.demo.names import town_of
from rocb_portal.demo.rows import moment
from rocb_portal.demo.subjects import SUBJECTS, title_of
from rocb_portal.load.members import home_like
from rocb_portal.load.people import Region
from rocb_portal.load.writing import Draw, Sheaf

DAY = dt.timedelta(days=1)
OLDEST, FARTHEST = 3800, 240
I = InvitationState  # noqa: E741 - short inside this file only
M, R = MissionState, ReportState
# The kind of expert who goes where an area has no accredited people of its own.
INSTEAD = {"STRAT": "DF", "HRM": "CMA"}


def state_on(day: dt.date, first: dt.date, last: dt.date) -> MissionState:
    """Where a mission of these dates stands on a day, if all goes as it should."""
    if last < day - 40 * DAY:
        return M.CLOSED
    if last < day - 20 * DAY:
        return M.REPORTED
    if last < day:
        return M.COMPLETED
    if first <= day:
        return M.UNDER_WAY
    if first <= day + 45 * DAY:
        return M.PREPARING
    if first <= day + 120 * DAY:
        return M.INVITING
    return M.SEARCHING if first <= day + 180 * DAY else M.PLANNED


class MissionMaker:
    def __init__(self, region: Region, draw: Draw, sheaf: Sheaf) -> None:
        self.region, self.draw, self.sheaf, self.day = region, draw, sheaf, region.day
        self.areas = {area.code: area for area in Area.objects.all()}
        self.wanted = [code for code in SUBJECTS if INSTEAD.get(code, code) in region.full]
        self.numbers = dict(Counter.objects.values_list("series", "last"))

    def make(self, number: int) -> None:
        """Oldest first, so that the numbers rise with the dates."""
        days = sorted(self.draw.randint(-OLDEST, FARTHEST) for _ in range(number))
        for n, offset in enumerate(days):
            first = self.day + offset * DAY
            _One(self, n, first, first + self.draw.choice([2, 4, 4, 4, 9]) * DAY).write()
            self.sheaf.write_if_full()
        self.sheaf.write()
        for series, last in self.numbers.items():
            Counter.objects.update_or_create(series=series, defaults={"last": last})

    def next(self, series: str) -> int:
        self.numbers[series] = self.numbers.get(series, 0) + 1
        return self.numbers[series]

    def somebody(self, area: str, away: tuple[dt.date, dt.date], not_from: Administration) -> Expert | None:
        """One of those fully accredited by then, the first of them more often; nobody twice on a day or beyond the cap."""
        rows = self.region.full.get(INSTEAD.get(area, area), [])
        known = bisect_left(rows, (away[0] - 90 * DAY,))
        for _ in range(8 if known else 0):
            expert = rows[int(self.draw.random() ** 1.5 * known)][2]
            if expert.administration_id != not_from.pk and self._is_free(expert, away):
                return expert
        return None

    def _is_free(self, expert: Expert, away: tuple[dt.date, dt.date]) -> bool:
        """Judged by the six years around, which is more than any window asks."""
        around, days = 3 * 366 * DAY, (away[1] - away[0]).days + 1
        for first, last in self.region.served.get(expert.pk, []):
            if first <= away[1] and last >= away[0]:
                return False
            if first > away[0] - around and last < away[1] + around:
                days += (last - first).days + 1
        return days <= 84


class _One:
    """One mission, as far as it has come."""

    def __init__(self, maker: MissionMaker, n: int, first: dt.date, last: dt.date) -> None:
        self.maker, self.draw, self.add, self.n = maker, maker.draw, maker.sheaf.add, n
        self.first, self.last, self.region = first, last, maker.region
        self.rocb: User = self.draw.choice(self.region.rocb)
        self.secretariat: User = self.draw.choice(self.region.secretariat)
        self.member: Administration = self.draw.choice(self.region.administrations)
        self.host: User | None = self.region.focal.get(self.member.pk)
        self.remote = self.draw.often(0.15)
        travel = 0 * DAY if self.remote else DAY
        self.away = first - travel, last + travel
        self.code: str = self.draw.choice(self.maker.wanted) if self.maker.wanted else "VAL"
        self.subject = SUBJECTS[self.code]

    def at(self, before: int) -> dt.datetime:
        """So many days before the first day, and never after today."""
        return moment(min(self.first - before * DAY, self.region.day), self.n % 300)

    def write(self) -> None:
        state = state_on(self.region.day, self.first, self.last)
        expert = None
        if state not in {M.PLANNED, M.SEARCHING}:
            expert = self.maker.somebody(self.code, self.away, self.member)
            if expert is None or self.draw.often(0.03):
                state = M.CANCELLED
        mission = self.mission(state)
        seat = self.add(
            Seat(
                mission=mission, position=1, area=mission.area, release_first=self.away[0], release_last=self.away[1],
                bearer=Bearer.WCO, bearer_agreed_by=self.secretariat.name, bearer_agreed_on=self.at(170).date(),
                created_at=self.at(170),
            )
        )  # fmt: skip
        if expert is not None and state != M.CANCELLED:
            invitation = self.invitation(mission, seat, expert, state)
            if state not in {M.INVITING, M.CANCELLED}:
                mission.leader = invitation
            if state in {M.COMPLETED, M.REPORTED, M.CLOSED}:
                self.report(mission, state)

    def mission(self, state: MissionState) -> Mission:
        draw, area = self.draw, self.maker.areas[self.code]
        label, year = plan_year_of(self.first), self.at(200).year
        title = title_of(self.code, self.n, remote=self.remote)
        shared: dict[str, Any] = {
            "title": title, "beneficiary": self.member, "area": area, "objective": self.subject.objective,
            "audience": self.subject.audience, "place": town_of(home_like(self.member)), "first_day": self.first,
            "last_day": self.last, "mode": Mode.REMOTE if self.remote else Mode.ON_SITE,
        }  # fmt: skip
        request = self.add(
            CapacityRequest(
                number=f"R-{year}-{self.maker.next(f'request-{year}'):03d}",
                state=RequestState.IN_PLAN, state_since=self.at(170), bears_cost=draw.choice(BearsCost.values),
                contact_name=self.host.name if self.host else "", contact_email=self.host.email if self.host else "",
                filed_at=self.at(200), checked_at=self.at(190), planned_at=self.at(170), created_by=self.host,
                created_at=self.at(200), **shared,
            )
        )  # fmt: skip
        done = state in {M.COMPLETED, M.REPORTED, M.CLOSED}
        ready = done or state in {M.PREPARING, M.UNDER_WAY}
        mission = Mission(
            number=f"M-{label}-{(label + 1) % 100:02d}-{self.maker.next(f'mission-{label}-{(label + 1) % 100:02d}'):03d}",
            request=request,
            state=state,
            state_since=self.at(60),
            plan_year=label,
            own_experts_at=None if state == M.PLANNED else self.at(160),
            consulted_at=None if state in {M.PLANNED, M.SEARCHING} else self.at(150),
            team_decided_at=self.at(45) if ready else None,
            team_needed=False if ready else None,
            tor_background="As filed with the request." if ready else "",
            tor_input=self.subject.required_input if ready else "",
            tor_result=self.subject.desired_result if ready else "",
            agenda=self.subject.agenda if ready else "",
            actual_first_day=self.first if done or state == M.UNDER_WAY else None,
            actual_last_day=self.last if done else None,
            cancel_reason="The host postponed its reform." if state == M.CANCELLED else "",
            created_at=self.at(170),
            **shared,
        )
        self.add(mission)
        return mission

    def invitation(self, mission: Mission, seat: Seat, expert: Expert, state: MissionState) -> Invitation:
        answered = state != M.INVITING
        asked_only = not answered and self.draw.often(0.4)
        reached = I.SERVED if state in {M.COMPLETED, M.REPORTED, M.CLOSED} else I.APPROVED
        invitation = Invitation(
            mission=mission,
            seat=seat,
            expert=expert,
            standing=Standing.ACCREDITED,
            facts=[f"fully accredited in {self.code}", "English"],
            state=I.ASKED if asked_only else reached if answered else I.LETTER_SENT,
            state_since=self.at(60),
            asked_at=self.at(120),
            answered_at=None if asked_only else self.at(115),
            letter_ready_at=None if asked_only else self.at(100),
            letter_sent_at=None if asked_only else self.at(95),
            replied_at=self.at(60) if answered else None,
            neutrality_at=self.at(20) if reached == I.SERVED else None,
            created_at=self.at(150),
        )
        self.add(invitation)
        if not asked_only:
            invitation.letter = self.letter(mission, invitation, expert)
            self.note(
                invitation, mission, ("send_letter", "Send the letter"), (self.secretariat, Party.SECRETARIAT), 95
            )
            self.serve(mission, invitation, expert, used=reached == I.SERVED)
        if answered:
            home = self.region.focal.get(expert.administration_id) or self.rocb
            self.note(invitation, mission, ("answer_yes", "Approved"), (home, Party.HOME), 60)
        return invitation

    def serve(self, mission: Mission, invitation: Invitation, expert: Expert, *, used: bool) -> None:
        self.region.served.setdefault(expert.pk, []).append(self.away)
        self.add(
            ServicePeriod(
                expert=expert, first_day=self.away[0], last_day=self.away[1],
                state=ServiceState.USED if used else ServiceState.RESERVED, place=f"{mission.place}, {self.member}",
                title=str(mission), source=ServiceSource.MISSION, reference=invitation.pk,
                recorded_by=self.secretariat, created_at=self.at(95),
            )
        )  # fmt: skip

    def letter(self, mission: Mission, invitation: Invitation, expert: Expert) -> Letter:
        day = self.at(95).date()
        year = plan_year_of(day)
        label = f"{year}-{(year + 1) % 100:02d}"
        letter = Letter(
            mission=mission,
            administration=expert.administration,
            number=f"{label}/{self.maker.next(f'letter-{label}'):04d}",
            opening=f"I have the honour to refer to mission {mission.number} of the annual plan.",
            signatory=f"{self.secretariat.name}\nWCO Secretariat",
            prepared_by=self.rocb,
            ready_at=self.at(100),
            sent_at=self.at(95),
            sent_on=day,
            sent_by=self.secretariat,
            verification=f"{self.draw.getrandbits(48):012X}",
            created_at=self.at(100),
        )
        letter.particulars = self.particulars(letter, mission, invitation, expert)
        self.add(letter)
        if self.draw.often(0.25):
            self.e_mail(letter, expert)
        return letter

    def particulars(self, letter: Letter, mission: Mission, invitation: Invitation, expert: Expert) -> dict[str, Any]:
        """The shape that `missions.letters` reads."""
        home, days = expert.administration, (self.away[1] - self.away[0]).days + 1
        return {
            "number": letter.number, "date": str(letter.sent_on), "salutation": home.head_title,
            "addressee": [home.head_title, home.organisation, home.name], "opening": letter.opening, "extra": "",
            "conditions": "", "exception_reason": "", "signatory": letter.signatory, "years": 3, "report_days": 14,
            "verification": letter.verification, "reply_by": str(self.at(80).date()), "demo": True, "address": "",
            "contact": self.secretariat.email,
            "mission": {
                "number": mission.number, "title": mission.title, "beneficiary": self.member.name, "place": mission.place,
                "first_day": str(self.first), "last_day": str(self.last), "mode": str(Mode(mission.mode).label),
                "area": mission.area.name, "objective": mission.objective, "role": 1, "under_scheme": True,
                "financing": "the WCO", "donor": "", "deviations": "", "is_remote": self.remote,
            },
            "experts": [
                {
                    "invitation": str(invitation.pk), "name": expert.name, "office": expert.office, "standing": "accredited",
                    "standing_label": "fully accredited", "area": mission.area.name, "category": "", "task": "",
                    "release_first": str(self.away[0]), "release_last": str(self.away[1]), "release_days": days,
                    "bearer": "the WCO", "bearer_agreed_by": "", "counts": True, "counts_reason": "", "cap_binds": True,
                    "cap_before": 0, "cap_after": days, "cap_limit": 84, "over_cap": False, "unconfirmed_before": None,
                    "confirmed_by": [],
                }
            ],
        }  # fmt: skip

    def e_mail(self, letter: Letter, expert: Expert) -> None:
        at = self.at(95)
        job = self.add(
            OutboxJob(
                kind="letter", payload={"object_id": str(letter.pk)}, formal=True, state=JobState.DONE, attempts=1,
                due_at=at, claimed_at=at, done_at=at, created_at=at,
            )
        )  # fmt: skip
        home = self.region.focal.get(expert.administration_id)
        self.add(
            Message(
                job=job, to=[home.email if home else "customs@customs.example"], subject=f"{letter.number}: release",
                text=letter.opening, about_id=letter.pk, sent_at=at, created_at=at,
            )
        )  # fmt: skip

    def report(self, mission: Mission, state: MissionState) -> None:
        reached = R.ACCEPTED if state == M.CLOSED else R.SUBMITTED if state == M.REPORTED else R.DRAFT
        ended = moment(self.last + 10 * DAY)
        report = Report(
            mission=mission,
            state=reached,
            state_since=ended,
            due_on=self.last + 14 * DAY,
            purpose=self.subject.purpose,
            participants=self.subject.participants,
            activities=self.subject.activities,
            feedback=self.subject.feedback,
            submitted_at=None if reached == R.DRAFT else ended,
            accepted_at=ended if reached == R.ACCEPTED else None,
            created_at=moment(self.last),
        )
        self.add(report)
        for code, what, urgency in self.subject.needs if self.draw.often(0.5) else ():
            self.add(
                FutureNeed(
                    report=report, area=self.maker.areas[code], what=what, urgency=urgency, created_at=report.created_at
                )
            )

    def note(self, obj: Any, mission: Mission, what: tuple[str, str], who: tuple[User, str], before: int) -> None:
        """A line of history: the name of the act and its title, who did it as which party, so many days before."""
        (name, title), (by, party) = what, who
        at = self.at(before)
        self.add(
            LogEntry(
                kind=obj._meta.label_lower, object_id=obj.pk, parent_id=mission.pk, name=name, title=title,
                to_state=obj.state, by=by, actor=str(by), party=party, at=at, created_at=at,
            )
        )  # fmt: skip
