import datetime as dt
import re

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from core import links, outbox
from core import mail as core_mail
from core.enums import JobState
from core.errors import LinkInvalid, TransitionRefused
from core.models import ActionLink, Message, OutboxJob, StoredFile
from core.templatetags.portal import day as written_day
from core.workflow import act, perform
from experts.tests.factories import ExpertFactory
from members.models import Absence
from members.tests.factories import focal_point
from missions import jobs, letters, services
from missions.models import CapacityRequest, Letter, Mission, Report
from missions.tests import factories as make
from missions.workflow import MACHINES

pytestmark = pytest.mark.django_db

EFFECTS = {
    "request_letter", "request_filed", "request_checked", "request_returned", "request_planned", "consultation", "letter",
    "letter_document", "letter_reminder", "reply_received", "expert_approved", "expert_not_approved", "conditions_accepted",
    "conditions_declined", "invitation_withdrawn", "stood_down", "not_needed", "team_contact", "mission_cancelled",
    "report_submitted", "report_returned", "report_accepted", "report_document", "consultation_answered", "report_due",
}  # fmt: skip


@pytest.fixture
def who():
    return make.people()


@pytest.fixture(autouse=True)
def quick_pdf(monkeypatch):
    """Drawing is tested in test_letters; here it would take most of the time."""
    monkeypatch.setattr(letters, "pdf", lambda html, *, identifier: f"%PDF-1.7 {identifier} {html}".encode())


def deliver():
    """Everything that waits, and what it puts in the outbox itself; the e-mails that left with it."""
    before = len(mail.outbox)
    while outbox.sweep():
        pass
    failed = OutboxJob.objects.exclude(state__in=[JobState.DONE, JobState.QUEUED, JobState.DROPPED])
    assert [(job.kind, job.error) for job in failed] == []
    return mail.outbox[before:]


def forget():
    deliver()
    mail.outbox.clear()


def names(who, addresses):
    known = {
        who.rocb.email: "rocb", who.secretariat.email: "secretariat", who.beneficiary.email: "beneficiary",
        who.home.email: "home", who.expert.email: "expert", "contact@customs.example": "contact",
    }  # fmt: skip
    return [known.get(address, address) for address in addresses]


def summary(who, sent):
    """To, copy, the words after the number, and who is answered."""
    return [
        (names(who, m.to), names(who, m.cc), re.sub(r"^\S+: ", "", m.subject), names(who, m.reply_to)) for m in sent
    ]


def link_in(message):
    return re.search(r"/answer/(?:letter|consultation)/([\w-]+)/", message.body).group(1)


def test_every_effect_of_the_tables_has_its_job_and_the_letter_alone_is_formal():
    named = {effect for machine in MACHINES for row in machine.transitions for effect in row.effects}
    assert named | {"letter", "letter_document", "letter_reminder"} == EFFECTS
    assert outbox.registered() >= EFFECTS
    assert {kind for kind, handler in outbox._handlers.items() if handler.formal} == {"letter"}


# Step 1


def test_a_filed_request_goes_to_rocb_with_its_letter_drawn(who):
    request = make.filed(who)
    sent = deliver()
    request.refresh_from_db()
    assert summary(who, sent) == [(["rocb"], [], "please check a request of Fiji", ["beneficiary"])]
    assert sent[0].subject.startswith(f"{request.number}: ")
    assert f"/requests/{request.pk}/" in sent[0].body
    assert request.letter_pdf.name == f"Request {request.number}.pdf"


def test_a_returned_request_goes_back_with_the_words_of_rocb(who):
    request = make.filed(who)
    forget()
    perform(request, "return", by=who.rocb, returned_note="Please say <when> & where.")
    sent = deliver()
    assert summary(who, sent) == [(["beneficiary", "contact"], [], "please complete your request", ["rocb"])]
    assert "Please say <when> & where." in sent[0].body
    assert "Please say &lt;when&gt; &amp; where." in sent[0].alternatives[0][0]


