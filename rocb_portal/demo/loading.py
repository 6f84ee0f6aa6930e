"""Load the fictional region as it stands on a day: the same on every machine that day, and moving with the calendar."""

import random
import uuid
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from candidates.enums import NominationState, Origin
from candidates.models import Nomination
from core import outbox
from core.clock import today
from core.dated_policy import is_demo, read_once
from core.enums import JobState
from core.models import LogEntry, OutboxJob, PolicyRow
from gap_analysis.enums import ProposalState
from gap_analysis.models import Proposal
from missions.enums import InvitationState, MissionState, RequestState
from missions.models import CapacityRequest, Invitation, Letter, Report
from rocb_portal.demo.accrediting import Accrediting
from rocb_portal.demo.growing import Growing
from rocb_portal.demo.listings import make_candidates
from rocb_portal.demo.needs import make_snapshots, make_survey_rounds
from rocb_portal.demo.opportunities import make_opportunities, reminders_to_read
from rocb_portal.demo.past import Past
from rocb_portal.demo.people import make_cast
from rocb_portal.demo.pool import make_pool
from rocb_portal.demo.proposals import make_proposals
from rocb_portal.demo.stage import play
from rocb_portal.demo.stories import Stories
from rocb_portal.demo.whatif import make_scenarios

SEED = 2012


@transaction.atomic
def load_demo() -> bool:
    """Load everything at once or nothing; False if the region is there already."""
    if is_demo():
        return False
    day = today()
    draw = random.Random(SEED)
    # First of all, so that every letter written below is marked.
    PolicyRow.objects.create(
        key="portal.demo", value=True, valid_from=day, origin="house",
        text="The people and missions in this portal are invented; every page and document says so.",
    )  # fmt: skip
    before = set(OutboxJob.objects.values_list("pk", flat=True))
    with read_once(), outbox.waking_nobody():
        cast = make_cast(day, SEED)
        pool = make_pool(cast, draw)
        candidates = make_candidates(cast, pool, draw)
        Past(cast, pool, candidates, draw).write()
        running, growing = Stories(cast, pool, candidates).all(), Growing(cast, pool).all()
        play([*running, *growing, *Accrediting(cast, pool).all()], day=day)
        make_survey_rounds(cast)
        make_snapshots(cast)
        make_scenarios(cast)
        make_proposals(cast)
        make_opportunities(cast)
    # The time of a line of history is taken from the real clock by the column itself.
    LogEntry.objects.filter(at__gt=F("created_at")).update(at=F("created_at"))
    _settle_outbox(before)
    return True


def _settle_outbox(before: set[uuid.UUID]) -> None:
    """What would have left long ago counts as done; what somebody still has to act on really leaves, so that it can be read.

    Documents of the rest are drawn when they are first asked for.
    """
    letters = Letter.objects.unanswered()
    still_to_do: dict[str, QuerySet[Any]] = {
        "request_letter": CapacityRequest.objects.filter(
            state__in=[RequestState.FILED, RequestState.RETURNED, RequestState.CHECKED]
        ),
        "consultation": Invitation.objects.filter(state=InvitationState.ASKED),
        "letter": letters.filter(reminders=0),
        "letter_reminder": letters.filter(reminders=1),
        "letter_document": letters,
        "nominee_asked": Nomination.objects.filter(state=NominationState.SUBMITTED, consented_at=None),
        "home_told": Nomination.objects.filter(state=NominationState.SUBMITTED, home_agreed_at=None).exclude(
            origin=Origin.ADMINISTRATION
        ),
        "nomination_letter": Nomination.objects.filter(state=NominationState.NOT_LISTED),
        "opportunity_reminder": reminders_to_read(),
        "proposal_documents": Proposal.objects.filter(state=ProposalState.SENT),
        "proposal_sent": Proposal.objects.filter(state=ProposalState.SENT),
        "proposal_decided": Proposal.objects.filter(answer_read_at=None, decided_at__isnull=False),
        "report_document": Report.objects.filter(mission__state=MissionState.REPORTED),
    }
    kept = {(kind, str(pk)) for kind, about in still_to_do.items() for pk in about.values_list("pk", flat=True)}
    jobs = OutboxJob.objects.exclude(pk__in=before)
    done = [job for job in jobs if (job.kind, job.payload.get("object_id")) not in kept]
    for job in done:
        job.state, job.attempts = JobState.DONE, 1
        job.claimed_at = job.done_at = job.created_at
    OutboxJob.objects.bulk_update(done, ["state", "attempts", "claimed_at", "done_at"], batch_size=200)
