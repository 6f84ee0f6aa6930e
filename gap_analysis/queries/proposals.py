"""From a gap to people (§5.1, §5.3): what is at hand in an area, what was tried with members, and the evidence of a proposal."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from candidates.enums import CallState, NominationState
from candidates.models import Call, Listing, Nomination
from candidates.queries.calls import CallRow, calls_with_answers
from core.clock import day_of, today
from core.workflow import in_reach, parties_of
from experts.enums import Stage
from experts.models import Accreditation, Area, Expert
from experts.queries import accreditations_on
from gap_analysis.enums import DemandOrigin, NeedLevel, SurveyState
from gap_analysis.models import GapRow, GapSnapshot, Proposal, Survey
from gap_analysis.queries.dashboard import demand_lines, helping_centres, remarks_on, trend_to
from gap_analysis.queries.gaps import gaps_on
from gap_analysis.queries.survey import figures_of, latest_summary
from gap_analysis.workflow import PROPOSAL
from missions.models import plan_label
from support.models import Opportunity

# So many nominations an area's page names.
MOST = 8


@dataclass(frozen=True, slots=True)
class Steps:
    """Where an area stands on the way from its gap to people; each figure opens its rows.

    `candidates` are the lines of the candidate list, `further` those of them who are accredited or past the first step by now.
    """

    candidates: int
    further: int
    waiting: int
    calls: list[CallRow]
    nominations: list[Nomination]
    proposals: list[Proposal]

    @property
    def was_tried(self) -> bool:
        """Whether members were ever asked for people in this area."""
        return any(row.call.sent_at for row in self.calls)

    @property
    def is_running(self) -> bool:
        return any(row.call.state == CallState.OPEN for row in self.calls)

    @property
    def draft(self) -> Proposal | None:
        return next((one for one in self.proposals if is_draft(one)), None)


def is_draft(proposal: Proposal) -> bool:
    """Whether its words can still be changed."""
    return in_reach(proposal, PROPOSAL.transition("send"))


def may_send(user: Any, proposal: Proposal) -> bool:
    return bool(parties_of(user, proposal) & PROPOSAL.transition("send").all_parties)


def candidates_in(area: Area, day: dt.date) -> QuerySet[Listing]:
    """Who is on the candidate list for an area and neither fully accredited nor past the first step there."""
    there = accreditations_on(day).filter(area=area, stage__in=[Stage.FULL, Stage.FIRST_STEP])
    return Listing.objects.open(day).filter(area=area).exclude(expert__in=there.values("expert"))


def waiting_in(area: Area, day: dt.date) -> QuerySet[Accreditation]:
    """First steps of an area whose field mission is not confirmed yet."""
    rows: QuerySet[Accreditation] = accreditations_on(day).filter(area=area, stage=Stage.FIRST_STEP)
    return rows


def calls_for(area: Area, user: Any) -> list[CallRow]:
    """The calls that ask for people in the area, the newest first, with who has answered."""
    rows = Call.objects.visible_to(user).filter(areas=area).prefetch_related("areas", "members")
    return calls_with_answers(rows, frozenset())


def last_call(area: Area, user: Any) -> Call | None:
    """The call on which a proposal rests: the last one that was sent."""
    return next((row.call for row in calls_for(area, user) if row.call.sent_at), None)


def nominations_for(area: Area, user: Any) -> QuerySet[Nomination]:
    """What came back on these calls for the area: they hang on its gap."""
    sent = Nomination.objects.visible_to(user).exclude(state__in=[NominationState.DRAFT, NominationState.WITHDRAWN])
    return (
        sent.filter(call__areas=area, areas=area)
        .select_related("home", "call")
        .order_by("-submitted_at", "pk")
        .distinct()
    )


def steps_for(area: Area, user: Any) -> Steps:
    day = today()
    listed = Listing.objects.open(day).filter(area=area).count()
    return Steps(
        candidates=listed,
        further=listed - candidates_in(area, day).count(),
        waiting=waiting_in(area, day).count(),
        calls=calls_for(area, user),
        nominations=list(nominations_for(area, user)[:MOST]),
        proposals=list(Proposal.objects.visible_to(user).filter(area=area)),
    )


def opportunity_of(proposal: Proposal, user: Any) -> Opportunity | None:
    """What became of an accepted proposal: the notice of it, once the reader may see it."""
    return Opportunity.objects.visible_to(user).filter(reference=proposal.pk).first()


# The evidence


def evidence_on(area: Area, user: Any) -> tuple[GapSnapshot | None, dict[str, Any]]:
    """What speaks for a workshop: the newest published snapshot (the gaps of today where there is none), the last closed round of the
    survey, remarks, calls, people at hand by administration, centres. Plain data without a name of a person, frozen with the draft.
    """
    good = GapSnapshot.objects.good().filter(published_at__isnull=False, as_of__lte=today())
    snapshot = good.first()
    row = snapshot.rows.select_related("area").filter(area=area).first() if snapshot else None
    if snapshot is None or row is None:
        snapshot, said = None, _of_today(area)
    else:
        said = _of_row(snapshot, row)
    day = today()
    evidence = said | {
        "drawn_on": day.isoformat(),
        "survey": _survey(area),
        "remarks": [
            {"text": one.text, "source": one.source, "paragraph": one.paragraph} for one in remarks_on(area, day)
        ],
        "calls": [_call(row, area) for row in calls_for(area, user) if row.call.sent_at],
        "waiting": _by_home(waiting_in(area, day).values_list("expert", flat=True)),
        "listed": _by_home(candidates_in(area, day).values_list("expert", flat=True)),
        "centres": [str(focus.centre) for focus in helping_centres([area], day)],
    }
    return snapshot, evidence


def _of_row(snapshot: GapSnapshot, row: GapRow) -> dict[str, Any]:
    trend = trend_to(snapshot, [row.area])
    return {
        "as_of": snapshot.as_of.isoformat(),
        "areas": snapshot.rows.count(),
        "rank": row.rank,
        "level": str(row.get_level_display()),
        "floor": snapshot.method.get("floor", 0),
        "comfort": snapshot.method.get("comfort", 0),
        "full": row.fully_accredited,
        "first_step": row.first_step,
        "candidates": row.candidates,
        "free_weeks": float(row.free_weeks),
        "members": row.demand_members,
        "weeks": None if row.demand_weeks is None else float(row.demand_weeks),
        "priority": row.priority,
        "origins": _origins(demand_lines([row])),
        "trend": [
            [day.isoformat(), value]
            for _area, values in trend.areas
            for day, value in zip(trend.days, values, strict=True)
            if value is not None
        ],
    }


def _of_today(area: Area) -> dict[str, Any]:
    table = gaps_on(today())
    gap = next(gap for gap in table.gaps if gap.facts.area == area)
    facts, demand = gap.facts, table.demand.get(area.pk)
    lines = [
        {"statements": [{"origin": s.origin} for s in line.statements], "member": line.member}
        for line in (demand.lines if demand else ())
    ]
    return {
        "as_of": table.as_of.isoformat(),
        "areas": len(table.gaps),
        "rank": gap.rank,
        "level": str(gap.level.label),
        "floor": table.floor,
        "comfort": table.comfort,
        "full": facts.fully_accredited,
        "first_step": facts.first_step,
        "candidates": facts.candidates,
        "free_weeks": facts.free_weeks,
        "members": facts.demand_members,
        "weeks": facts.demand_weeks,
        "priority": facts.priority is not None,
        "origins": _origins(lines),
        "trend": [],
    }


def _origins(lines: Iterable[Any]) -> list[list[Any]]:
    """How many members were heard by each mouth; one that speaks by several counts with each."""
    heard: dict[DemandOrigin, set[str]] = {}
    for line in lines:
        for said in line["statements"]:
            heard.setdefault(DemandOrigin(said["origin"]), set()).add(
                str(getattr(line["member"], "pk", line["member"]))
            )
    return [[str(origin.label), len(heard[origin])] for origin in DemandOrigin if origin in heard]


def _survey(area: Area) -> dict[str, Any] | None:
    """What the last closed round says of the area in sum; None if none asked about it."""
    survey = Survey.objects.filter(state=SurveyState.CLOSED, areas=area).first()
    if survey is None:
        return None
    summary = latest_summary(survey)
    figures = summary.figures if summary else figures_of(survey)
    row = next((one for one in figures["areas"] if one["code"] == area.code), None)
    if row is None:
        return None
    return {
        "title": survey.title,
        "year": plan_label(survey.year),
        "asked": figures["asked"],
        "answered": row["answered"],
        "wanting": row["wanting"],
        "high": row["needs"].get(str(NeedLevel.HIGH), 0),
        "weeks": row["weeks"],
        "hosts": row["hosts"],
        "lends": row["lends"],
    }


def _call(row: CallRow, area: Area) -> dict[str, Any]:
    call = row.call
    sent = call.nominations.exclude(state__in=[NominationState.DRAFT, NominationState.WITHDRAWN]).filter(areas=area)
    return {
        "title": call.title,
        "sent": day_of(call.sent_at).isoformat() if call.sent_at else "",
        "deadline": call.deadline.isoformat(),
        "open": call.state == CallState.OPEN,
        "asked": row.asked,
        "answered": row.answered,
        "nominating": row.nominating,
        "nominations": sent.count(),
        "listed": sent.filter(state=NominationState.LISTED).count(),
    }


def _by_home(experts: Iterable[uuid.UUID]) -> list[list[Any]]:
    """Administrations with how many of the people are theirs; names stay in the portal, where they can be erased."""
    homes = Expert.objects.filter(pk__in=set(experts)).order_by().values_list("administration__name", flat=True)
    return [[name, number] for name, number in sorted(Counter(homes).items())]
