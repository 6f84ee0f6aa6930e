"""The path to accreditation in the demo region: a workshop with mixed outcomes, one to come, and the field missions that are owed."""

import datetime as dt
from typing import Any

from candidates import services as path
from candidates.enums import Assessment, NomineeState
from candidates.models import WorkshopNominee
from experts.models import AccreditationWorkshop, Area, Category, Expert
from rocb_portal.demo.people import Cast
from rocb_portal.demo.pool import ROWS, Pool, new_person
from rocb_portal.demo.rows import keep, moment, weekday
from rocb_portal.demo.stage import Story

AEO = next(row for row in ROWS if row.key == "AEO")


class Accrediting:
    def __init__(self, cast: Cast, pool: Pool) -> None:
        self.cast, self.pool = cast, pool

    def all(self) -> list[Story]:
        return [self.held(), self.to_come(), self.field_missions()]

    def day(self, ago: int) -> dt.date:
        return weekday(self.cast.day - dt.timedelta(days=ago))

    def workshop(self, title: str, area: str, first: dt.date, **fields: Any) -> AccreditationWorkshop:
        return path.add_workshop(
            by=self.cast.rocb[0], title=title, category=Category.objects.get(code="TOA"), area=Area.objects.get(code=area),
            first_day=first, last_day=first + dt.timedelta(days=4), places=16, **fields,
        )  # fmt: skip

    def held(self) -> Story:
        """The seven who owe a field mission in AEO came from here; others did not pass, are to repeat it, or did not come."""
        yield AEO.last_workshop + 90
        last = self.day(AEO.last_workshop)
        workshop = self.workshop("AEO experts", "AEO", last - dt.timedelta(days=4), place="Seoul")
        yield AEO.last_workshop - 3
        passed = [a for a in self.pool.accreditations if a.area and a.area.code == "AEO" and a.first_step_on == last]
        others = [new_person(self.cast, home) for home in ("LK", "BD", "FJ")]
        keep(others)
        fates = (
            (NomineeState.NOT_PASSED, "Good knowledge; the presentation did not reach the level yet."),
            (NomineeState.TO_REPEAT, "Fell ill on the third day."),
            (NomineeState.ABSENT, ""),
        )
        rows = [self._nominee(workshop, a.expert, NomineeState.PASSED, last, accreditation=a) for a in passed]
        rows += [
            self._nominee(workshop, expert, state, last, outcome_note=note)
            for expert, (state, note) in zip(others, fates, strict=True)
        ]
        keep(rows)
        for accreditation in passed:
            accreditation.workshop = workshop
            accreditation.save(update_fields=["workshop"])
        workshop.outcomes_at = moment(last, 600)
        workshop.save(update_fields=["outcomes_at"])

    def _nominee(
        self, workshop: AccreditationWorkshop, expert: Expert, state: str, last: dt.date, **fields: Any
    ) -> WorkshopNominee:
        at = moment(last)
        return WorkshopNominee(
            workshop=workshop, expert=expert, state=state, state_since=at, decided_at=at, version=2,
            put_forward_by=self.cast.focal.get(expert.administration.code, self.cast.rocb[0]),
            created_at=moment(last - dt.timedelta(days=60)), **fields,
        )  # fmt: skip

    def to_come(self) -> Story:
        yield 32
        first = self.cast.day + dt.timedelta(days=75)
        workshop = self.workshop(
            "Non-intrusive inspection experts", "NII", first - dt.timedelta(days=first.weekday()), place="Bangkok",
            nominate_by=self.cast.day + dt.timedelta(days=24),
            text="Members put forward up to two officials with solid practice in image analysis and in training others.",
        )  # fmt: skip
        path.announce_workshop(workshop, by=self.cast.rocb[0], version=workshop.version)
        put = []
        for n, code in enumerate(("AU", "TH", "PG", "MY")):
            yield 20 - 3 * n
            put.append(
                path.put_forward(
                    workshop, by=self.cast.focal[code], person=self._person(code), note="Leads our scanners."
                )
            )
        yield 8
        path.nobody_to_put_forward(workshop, administration=self.cast.administrations["TO"], by=self.cast.focal["TO"])
        yield 6
        path.invite_nominees(put[:2], by=self.cast.rocb[0])

    def _person(self, code: str) -> dict[str, Any]:
        expert = new_person(self.cast, code)
        names = ("given_name", "family_name", "email", "administration")
        return {name: getattr(expert, name) for name in names}

    def field_missions(self) -> Story:
        """One that was passed and waits for the Secretariat's word, and one after which another is needed."""
        yield 70
        self._field_mission("HK", 95, "Port Moresby", Assessment.PASSED, "Led two of the four days alone.")
        yield 26
        self._field_mission("PH", 45, "Dhaka", Assessment.ANOTHER, "Came in as an observer only.")

    def _field_mission(self, home: str, ago: int, place: str, assessment: str, note: str) -> None:
        owed = next(a for a in self.pool.of(self.pool.one("AEO", home)) if a.area and a.area.code == "AEO")
        first = self.day(ago)
        path.record_field_mission(
            owed, by=self.cast.rocb[0], first_day=first, last_day=first + dt.timedelta(days=4), place=place,
            assessor=self.pool.one("AEO", "KR"), assessment=assessment, note=note,
        )  # fmt: skip
