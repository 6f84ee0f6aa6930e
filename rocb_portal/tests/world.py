"""One of everything that has a page, and one person of every party: own, other's and nobody's."""

import uuid
from types import SimpleNamespace
from typing import Any

from candidates.enums import Origin
from candidates.models import Listing
from centres.models import Centre
from core.clock import today
from core.enums import JobState
from core.files import keep
from core.models import Message, OutboxJob, SavedSearch
from experts.models import Unavailability
from experts.tests.factories import ExpertFactory, area, served
from members.models import Absence
from members.tests.factories import administration, centre_head, focal_point, user_of
from missions import services
from missions.models import Letter, Mission
from missions.tests import factories as make

PDF = b"%PDF-1.7\n%%EOF\n"
NOBODY = uuid.UUID(int=0)


def build() -> SimpleNamespace:
    """A region in small. The mission is for Fiji; its expert is of Japan. `people` maps a word of the matrix to a user."""
    who = make.people(beneficiary="FJ", home="JP")
    other_expert = ExpertFactory(at_home_in="KR", accredited=True, login=True)
    people = {
        "rocb": who.rocb,
        "secretariat": who.secretariat,
        "home": who.home,
        "beneficiary": who.beneficiary,
        "other": focal_point("NZ"),
        "centre": centre_head("MY"),
        "expert": who.expert_user,
        "stranger": other_expert.user,
        "nobody": user_of("expert"),
    }
    draft = make.drafted(who)
    filed = make.filed(who)
    checked = make.checked(who)
    short = make.shortlisted(who, ExpertFactory(at_home_in="JP", accredited=True))
    ready_expert = ExpertFactory(at_home_in="JP", accredited=True)
    ready = make.letter_ready(who, ready_expert)
    sent = make.letter_sent(who, ExpertFactory(at_home_in="JP", accredited=True))
    done = make.reported(who)
    Letter.objects.filter(sent_at__isnull=False).update(
        document=keep(PDF, name="l.pdf", content_type="application/pdf")
    )
    later = done.last_day.replace(year=done.last_day.year + 1)
    running = make.preparing(who, ExpertFactory(at_home_in="JP", accredited=True, login=True), first_day=later)
    mates = [ExpertFactory(at_home_in="JP", accredited=True, login=True) for _ in range(2)]
    pair = make.approved(who, *mates, first_day=later)
    for request in (draft, filed, checked, done.request):
        request.letter_pdf = keep(PDF, name="r.pdf", content_type="application/pdf")
        request.save(update_fields=["letter_pdf"])
    done.report.document = keep(PDF, name="report.pdf", content_type="application/pdf")
    done.report.save(update_fields=["document"])
    material = services.add_material(done, by=who.rocb, kind="agenda", title="Agenda", upload=_upload())
    candidate = ExpertFactory(at_home_in="MY")
    listing = Listing.objects.create(
        expert=candidate, area=area("NII"), origin=Origin.CENTRE, recommended_by=administration("MY"), listed_on=today()
    )
    own_listing = Listing.objects.create(
        expert=who.expert, area=area("NII"), origin=Origin.ADMINISTRATION, listed_on=today()
    )
    attachment = keep(PDF, name="letter.pdf", content_type="application/pdf")
    job = OutboxJob.objects.create(kind="join", due_at=who.rocb.created_at, state=JobState.UNCERTAIN)
    return SimpleNamespace(
        people=people,
        who=who,
        draft=draft,
        filed=filed,
        checked=checked,
        short=short,
        short_invitation=short.all_invitations.get(),
        ready=ready,
        ready_invitation=ready.invitations.get(),
        sent=sent,
        sent_invitation=sent.invitations.get(),
        done=done,
        done_invitation=done.team()[0],
        done_letter=done.letters.get(),
        report=done.report,
        pair=pair,
        mates=mates,
        running=Mission.objects.get(pk=running.pk),
        material=material,
        listing=listing,
        own_listing=own_listing,
        service=served(who.expert, today().replace(year=today().year - 1), 3),
        unavailability=Unavailability.objects.create(expert=who.expert, first_day=today(), last_day=today()),
        search=SavedSearch.objects.create(user=who.home, page="experts:experts", name="Trainers", query="category=AT"),
        absence=Absence.objects.create(user=who.home, first_day=today(), last_day=today()),
        centre=Centre.objects.first(),
        user=people["other"],
        membership=people["other"].memberships.get(),
        message=Message.objects.create(
            job=job,
            to=["x@y.example"],
            subject="S",
            text="T",
            html="<p>T</p>",
            attachments=[{"name": attachment.name, "id": str(attachment.pk)}],
        ),
        attachment=attachment,
        seat=short.seats.get(),
        job=job,
    )


def _upload() -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("agenda.pdf", PDF)
