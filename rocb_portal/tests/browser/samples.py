"""One key of everything that the matrix of rights names, found in the demo region; a few things it lacks are added.

Run where the demo region is: `manage.py shell --no-imports -c "from rocb_portal.tests.browser.samples import show; show()"`.
"""

import datetime as dt
import json

from django.db.models import Count
from django.utils import timezone

from candidates import services as candidates
from candidates.enums import Origin
from candidates.models import Listing, Nomination
from centres import services as centres
from centres.models import Centre
from core import links
from core.clock import today
from core.enums import JobState
from core.models import Message, OutboxJob, SavedSearch, SheetImport
from experts.enums import ServiceSource
from experts.models import Accreditation, Area, AreaPriority, Category, Expert, ServicePeriod, Unavailability
from experts.services import PROFILE_LINK, raise_correction
from gap_analysis import services as needs
from gap_analysis.models import AreaAnswer, GapSnapshot, Proposal, Scenario, Survey
from members.models import Administration, User
from members.services import JOIN_LINK
from missions.enums import InvitationState as I
from missions.enums import MissionState as M
from missions.enums import ReportState as P
from missions.enums import RequestState as R
from missions.models import CapacityRequest, Invitation, Letter, Material, Mission, Report
from missions.services import CONSULTATION_LINK, LETTER_LINK
from rocb_portal.demo.opportunities import reminders_to_read
from rocb_portal.demo.papers import paper
from support.models import Opportunity
from support.services import ANSWER_LINK


def samples() -> dict[str, object]:
    """By the words of the matrix; `tokens` are links that act."""
    requests, invitations = CapacityRequest.objects.order_by("pk"), Invitation.objects.order_by("pk")
    missions, letters = Mission.objects.order_by("pk"), Letter.objects.order_by("pk")
    short = missions.filter(state=M.SEARCHING, all_invitations__isnull=False).first()
    waiting = invitations.filter(state=I.LETTER_SENT, expert__administration__code="JP").first()
    # The one with the most on its pages.
    done = missions.filter(state=M.CLOSED).alias(n=Count("materials")).order_by("-n", "pk").first()
    asked = invitations.filter(state=I.ASKED).first()
    user = User.objects.filter(memberships__party="administration").order_by("email").first()
    job = OutboxJob.objects.create(kind="letter", formal=True, state=JobState.UNCERTAIN, due_at=timezone.now())
    long_listed = Listing.objects.filter(left_on=None, confirmed_on=None).order_by("listed_on").first()
    return {
        "who.expert": Expert.objects.alias(n=Count("service_periods")).order_by("-n", "pk").first().pk,
        "user": user.pk,
        "membership": user.memberships.get().pk,
        "service": ServicePeriod.objects.filter(source=ServiceSource.RECORDED).first().pk,
        "unavailability": Unavailability.objects.filter(last_day__gte=today()).first().pk,
        "listing": Listing.objects.filter(left_on=None, recommended_by__isnull=False).first().pk,
        "own_listing": Listing.objects.filter(left_on=None, recommended_by=None).first().pk,
        "centre": Centre.objects.order_by("pk").first().pk,
        **calls_and_centres(),
        **path_to_accreditation(),
        **nominations(),
        **gaps(),
        **sheets(),
        **surveys(),
        **opportunities(),
        **register(),
        "draft": requests.get(state=R.DRAFT, beneficiary__code="FJ").pk,
        "filed": requests.filter(state=R.FILED).first().pk,
        "checked": requests.filter(state=R.CHECKED).first().pk,
        "short": short.pk,
        "seat": short.seats.first().pk,
        "short_invitation": short.all_invitations.first().pk,
        "ready": letters.filter(sent_at=None).first().pk,
        "ready_invitation": invitations.filter(state=I.AVAILABLE, standing="candidate", letter=None).first().pk,
        "letter_to_write": invitations.filter(state=I.AVAILABLE, standing="accredited", letter=None).first().pk,
        "sent": waiting.letter_id,
        "sent_invitation": waiting.pk,
        "done": done.pk,
        "done_invitation": done.all_invitations.filter(state=I.SERVED).first().pk,
        "done_letter": done.letters.first().pk,
        "running": missions.filter(state=M.UNDER_WAY).first().pk,
        "prepared": missions.filter(state=M.PREPARING, materials__isnull=False).first().pk,
        "due": Report.objects.filter(state=P.DRAFT, mission__leader__expert__family_name="Windrush").get().mission_id,
        "submitted": Report.objects.filter(state=P.SUBMITTED).first().mission_id,
        "report": done.report.pk,
        "material": Material.objects.first().pk,
        "message": Message.objects.order_by("pk").first().job_id,
        "job": job.pk,
        "tokens": {
            "members:join": links.mint(JOIN_LINK, user.pk, user.email, days=1),
            "missions:link-consultation": links.mint(CONSULTATION_LINK, asked.pk, "asked", days=1),
            "experts:link-profile": links.mint(PROFILE_LINK, asked.expert_id, "asked", days=1),
            "missions:link-letter": links.mint(LETTER_LINK, waiting.letter_id, "asked", days=1),
            "candidates:link-nominee": links.mint(
                candidates.NOMINEE_LINK,
                Nomination.objects.get(origin=Origin.CENTRE, state="submitted").pk,
                "asked",
                days=1,
            ),
            "support:link-answer": links.mint(ANSWER_LINK, reminders_to_read().first().pk, "asked", days=1),
            "candidates:link-confirm": links.mint(candidates.CONFIRM_LINK, long_listed.expert_id, "asked", days=1),
        },
    }


