"""Proposals of the fictional region: one at each point of the way (§5.3)."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from core.clock import months_after
from core.workflow import act
from experts.models import Area, Category
from gap_analysis import services
from gap_analysis.models import Proposal
from rocb_portal.demo import clock
from rocb_portal.demo.people import Cast
from rocb_portal.demo.rows import moment, weekday

COST = (
    "Travel of two accredited experts and of the participants from least developed members, about a week. The WCO is asked to bear it; "
    "the host gives rooms and local transport."
)


@dataclass(frozen=True, slots=True)
class Made:
    """A proposal: its area, how many days ago it was composed and sent, how long after that the workshop is wished, the answer."""

    area: str
    composed: int
    sent: int = 0
    months: int = 6
    answer: str = ""
    answered: int = 0
    words: dict[str, Any] = field(default_factory=dict)
    is_read: bool = True


PROPOSALS = (
    Made("ROO", 610, 602, answer="withdraw", answered=560, words={"note": "Two members trained their own people in the meantime."}),
    Made(
        "NII", 330, 322, answer="decline", answered=281,
        words={"decision_note": "The technology differs too much between members for one workshop. Please look at a diagnosis first."},
    ),
    Made("IPR", 170, 163, answer="defer", answered=121, words={"decision_note": "The budget of this year is spoken for."}),
    Made(
        "PCA", 95, 90, answer="accept", answered=9, is_read=False,
        words={"decision_note": "Accepted. Please tell the experts in time; the Secretariat sends one facilitator."},
    ),
    Made("AEO", 16, 13),
    Made("INT", 3),
)  # fmt: skip


def make_proposals(cast: Cast) -> None:
    for made in PROPOSALS:
        proposal = _composed(cast, made)
        if made.sent:
            with clock.at(moment(_day(cast, made.sent), 90)):
                proposal = services.send_proposal(proposal, by=cast.rocb[0], version=proposal.version)
        if made.answer:
            _answer(cast, made, proposal)


def _day(cast: Cast, ago: int) -> dt.date:
    return weekday(cast.day - dt.timedelta(days=ago))


def _composed(cast: Cast, made: Made) -> Proposal:
    day = _day(cast, made.composed)
    with clock.at(moment(day, 30)):
        proposal = services.propose(Area.objects.get(code=made.area), by=cast.rocb[0])
        return services.save_proposal(
            proposal,
            by=cast.rocb[0],
            version=proposal.version,
            category=Category.objects.get(code="TOA"),
            month=months_after(day.replace(day=1), made.months),
            cost_note=COST,
        )


def _answer(cast: Cast, made: Made, proposal: Proposal) -> None:
    words = dict(made.words)
    if made.answer == "defer":
        words["deferred_until"] = _day(cast, -60)
    by = cast.rocb[0] if made.answer == "withdraw" else cast.secretariat[0]
    with clock.at(moment(_day(cast, made.answered), 120)):
        act(proposal, made.answer, by=by, **words)
    if made.answer != "withdraw" and made.is_read:
        with clock.at(moment(_day(cast, made.answered - 1), 60)):
            act(proposal, "note_answer", by=cast.rocb[0])
