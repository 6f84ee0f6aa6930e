"""One of everything that has a page, and one person of every party: own, other's and nobody's."""

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

from candidates import services as candidates
from candidates.enums import Origin
from candidates.models import Listing
from candidates.tests import factories as nominations
from centres import services as centres
from centres.models import Centre
from core import imports
from core.clock import today
from core.enums import JobState
from core.files import keep
from core.models import Message, OutboxJob, SavedSearch, SheetImport
from experts import services as experts
from experts.models import Unavailability
from experts.tests.factories import ExpertFactory, area, category, served
from gap_analysis import services as gap_services
from gap_analysis.tests import factories as needs
from gap_analysis.whatif import Steps
from members.models import Absence
from members.tests.factories import administration, centre_head, focal_point, user_of
from missions import services
from missions.models import Letter, Mission
from missions.tests import factories as make
from support import services as support
from support.tests import factories as notices

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
    nominating = SimpleNamespace(rocb=who.rocb, home=who.home, centre=people["centre"], nominee=who.expert)
    nomination_draft = nominations.begun(nominating, expert=mates[0])
    nomination = nominations.written(nominating, Origin.CENTRE, codes=("NII", "K9"))
    nomination_file = candidates.add_attachment(
        nomination, by=people["centre"], upload=_upload(), title="Course certificate"
    )
    candidates.submit_nomination(nomination, by=people["centre"])
    nomination_over = nominations.not_listed(nominating)
    nomination_over.letter_pdf = keep(PDF, name="n.pdf", content_type="application/pdf")
    nomination_over.save(update_fields=["letter_pdf"])
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
        **calls_and_centres(who),
        **surveys(who),
        **gaps(who),
        **opportunities(who),
        **path_to_accreditation(who),
        **sheets(who),
        **register(who),
        nomination_draft=nomination_draft,
        nomination=nomination,
        nomination_file=nomination_file,
        nomination_over=nomination_over,
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


def sheets(who: Any) -> dict[str, Any]:
    """An extract of ACE that was applied, and a later one with rows of every kind to decide on."""
    head = "ace_reference,family_name,given_name,administration,email,category,area,status,first_step_on"
    row = "{},{},Kenji,Japan,{},TOA,RKC,1st step,{}"
    first = [row.format(*cells) for cells in [("W-1", "Sato", "", "2019-03-01"), ("W-2", "Abe", "", "2019-03-01")]]
    namesake = f"W-9,{who.expert.family_name},{who.expert.given_name},Japan,,TOA,RKC,1st step,2019-03-01"
    second = [
        row.format("W-1", "Sato", "kenji@x.example", "2019-03-02"), row.format("W-3", "Mori", "", "2020-03-01"), namesake,
        row.format("W-4", "Ito", "", "someday"),
    ]  # fmt: skip
    made = []
    for lines in (first, second):
        sheet = imports.bring(
            "ace", data="\n".join([head, *lines]).encode(), name=f"extract-{len(lines)}.csv", content_type="text/csv", as_of=today(),
            by=who.rocb, queue=False,
        )  # fmt: skip
        imports.stage(sheet.pk)
        if not made:
            imports.ask_to_apply(sheet, by=who.rocb, queue=False)
            imports.apply(sheet.pk)
        made.append(SheetImport.objects.get(pk=sheet.pk))
    return {"sheet_applied": made[0], "sheet": made[1]}


def path_to_accreditation(who: Any) -> dict[str, Any]:
    """A workshop in preparation, an announced one with a nominee of Japan, and a first step of Japan with its field mission."""
    days = {"first_day": today() + dt.timedelta(days=60), "last_day": today() + dt.timedelta(days=64)}
    fields = {"category": category("TOA"), "nominate_by": today() + dt.timedelta(days=30), **days, "by": who.rocb}
    draft, announced = (candidates.add_workshop(title=f"Workshop {n}", area=area("RKC"), **fields) for n in (1, 2))
    announced = candidates.announce_workshop(announced, by=who.rocb, version=announced.version)
    owing = ExpertFactory(at_home_in="JP", first_step=True)
    step = owing.accreditations.get()
    place = {"first_day": step.first_step_on, "last_day": step.first_step_on, "place": "Suva"}
    return {
        "workshop_draft": draft,
        "workshop": announced,
        "nominee": candidates.put_forward(announced, expert=who.expert, by=who.home),
        "first_step": step,
        "field_mission": candidates.record_field_mission(step, by=who.rocb, **place),
    }