def register() -> dict[str, object]:
    """A correction that waits, and another record to compare with."""
    staff = User.objects.of_party("rocb").first()
    person = Expert.objects.filter(accreditations__isnull=False, corrections=None).order_by("pk").first()
    correction = raise_correction(
        person, by=staff, field="given_name", should_say="Another", reason="The certificate says so."
    )
    return {"correction": correction.pk, "twin": person.pk}


def nominations() -> dict[str, object]:
    """A draft of Japan's with a file, and one of a centre that ROCB reviews."""
    home = Administration.objects.get(code="JP")
    by, area = User.objects.focal_points(home).first(), Area.objects.get(code="NII")
    draft = candidates.draft_nomination(by=by, origin=Origin.ADMINISTRATION, home=home, areas=[area])
    kept = candidates.add_attachment(draft, by=by, upload=paper("Certificate", "Certificate"), title="Certificate")
    return {
        "nomination_draft": draft.pk,
        "nomination_file": kept.pk,
        "nomination": Nomination.objects.get(origin=Origin.CENTRE, state="submitted").pk,
        "nomination_over": Nomination.objects.get(state="not_listed").pk,
    }


def sheets() -> dict[str, object]:
    """The extract that waits and the one that was applied; a search that Japan keeps."""
    by = User.objects.focal_points(Administration.objects.get(code="JP")).first()
    kept = SavedSearch.objects.create(user=by, page="experts:experts", name="Valuation", query="area=VAL")
    return {
        "sheet": SheetImport.objects.get(state="staged").pk,
        "sheet_applied": SheetImport.objects.get(state="applied").pk,
        "search": kept.pk,
    }


def gaps() -> dict[str, object]:
    """The two newest snapshots and one that is not published, and an area with a stated priority."""
    newest, before = GapSnapshot.objects.good()[:2]
    scenario = Scenario.objects.filter(by__memberships__party="rocb").first()
    priority = AreaPriority.objects.order_by("area__order").first()
    return {
        "gap_area": priority.area_id,
        "gap_priority": priority.pk,
        "gap_member": Administration.objects.get(code="JP").pk,
        "snapshot": newest.pk,
        "snapshot_before": before.pk,
        "snapshot_unpublished": needs.build(needs.start_build(by=User.objects.of_party("rocb").first())).pk,
        "scenario": scenario.pk,
        "draft_proposal": Proposal.objects.get(state="draft").pk,
        "proposal": Proposal.objects.get(state="sent").pk,
    }