def test_a_request_sent_again_gets_a_letter_of_its_own_beside_the_first(who):
    request = make.filed(who)
    deliver()
    request.refresh_from_db()
    first = request.letter_pdf
    perform(request, "return", by=who.rocb, returned_note="More, please.")
    CapacityRequest.objects.filter(pk=request.pk).update(title="A better title")
    perform(request, "file", by=who.beneficiary)
    deliver()
    request.refresh_from_db()
    assert request.letter_pdf != first
    assert StoredFile.objects.get(pk=first.pk).sha256 == first.sha256


def test_checked_and_planned_requests_are_announced(who):
    make.planned(who)
    assert summary(who, deliver())[1:] == [
        (["secretariat"], ["rocb"], "please enter a request of Fiji in the plan", ["rocb"]),
        (["beneficiary", "contact"], [], "your request is in the annual plan", ["secretariat"]),
    ]


# Step 3


def test_the_consultation_brings_the_expert_a_personal_link_and_commits_nobody(who):
    mission = make.shortlisted(who)
    forget()
    invitation = mission.all_invitations.get()
    perform(invitation, "ask", by=who.rocb, note="We met in Suva.")
    [sent] = deliver()
    assert summary(who, [sent]) == [(["expert"], [], "are you available? AEO validation workshop, Fiji", ["rocb"])]
    assert "commits nobody" in sent.body
    assert "We met in Suva." in sent.body
    link = links.peek(services.CONSULTATION_LINK, link_in(sent))
    assert (link.object_id, link.recipient) == (invitation.pk, who.expert.email)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("answer_available", "is available for"),
        ("answer_other_dates", "on other dates only"),
        ("answer_not_available", "is not available for"),
    ],
)
def test_what_the_expert_answers_informally_is_told_to_rocb_and_whoever_asked(who, answer, words):
    invitation = make.shortlisted(who).all_invitations.get()
    perform(invitation, "ask", by=who.secretariat)
    forget()
    services.answer_consultation(invitation, by=who.expert_user, answer=answer, informal_note="In May I am away.")
    [sent] = deliver()
    assert summary(who, [sent])[0][:3] == (
        ["secretariat", "rocb"], [], f"{who.expert.name} has answered informally",
    )  # fmt: skip
    assert words in sent.body
    assert "In May I am away." in sent.body


def test_an_answer_that_the_offices_noted_themselves_is_no_news_to_them(who):
    invitation = make.shortlisted(who).all_invitations.get()
    perform(invitation, "ask", by=who.rocb)
    forget()
    services.answer_consultation(invitation, by=who.rocb, answer="answer_available")
    assert deliver() == []


def test_an_expert_without_any_address_is_shown_to_staff_not_forgotten(who):
    nobody = ExpertFactory(accredited=True, email="")
    mission = make.shortlisted(who, nobody)
    perform(mission.all_invitations.get(), "ask", by=who.rocb)
    outbox.sweep()
    job = OutboxJob.objects.get(kind="consultation")
    assert (job.state, job.error) == ("failed", "There is no address to send this to.")
    assert [item.mine for item in jobs.outbox_needs_eyes(who.rocb, "rocb")] == [True]
    assert list(jobs.outbox_needs_eyes(who.home, "administration")) == []


# Step 4


def test_the_letter_goes_to_the_focal_points_with_pdf_and_link(who):
    letter = make.letter_sent(who)
    sent = deliver()[-1]
    letter.refresh_from_db()
    assert summary(who, [sent]) == [(["home"], [], f"letter {letter.number} about {who.expert.name}", ["secretariat"])]
    assert sent.subject.startswith(f"{letter.mission.number}: ")
    [(name, data, kind)] = sent.attachments
    assert (name, kind) == (f"Letter {letter.number.replace('/', '-')}.pdf", "application/pdf")
    with letter.document.blob.open("rb") as kept:
        assert kept.read() == data
    assert links.peek(services.LETTER_LINK, link_in(sent)).object_id == letter.pk
    assert f"http://testserver/letters/{letter.pk}/" in sent.body  # the way by login


