"""Load the fictional region as it stands on a day: the same on every machine that day, and moving with the calendar."""

import random

from django.db import transaction
from django.db.models import F

from core import outbox
from core.clock import today
from core.dated_policy import is_demo, read_once
from core.enums import JobState
from core.models import LogEntry, OutboxJob, PolicyRow
from missions.enums import InvitationState
from missions.models import Invitation, Letter
from rocb_portal.demo.listings import make_candidates
from rocb_portal.demo.past import Past
from rocb_portal.demo.people import make_cast
from rocb_portal.demo.pool import make_pool
from rocb_portal.demo.stage import play
from rocb_portal.demo.stories import Stories

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
        play(Stories(cast, pool, candidates).all(), day=day)
    # The time of a line of history is taken from the real clock by the column itself.
    LogEntry.objects.filter(at__gt=F("created_at")).update(at=F("created_at"))
    _settle_outbox(before)
    return True


def _settle_outbox(before: set[object]) -> None:
    """What would have left long ago counts as done; what is still to be answered really leaves, so that it can be read and used."""
    waiting = [
        *Invitation.objects.filter(state=InvitationState.ASKED).values_list("pk", flat=True),
        *Letter.objects.unanswered().filter(reminders=0).values_list("pk", flat=True),
    ]
    to_deliver = {str(pk) for pk in waiting}
    jobs = [job for job in OutboxJob.objects.exclude(pk__in=before) if job.payload.get("object_id") not in to_deliver]
    for job in jobs:
        job.state, job.attempts = JobState.DONE, 1
        job.claimed_at = job.done_at = job.created_at
    OutboxJob.objects.bulk_update(jobs, ["state", "attempts", "claimed_at", "done_at"], batch_size=200)