def surveys() -> dict[str, object]:
    """The rounds of the region; Japan's answers to the running one, and a need that it stated in the last one."""
    staff, running = User.objects.of_party("rocb").first(), Survey.objects.get(state="open")
    closed = Survey.objects.filter(state="closed").first()
    draft = needs.new_survey(by=staff, title="Draft", year=running.year + 1, due=today() + dt.timedelta(days=400))
    stated = AreaAnswer.objects.filter(response__survey=closed, response__administration__code="JP")
    return {
        "draft_survey": draft.pk,
        "survey": running.pk,
        "closed_survey": closed.pk,
        "question": running.questions.first().pk,
        "response": running.responses.get(administration__code="JP").pk,
        "area_answer": stated.first().pk,
    }


def opportunities() -> dict[str, object]:
    """ROCB's own draft, and the one that is told, with an administration that has not answered."""
    told = Opportunity.objects.get(state="told")
    return {
        "draft_opportunity": Opportunity.objects.filter(state="draft", reference=None).get().pk,
        "opportunity": told.pk,
        "notice": told.notices.unseen().order_by("pk").first().pk,
    }


def path_to_accreditation() -> dict[str, object]:
    """A workshop in preparation and an announced one with a nominee of Japan; a first step of Japan's with its field mission."""
    rocb = User.objects.filter(memberships__party="rocb").order_by("email").first()
    days = {"first_day": today() + dt.timedelta(days=60), "last_day": today() + dt.timedelta(days=64)}
    fields = {"category": Category.objects.get(code="TOA"), "area": Area.objects.get(code="RKC"), "by": rocb, **days}
    draft, announced = (
        candidates.add_workshop(title=f"Workshop {n}", nominate_by=today() + dt.timedelta(days=30), **fields)
        for n in (1, 2)
    )
    announced = candidates.announce_workshop(announced, by=rocb, version=announced.version)
    free = Expert.objects.filter(administration__code="JP", left_on=None, accreditations=None).order_by("pk").first()
    step = Accreditation.objects.filter(area__code="AEO", accredited_on=None, ended_on=None).order_by("pk").first()
    days_of_mission = {"first_day": step.first_step_on, "last_day": step.first_step_on}
    return {
        "workshop_draft": draft.pk,
        "workshop": announced.pk,
        "nominee": candidates.put_forward(announced, expert=free, by=rocb).pk,
        "first_step": step.pk,
        "field_mission": candidates.record_field_mission(step, by=rocb, place="Suva", **days_of_mission).pk,
    }


def calls_and_centres() -> dict[str, object]:
    """Two calls, and a centre with material and a training."""
    staff, area = User.objects.of_party("rocb").first(), Area.objects.get(code="NII")
    fields = {"title": "Image analysis", "text": "Who reads images?", "areas": [area], "by": staff}
    fields |= {"deadline": today() + dt.timedelta(days=30), "members": Administration.objects.active()}
    draft, sent = (candidates.draft_call(**fields) for _ in range(2))
    sent = candidates.send_call(sent, by=staff, version=sent.version)
    centre = Centre.objects.get(administration__code="MY")
    days = {"first_day": today(), "last_day": today()}
    training = centres.add_training(centre, by=staff, kind="given", title="Image analysis", area=area, **days)
    person = Expert.objects.filter(accreditations__isnull=False).order_by("pk").first()
    return {
        "draft_call": draft.pk,
        "sent_call": sent.pk,
        "called": sent.members.get(administration__code="JP").pk,
        "own_centre": centre.pk,
        "focus": centre.focus.first().pk,
        "resource": centres.add_resource(centre, by=staff, title="Handbook", url="https://clikc.example/").pk,
        "training": training.pk,
        "training_line": centres.add_training_person(training, expert=person, role="trainer", by=staff).pk,
    }


def show() -> None:
    print(json.dumps(samples(), default=str))  # noqa: T201 (what the command is for)