def test_focal_points_who_are_away_are_in_copy_and_the_link_is_for_one_who_is_there(who):
    Absence.objects.create(user=who.home, first_day=dt.date(2000, 1, 1), last_day=dt.date(2100, 1, 1))
    deputy = focal_point("JP")
    focal_point("JP", is_active=False)
    make.letter_sent(who)
    sent = deliver()[-1]
    assert (sent.to, sent.cc) == ([deputy.email], [who.home.email])
    assert links.peek(services.LETTER_LINK, link_in(sent)).recipient == deputy.email


def test_if_everybody_is_away_the_letter_goes_to_all_of_them(who):
    Absence.objects.create(user=who.home, first_day=dt.date(2000, 1, 1), last_day=dt.date(2100, 1, 1))
    make.letter_sent(who)
    sent = deliver()[-1]
    assert (sent.to, sent.cc) == ([who.home.email], [])


def test_the_document_is_drawn_once_whoever_comes_first_and_how_often(who):
    letter = make.letter_sent(who)
    deliver()
    letter.refresh_from_db()
    first = letter.document
    OutboxJob.objects.filter(kind="letter_document").update(state="queued", due_at=timezone.now())
    deliver()
    assert services.keep_letter_document(letter, b"%PDF-1.7 another") == first
    letter.refresh_from_db()
    assert (letter.document, letter.document.sha256) == (first, first.sha256)
    assert StoredFile.objects.filter(name=first.name).count() == 1


def test_a_letter_that_has_not_left_has_no_document(who):
    letter = make.letter_ready(who)
    with pytest.raises(TransitionRefused):
        services.keep_letter_document(letter, b"%PDF-1.7")


def test_a_letter_withdrawn_before_it_left_does_not_leave(who):
    letter = make.letter_sent(who)
    act(letter.invitations.get(), "withdraw", by=who.rocb)
    assert [m.subject for m in deliver() if "letter 2" in m.subject] == []
    assert OutboxJob.objects.get(kind="letter").error == "Nothing is left to answer."


def test_a_letter_without_a_focal_point_is_shown_to_staff(who):
    who.home.memberships.all().delete()
    make.letter_sent(who)
    outbox.sweep()
    assert OutboxJob.objects.get(kind="letter").state == "failed"


def test_a_document_that_cannot_be_drawn_delays_the_letter_and_does_not_make_it_uncertain(who, monkeypatch):
    make.letter_sent(who)
    with monkeypatch.context() as patch:
        patch.setattr(letters, "pdf", lambda _html, *, identifier: 1 / 0)
        outbox.sweep()
    job = OutboxJob.objects.get(kind="letter")
    assert (job.state, job.attempts) == ("queued", 1)
    OutboxJob.objects.update(due_at=timezone.now())
    assert len(deliver()[-1].attachments) == 1


