"""What leaves the house about accreditation workshops and the way to accreditation, as jobs of the outbox.

A workshop is announced by one job for each administration; the word about one person by one for each reader.
"""

import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from candidates.enums import Assessment, NomineeState
from candidates.jobs import each_reader, send_notice
from candidates.models import FieldMission, WorkshopNominee
from candidates.queries import due_by
from core import outbox
from core.models import LogEntry, OutboxJob
from core.outbox import NothingToDo
from experts.models import Accreditation, AccreditationWorkshop, Expert
from members.models import Administration
from members.notices import Addresses, writer
from members.queries import addressees


def workshop_announced(job: OutboxJob) -> None:
    """One job for each member administration."""
    workshop = AccreditationWorkshop.objects.get(pk=job.payload["object_id"])
    homes = list(Administration.objects.active())
    for home in homes:
        outbox.enqueue(
            "workshop", about=f"{workshop}, {home}", job_id=uuid.uuid5(job.pk, str(home.pk)), object_id=workshop.pk,
            home=home.pk, entry_id=job.payload["entry_id"], again=job.payload.get("again", False),
        )  # fmt: skip
    raise NothingToDo(f"Divided into {len(homes)} e-mails.")


def workshop_to_member(job: OutboxJob) -> None:
    workshop = AccreditationWorkshop.objects.select_related("category", "area").get(pk=job.payload["object_id"])
    home = Administration.objects.get(pk=job.payload["home"])
    found = addressees(home)
    again = bool(job.payload.get("again"))
    subject = _("Changed: accreditation workshop %(title)s") if again else _("Accreditation workshop: %(title)s")
    send_notice(
        job,
        "workshop",
        to=[user.email for user in found.to],
        cc=[user.email for user in found.cc],
        subject=subject % {"title": workshop.title},
        button=_("Read and answer"),
        path=workshop.get_absolute_url(),
        about_id=workshop.pk,
        reply_to=writer(job),
        workshop=workshop,
        home=home,
        again=again,
    )


def _send(job: OutboxJob, words: str, expert: Expert, *, subject: Any, own_subject: Any, **context: Any) -> None:
    """Two readers, two e-mails with the same words but for how they speak of the person."""
    reader = each_reader(job)
    to: Addresses
    if reader == "home":
        found = addressees(expert.administration)
        to, cc = [user.email for user in found.to], [user.email for user in found.cc]
    else:
        to, cc = expert.addresses, []
    send_notice(
        job,
        words,
        to=to,
        cc=cc,
        subject=subject if reader == "home" else own_subject,
        button=_("See the way to accreditation"),
        path=reverse("candidates:path-of", args=[expert.pk]),
        about_id=expert.pk,
        reply_to=writer(job),
        expert=expert,
        to_person=reader == "person",
        **context,
    )


def _nominee(job: OutboxJob) -> WorkshopNominee:
    rows = WorkshopNominee.objects.select_related(
        "expert__administration", "expert__user", "workshop__area", "workshop__category", "accreditation"
    )
    return rows.get(pk=job.payload["object_id"])


def nominee_invited(job: OutboxJob) -> None:
    """Invited, or not. Nothing is said any more if that has changed in the meantime."""
    nominee = _nominee(job)
    entry = LogEntry.objects.get(pk=job.payload["entry_id"])
    if nominee.state != entry.to_state:
        raise NothingToDo("It stands otherwise by now.")
    invited = nominee.state == NomineeState.INVITED
    named = {"name": nominee.expert, "title": nominee.workshop.title}
    _send(
        job,
        "nominee_invited",
        nominee.expert,
        subject=(_("%(name)s is invited to %(title)s") if invited else _("%(name)s is not invited to %(title)s"))
        % named,
        own_subject=(
            _("You are invited to the accreditation workshop %(title)s")
            if invited
            else _("The accreditation workshop %(title)s: no place this time")
        )
        % named,
        nominee=nominee,
        invited=invited,
    )


def nominee_outcome(job: OutboxJob) -> None:
    nominee = _nominee(job)
    entry = LogEntry.objects.get(pk=job.payload["entry_id"])
    if nominee.state != entry.to_state:
        raise NothingToDo("It stands otherwise by now.")
    step = nominee.accreditation
    named = {"name": nominee.expert, "title": nominee.workshop.title}
    _send(
        job,
        "nominee_outcome",
        nominee.expert,
        subject=_("Outcome of %(name)s in the accreditation workshop %(title)s") % named,
        own_subject=_("Your outcome in the accreditation workshop %(title)s") % named,
        nominee=nominee,
        passed=nominee.state == NomineeState.PASSED,
        to_repeat=nominee.state == NomineeState.TO_REPEAT,
        by=due_by(step.first_step_on) if step and step.first_step_on else None,
    )


def field_mission_assessed(job: OutboxJob) -> None:
    mission = (
        FieldMission.objects.select_related(
            "accreditation__expert__administration", "accreditation__expert__user", "accreditation__area",
            "accreditation__category", "assessor",
        )
        .filter(pk=job.payload["object_id"])
        .first()
    )  # fmt: skip
    if mission is None or not mission.assessment:
        raise NothingToDo("The field mission was taken away, or its assessment.")
    where = mission.accreditation.area or mission.accreditation.category
    named = {"name": mission.accreditation.expert, "area": where}
    _send(
        job,
        "field_mission_assessed",
        mission.accreditation.expert,
        subject=_("The field mission of %(name)s in %(area)s is assessed") % named,
        own_subject=_("Your field mission in %(area)s is assessed") % named,
        mission=mission,
        passed=mission.assessment == Assessment.PASSED,
        where=where,
    )


def accreditation_confirmed(job: OutboxJob) -> None:
    row = (
        Accreditation.objects.select_related("expert__administration", "expert__user", "area", "category")
        .filter(pk=job.payload["object_id"])
        .first()
    )
    if row is None or row.full_from is None:
        raise NothingToDo("The accreditation is not full any more.")
    where = row.area or row.category
    _send(
        job,
        "accreditation_confirmed",
        row.expert,
        subject=_("%(name)s is fully accredited in %(area)s") % {"name": row.expert, "area": where},
        own_subject=_("You are fully accredited in %(area)s") % {"area": where},
        row=row,
        where=where,
    )


def register() -> None:
    """Every job by its name."""
    outbox.register("workshop_announced", workshop_announced)
    outbox.register("workshop", workshop_to_member)
    outbox.register("nominee_invited", nominee_invited)
    outbox.register("nominee_outcome", nominee_outcome)
    outbox.register("field_mission_assessed", field_mission_assessed)
    outbox.register("accreditation_confirmed", accreditation_confirmed)