def path_grown(region: Any) -> None:
    """Another nominee of the workshop, another first step with its field mission."""
    candidates.put_forward(region.workshop, expert=ExpertFactory(at_home_in="JP"), by=region.who.home)
    step = ExpertFactory(at_home_in="JP", first_step=True).accreditations.get()
    place = {"first_day": step.first_step_on, "last_day": step.first_step_on, "place": "Suva"}
    candidates.record_field_mission(step, by=region.who.rocb, assessor_name="A. Assessor", assessment="passed", **place)


def register(who: Any) -> dict[str, Any]:
    """A correction that waits for the home administration, a curriculum vitae, a second record of the same name; ROCB has looked
    at the contact data today."""
    experts.note_contact_seen(who.expert, by=who.rocb)
    who.expert.cv = keep(PDF, name="cv.pdf", content_type="application/pdf")
    who.expert.save(update_fields=["cv"])
    twin = ExpertFactory(
        at_home_in="JP", family_name=who.expert.family_name, given_name=who.expert.given_name, accredited=True
    )
    correction = experts.raise_correction(
        who.expert, by=who.rocb, field="family_name", should_say="Tanaka", reason="The certificate says so."
    )
    return {"twin": twin, "correction": correction}


def register_grown(region: Any) -> None:
    """Another correction, another pair that looks alike, and somebody of whom little is known."""
    twin = register(SimpleNamespace(rocb=region.who.rocb, expert=ExpertFactory(at_home_in="JP", accredited=True)))[
        "twin"
    ]
    ExpertFactory(at_home_in="JP", email="", first_step=True)
    experts.raise_correction(twin, by=region.who.rocb, field="email", should_say="x@y.example", reason="It came back.")


def surveys(who: Any) -> dict[str, Any]:
    """A round as a draft, one that is open with Japan's answers half filled in, and one that was answered and is closed."""
    fields = {"by": who.rocb, "due": today() + dt.timedelta(days=20), "codes": ("AEO", "PCA")}
    draft, survey = needs.drafted(title="Draft", **fields), needs.opened(title="Running", **fields)
    closed = needs.opened(title="Last", year=today().year - 2, **fields)
    asked = {"text": "How many ports?", "kind": "number", "help": "", "choices": [], "required": False}
    question = gap_services.add_question(survey, by=who.rocb, **asked)
    response = needs.filled(needs.response_of(survey, "JP"), who.home)
    answered = needs.sent(needs.response_of(closed, "JP"), who.home, need="high", weeks=2)
    needs.closed(closed, who.rocb)
    return {
        "draft_survey": draft,
        "survey": survey,
        "closed_survey": closed,
        "question": question,
        "response": response,
        "area_answer": answered.area_answers.get(),
    }


def gaps(who: Any) -> dict[str, Any]:
    """Two published snapshots and one that is not, a stated priority, a proposal as a draft and one that is sent."""
    before = gap_services.build(gap_services.start_build(by=who.rocb, as_of=today() - dt.timedelta(days=60)))
    until = today() + dt.timedelta(days=60)
    priority = gap_services.state_priority(area("VAL"), by=who.rocb, note="Asked for.", until=until)
    sent = gap_services.propose(area("NII"), by=who.rocb)
    gap_services.publish(before, note="", by=who.rocb)
    snapshot = gap_services.build(gap_services.start_build(by=who.rocb))
    unpublished = gap_services.start_build(by=who.rocb, as_of=today() - dt.timedelta(days=1))
    return {
        "scenario": scenario_kept(before, who),
        "draft_proposal": gap_services.propose(area("K9"), by=who.rocb),
        "proposal": gap_services.send_proposal(sent, by=who.rocb, version=sent.version),
        "snapshot": gap_services.publish(snapshot, note="", by=who.rocb),
        "snapshot_before": before,
        "snapshot_unpublished": gap_services.build(unpublished),
        "gap_area": area("VAL"),
        "gap_priority": priority,
        "gap_member": administration("FJ"),
    }