class Breaking(EmailBackend):
    """Takes the letter and then loses the connection."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise ConnectionResetError


def test_a_letter_that_may_have_left_is_not_sent_again_by_itself_but_by_a_person(who, monkeypatch):
    letter = make.letter_sent(who)
    OutboxJob.objects.exclude(kind="letter").update(state="dropped")
    with monkeypatch.context() as patch:
        patch.setattr(core_mail, "get_connection", Breaking)
        outbox.sweep()
    job = OutboxJob.objects.get(kind="letter")
    old = link_in(mail.outbox[-1])
    for _minute in range(3):
        OutboxJob.objects.update(due_at=timezone.now())
        outbox.sweep()
    job.refresh_from_db()
    assert (job.state, len(mail.outbox)) == ("uncertain", 1)

    outbox.settle(job, again=True, by=who.rocb)
    sent = deliver()[-1]
    with pytest.raises(LinkInvalid):
        links.peek(services.LETTER_LINK, old)
    assert links.peek(services.LETTER_LINK, link_in(sent)).object_id == letter.pk
    assert len(mail.outbox) == 2


# Step 5


def after(days):
    return time_machine.travel(timezone.now() + dt.timedelta(days=days), tick=False)


def remind():
    services.remind_letters()
    return deliver()


def test_reminders_come_after_seven_and_fourteen_days_with_a_fresh_link_and_then_never(who):
    letter = make.letter_sent(who)
    tokens = [link_in(deliver()[-1])]
    found = {}
    for day in (1, 6, 7, 8, 13, 14, 15, 30, 100):
        with after(day):
            sent = remind()
            found[day] = len(sent)
            tokens += [link_in(m) for m in sent]
            for old in tokens[:-1]:
                with pytest.raises(LinkInvalid):
                    links.peek(services.LETTER_LINK, old)
    letter.refresh_from_db()
    assert found == {1: 0, 6: 0, 7: 1, 8: 0, 13: 0, 14: 1, 15: 0, 30: 0, 100: 0}
    assert (letter.reminders, letter.invitations.get().state) == (2, "letter_sent")  # silence stays silence
    assert ActionLink.objects.filter(ended_at=None).count() == 2  # the expert's own, and the last one


def test_a_reminder_carries_the_letter_and_the_way_by_login(who):
    letter = make.letter_sent(who)
    deliver()
    with after(7):
        [sent] = remind()
    assert summary(who, [sent]) == [
        (["home"], [], f"reminder of letter {letter.number} about {who.expert.name}", ["secretariat"])
    ]
    assert len(sent.attachments) == 1
    assert f"/letters/{letter.pk}/" in sent.body


def test_a_reminder_reaches_a_deputy_and_the_link_of_the_other_ends_too(who):
    make.letter_sent(who)
    old = link_in(deliver()[-1])
    Absence.objects.create(user=who.home, first_day=dt.date(2000, 1, 1), last_day=dt.date(2100, 1, 1))
    deputy = focal_point("JP")
    with after(7):
        [sent] = remind()
        assert sent.to == [deputy.email]
        with pytest.raises(LinkInvalid):
            links.peek(services.LETTER_LINK, old)


def test_a_missed_week_is_not_made_up_for_by_two_reminders_at_once(who):
    letter = make.letter_sent(who)
    deliver()
    with after(20):
        assert (len(remind()), len(remind())) == (1, 0)
    letter.refresh_from_db()
    assert letter.reminders == 2


@pytest.mark.parametrize("how", ["answered", "withdrawn"])
def test_nobody_is_reminded_of_a_letter_that_needs_no_answer(who, how):
    letter = make.letter_sent(who)
    invitation = letter.invitations.get()
    if how == "answered":
        services.answer_letter(invitation, by=who.home, answer="answer_no")
    else:
        act(invitation, "withdraw", by=who.rocb)
    forget()
    with after(7):
        assert remind() == []


def test_an_answer_that_overtakes_its_reminder_stops_it(who):
    letter = make.letter_sent(who)
    forget()
    with after(7):
        services.remind_letters()
        services.answer_letter(letter.invitations.get(), by=who.home, answer="answer_no")
        assert [m for m in deliver() if "reminder" in m.subject] == []


def test_of_two_experts_the_reminder_names_the_one_still_open(who):
    other = ExpertFactory(accredited=True)
    letter = make.letter_sent(who, who.expert, other)
    first = letter.invitations.get(expert=who.expert)
    services.answer_letter(first, by=who.home, answer="answer_yes")
    forget()
    with after(7):
        [sent] = remind()
    assert f"- {other.name}" in sent.body
    assert f"- {who.expert.name}" not in sent.body


def test_a_yes_is_told_to_the_offices_and_the_expert(who):
    invitation = make.letter_sent(who).invitations.get()
    forget()
    services.answer_letter(invitation, by=who.home, answer="answer_yes")
    assert summary(who, deliver()) == [
        (["secretariat"], ["rocb"], f"Japan has answered about {who.expert.name}", ["home"]),
        (["expert"], [], "you are approved for AEO validation workshop", ["rocb"]),
    ]


@pytest.mark.parametrize(
    ("answer", "more"),
    [
        ("answer_no", {"refusal_note": "We need her at home."}),
        ("answer_other_officer", {"other_name": "B. Other", "other_note": "Wrote the manual."}),
    ],
)
def test_what_the_home_administration_said_reaches_the_offices_and_no_blame_the_expert(who, answer, more):
    invitation = make.letter_sent(who).invitations.get()
    forget()
    services.answer_letter(invitation, by=who.home, answer=answer, **more)
    to_offices, to_expert = deliver()
    said = next(iter(more.values()))
    assert said in to_offices.body
    assert (names(who, to_expert.to), said in to_expert.body) == (["expert"], False)
    assert not re.search(r"refus|declin|reject|Japan|administration", to_expert.body, re.IGNORECASE)


def test_conditions_are_decided_on_by_the_offices_and_both_sides_are_told(who):
    invitation = make.letter_sent(who).invitations.get()
    forget()
    services.answer_letter(invitation, by=who.home, answer="answer_conditions", conditions="Back by Friday.")
    [to_offices] = deliver()
    assert "Back by Friday." in to_offices.body
    act(invitation, "accept_conditions", by=who.secretariat)
    assert summary(who, deliver()) == [
        (["home"], [], f"your conditions for {who.expert.name} are accepted", ["secretariat"]),
        (["expert"], [], "you are approved for AEO validation workshop", ["secretariat"]),
    ]


def test_conditions_that_cannot_be_met_are_declined_in_the_words_of_the_office(who):
    invitation = make.letter_sent(who).invitations.get()
    services.answer_letter(invitation, by=who.home, answer="answer_conditions", conditions="Business class.")
    forget()
    act(invitation, "decline_conditions", by=who.rocb, note="The rules do not allow it.")
    to_home, to_expert = deliver()
    assert (names(who, to_home.to), names(who, to_expert.to)) == (["home"], ["expert"])
    assert "The rules do not allow it." in to_home.body
    assert "rules" not in to_expert.body


# Endings


@pytest.mark.parametrize(
    ("stage", "expected"),
    [(make.shortlisted, []), (make.available, ["expert"]), (make.letter_sent, ["home", "expert"])],
)
def test_a_withdrawal_is_told_to_those_who_knew(who, stage, expected):
    found = stage(who)
    mission = found if isinstance(found, Mission) else found.mission
    forget()
    act(mission.all_invitations.get(), "withdraw", by=who.rocb, note="Found somebody else.")
    sent = deliver()
    assert [name for m in sent for name in names(who, m.to)] == expected
    assert all("Found somebody else." not in m.body for m in sent)


def test_standing_down_is_told_to_both(who):
    mission = make.approved(who)
    forget()
    act(mission.team()[0], "stand_down", by=who.rocb)
    assert [name for m in deliver() for name in names(who, m.to)] == ["home", "expert"]


def test_the_others_hear_that_the_places_are_filled_and_not_by_whom(who):
    mission = make.shortlisted(who)
    asked, silent = ExpertFactory(accredited=True), ExpertFactory(accredited=True)
    for expert in (asked, silent):
        services.shortlist(mission, by=who.rocb, seat=mission.seats.get(), expert=expert, standing="accredited")
    first, second = (mission.all_invitations.get(expert=e) for e in (who.expert, asked))
    for invitation in (first, second):
        perform(invitation, "ask", by=who.rocb)
    perform(first, "answer_available", by=who.expert_user)
    first.refresh_from_db()
    letter = make.send(who, services.prepare_letter(mission, by=who.rocb, invitations=[first], opening="x"))
    forget()
    services.answer_letter(letter.invitations.get(), by=who.home, answer="answer_yes")
    told = [m for m in deliver() if "places are filled" in m.subject]
    assert [m.to for m in told] == [[asked.email]]
    assert who.expert.name not in told[0].body
    assert "Japan" not in told[0].body


def test_the_team_is_written_to_with_the_homes_in_copy(who):
    mission = make.preparing(who)
    forget()
    perform(mission, "write_to_team", by=who.expert_user, contact_message="Let us meet on Monday.")
    [sent] = deliver()
    assert (names(who, sent.to), names(who, sent.cc)) == (["expert"], ["home"])
    assert "Let us meet on Monday." in sent.body


def test_a_cancelled_mission_is_told_to_everybody_who_was_in_it_one_by_one(who):
    other = ExpertFactory(at_home_in="AU", accredited=True)
    focal = focal_point("AU")
    mission = make.letter_sent(who, who.expert).mission
    seat = services.add_seat(mission, by=who.rocb)
    services.shortlist(mission, by=who.rocb, seat=seat, expert=other, standing="accredited")
    perform(mission.all_invitations.get(expert=other), "ask", by=who.rocb)
    unasked = ExpertFactory(accredited=True)
    services.shortlist(mission, by=who.rocb, seat=seat, expert=unasked, standing="accredited")
    forget()
    act(mission, "cancel", by=who.secretariat, cancel_reason="The storm.")
    sent = deliver()
    assert sorted(tuple(names(who, m.to)) for m in sent) == sorted(
        [("beneficiary", "contact"), ("home",), ("expert",), (other.email,)]
    )
    assert all("The storm." in m.body for m in sent)
    assert all(focal.email not in m.recipients() and unasked.email not in m.recipients() for m in sent)
    to_beneficiary = next(m for m in sent if "beneficiary" in names(who, m.to))
    assert who.expert.name not in to_beneficiary.body + to_beneficiary.subject


def test_a_job_for_several_is_divided_once_even_if_its_worker_dies_in_between(who):
    mission = make.letter_sent(who).mission
    forget()
    act(mission, "cancel", by=who.secretariat, cancel_reason="The storm.")
    job = OutboxJob.objects.get(kind="mission_cancelled")
    OutboxJob.objects.exclude(kind="mission_cancelled").update(state="dropped")
    jobs_before = OutboxJob.objects.count()
    for _again in range(2):
        OutboxJob.objects.filter(pk=job.pk).update(state="queued")
        outbox.deliver(job.pk)
    assert OutboxJob.objects.count() == jobs_before + 3
    assert len(deliver()) == 3


# The report


def test_the_leader_hears_that_the_report_has_fallen_due_and_until_when(who):
    mission = make.under_way(who)
    forget()
    services.record_end(
        mission, by=who.rocb, actual_first_day=mission.first_day, actual_last_day=mission.last_day, away={}
    )
    [sent] = deliver()
    assert summary(who, [sent]) == [(["expert"], [], "the mission report is due", ["rocb"])]
    assert f"due by {written_day(Report.objects.get().due_on)}" in sent.body
    assert f"/missions/{mission.pk}/report/" in sent.body


def test_the_report_goes_its_way_by_e_mail(who):
    mission = make.completed(who)
    report = services.save_report(
        mission.report, by=who.expert_user, version=mission.report.version, purpose="P", participants="Q", activities="R",
        feedback="S", needs=[{"area": mission.area, "what": "A follow-up", "urgency": "soon"}],
    )  # fmt: skip
    forget()
    perform(report, "submit", by=who.expert_user)
    assert summary(who, deliver()) == [(["secretariat"], ["rocb"], "a mission report to read", ["expert"])]
    perform(report, "return", by=who.rocb, returned_note="More about day two.")
    [sent] = deliver()
    assert (names(who, sent.to), "More about day two." in sent.body) == (["expert"], True)
    perform(report, "submit", by=who.expert_user)
    forget()
    act(report, "accept", by=who.secretariat)
    assert sorted(summary(who, deliver())) == [
        (["beneficiary", "contact"], [], "the mission report", ["secretariat"]),
        (["expert"], [], "your mission report is accepted", ["secretariat"]),
        (["home"], [], "the mission report", ["secretariat"]),
    ]
    report.refresh_from_db()
    assert report.document is not None


# All of them


def test_no_e_mail_shows_a_template_or_a_second_header(who):
    title = "Nasty {{ x }} <b>title</b>\r\nBcc: all@evil.example"
    make.reported(who, title=title)
    sent = deliver()
    assert len(sent) > 8
    for message in sent:
        html = message.alternatives[0][0]
        assert message.message()["Bcc"] is None
        assert "<b>title</b>" not in html
        assert not re.search(r"\{[{%]", (message.body + html).replace("{{ x }}", ""))
        assert "None" not in message.body
        assert re.match(r"[MR]-\d{4}-[-\d]+: ", message.subject)


def test_what_left_is_kept_for_staff_under_what_it_is_about(who):
    letter = make.letter_sent(who)
    deliver()
    kept = Message.objects.get(about_id=letter.pk)
    assert (kept.subject, kept.attachments[0]["id"]) == (mail.outbox[-1].subject, str(Letter.objects.get().document_id))
