"""A closed round of the needs survey with the answers of all members, and the snapshot that follows from everything."""

import datetime as dt

from django.utils import timezone

from experts.models import Area
from gap_analysis import services
from gap_analysis.enums import Half, NeedKind, NeedLevel, ResponseState, SurveyState
from gap_analysis.models import AreaAnswer, GapSnapshot, Response, Survey
from missions.models import plan_label
from missions.services import plan_year_of
from rocb_portal.demo.rows import moment
from rocb_portal.load.people import Region
from rocb_portal.load.writing import Draw, Sheaf

# Of a hundred answers about an area: so many state a need, so many none; the rest is left empty.
WANT, WANT_NOTHING = 45, 35


class NeedsMaker:
    def __init__(self, region: Region, draw: Draw, sheaf: Sheaf) -> None:
        self.region, self.draw, self.sheaf, self.day = region, draw, sheaf, region.day
        self.areas = list(Area.objects.active())

    def make(self) -> None:
        """The round, and what is built from it, published so that both offices read it."""
        self._round()
        snapshot = services.build(GapSnapshot.objects.create(as_of=self.day, by=self.region.rocb[0]))
        if snapshot.published_at is None:
            GapSnapshot.objects.filter(pk=snapshot.pk).update(
                published_at=timezone.now(), published_by=self.region.rocb[0], note="For measuring."
            )

    def _round(self) -> None:
        year, opened = plan_year_of(self.day), moment(self.day - dt.timedelta(days=90))
        survey = Survey(
            title=f"Needs survey {plan_label(year)}", year=year, due=self.day - dt.timedelta(days=30), state=SurveyState.CLOSED,
            state_since=opened, opened_at=opened, closed_at=moment(self.day - dt.timedelta(days=5)), created_by=self.region.rocb[0],
            created_at=opened,
        )  # fmt: skip
        self.sheaf.add(survey)
        self.sheaf.add_all(Survey.areas.through(survey=survey, area=area) for area in self.areas)
        for administration in self.region.administrations:
            at = moment(self.day - dt.timedelta(days=self.draw.randint(8, 80)))
            response = Response(
                survey=survey, administration=administration, state=ResponseState.SUBMITTED, state_since=at, submitted_at=at,
                created_at=opened,
            )  # fmt: skip
            self.sheaf.add(response)
            self.sheaf.add_all(self._answer(response, area) for area in self.areas)
        self.sheaf.write()
        services.summarise(survey)

    def _answer(self, response: Response, area: Area) -> AreaAnswer:
        draw, dice = self.draw, self.draw.randrange(100)
        answer = AreaAnswer(response=response, area=area, created_at=response.created_at)
        if dice < WANT:
            answer.need = str(draw.choice((NeedLevel.LOW, NeedLevel.MEDIUM, NeedLevel.HIGH)))
            answer.weeks = draw.choice((1, 2, 3, None))
            answer.kinds, answer.half = [str(draw.choice(list(NeedKind)))], str(draw.choice(list(Half)))
        elif dice < WANT + WANT_NOTHING:
            answer.need = str(NeedLevel.NONE)
        return answer