def scenario_kept(snapshot: Any, who: Any) -> Any:
    """Everybody of AEO leaves, and the candidates of it come to a workshop."""
    people = snapshot.rows.get(area__code="AEO").people
    steps = Steps(leave=tuple(people.get("full", ())), workshops={"AEO": 9})
    return gap_services.save_scenario(snapshot, by=who.rocb, name="All leave", steps=steps)


def proposals_grown(region: Any) -> None:
    """One more proposal of the same area."""
    draft = gap_services.propose(region.proposal.area, by=region.who.rocb)
    gap_services.send_proposal(draft, by=region.who.rocb, version=draft.version)


def opportunities(who: Any) -> dict[str, Any]:
    """A draft for the region; one told to those known in the area, the expert of Japan among them."""
    opportunity = notices.told(who.rocb, region_text="")
    return {
        "draft_opportunity": notices.drafted(who.rocb, experts_text=""),
        "opportunity": opportunity,
        "notice": notices.notice_to(opportunity, who.expert),
    }


def opportunities_grown(region: Any) -> None:
    """Another one that is told, and one more who is told of the first; Japan has something to answer for itself."""
    Listing.objects.create(
        expert=ExpertFactory(at_home_in="JP"), area=area("NII"), origin=Origin.ROCB, listed_on=today()
    )
    notices.told(region.who.rocb)
    support.tell_rest(region.opportunity, by=region.who.rocb)


def calls_and_centres(who: Any) -> dict[str, Any]:
    """A call as a draft, and one sent to Japan and Malaysia; the centre of Malaysia with an area, material and a training."""
    fields = {"title": "Scanning", "text": "Who reads images?", "areas": [area("NII")], "by": who.rocb}
    fields |= {"deadline": today() + dt.timedelta(days=30), "members": [administration("JP"), administration("MY")]}
    draft_call, sent_call = (candidates.draft_call(**fields) for _ in range(2))
    sent_call = candidates.send_call(sent_call, by=who.rocb, version=sent_call.version)
    own_centre = Centre.objects.get(administration__code="MY")
    days = {"first_day": today(), "last_day": today()}
    training = centres.add_training(own_centre, by=who.rocb, kind="given", title="Valuation", **days)
    return {
        "draft_call": draft_call,
        "sent_call": sent_call,
        "called": sent_call.members.get(administration__code="JP"),
        "own_centre": own_centre,
        "focus": own_centre.focus.first(),
        "resource": centres.add_resource(own_centre, by=who.rocb, title="Handbook", upload=_upload()),
        "training": training,
        "training_line": centres.add_training_person(training, expert=who.expert, role="trainer", by=who.rocb),
    }


def calls_and_centres_grown(region: Any) -> None:
    """One more of each: a call with an answer, an administration's line to confirm, material, a training and who taught."""
    more = calls_and_centres(region.who)
    candidates.answer_call(more["called"], by=region.who.home, answer="nobody")
    Listing.objects.create(
        expert=ExpertFactory(at_home_in="JP"), area=area("K9"), origin=Origin.ROCB, listed_on=today().replace(year=2020)
    )
    person = ExpertFactory(at_home_in="JP", accredited=True)
    centres.add_training_person(region.training, expert=person, role="participant", by=region.who.rocb)
    centres.add_resource(region.own_centre, by=region.who.rocb, title="More", url="https://clikc.example/")


def _upload() -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("agenda.pdf", PDF)
