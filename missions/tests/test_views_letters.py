import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import links, outbox
from core.clock import today
from core.models import ActionLink, LogEntry, OutboxJob
from core.workflow import act
from experts.tests.factories import ExpertFactory, served
from members.tests.factories import focal_point, user_of
from missions import letters, services
from missions.models import Invitation, Letter
from missions.tests import factories as make

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"


@pytest.fixture(autouse=True)
def quick_pdf(monkeypatch):
    """Drawing is tested in test_letters; here it would take most of the time."""
    monkeypatch.setattr(letters, "pdf", lambda html, *, identifier: f"%PDF-1.7 {identifier} {html}".encode())


@pytest.fixture
def who():
    return make.people()


def url(name, thing):
    return reverse(f"missions:{name}", args=[thing if isinstance(thing, str) else thing.pk])


@pytest.fixture(autouse=True)
def closed_files(client):
    """Downloads are streams; the test client leaves it to the test to close them."""
    opened, ask = [], client.request

    def remember(**request):
        response = ask(**request)
        opened.append(response)
        return response

    client.request = remember
    yield
    for response in opened:
        response.close()


def get(client, user, name, thing):
    client.force_login(user)
    return client.get(url(name, thing))


def post(client, user, name, thing, **data):
    client.force_login(user)
    return client.post(url(name, thing), data)


def scan():
    return SimpleUploadedFile("signed.pdf", PDF, content_type="application/pdf")


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def invitation_of(mission):
    return mission.all_invitations.get()


def minted(letter, recipient="focal@customs.example"):
    return links.mint(services.LETTER_LINK, letter.pk, recipient, days=14)


# Confirmations and cost


@pytest.fixture
def candidate(who):
    return invitation_of(make.available(who, ExpertFactory(), standing="candidate"))


def test_the_agreements_page_says_who_is_missing_and_takes_each_yes(client, who, candidate):
    page = words(get(client, who.rocb, "agreements", candidate))
    assert page.count("not yet") == 3
    assert "There is no default" in page
    for party in ("secretariat", "rocb", "beneficiary"):
        data = {"what": "confirmation", "party": party, "said_by": "A. Head", "said_on": today(), "note": "Letter 7"}
        assert post(client, who.rocb, "agreements", candidate, **data).status_code == 302
    data = {"what": "bearer", "cost-bearer": "donor", "cost-agreed_by": "The donor", "cost-agreed_on": today()}
    assert post(client, who.rocb, "agreements", candidate, **data).status_code == 302
    page = words(get(client, who.rocb, "agreements", candidate))
    assert (page.count("A. Head"), "Everything is agreed" in page) == (3, True)
    assert "Another institution or donor" in page


def test_a_day_to_come_is_no_day_of_a_yes_and_what_was_typed_stays(client, who, candidate):
    day = today() + dt.timedelta(days=1)
    data = {"what": "confirmation", "party": "rocb", "said_by": "A. Head", "said_on": day}
    response = post(client, who.rocb, "agreements", candidate, **data)
    assert response.status_code == 422
    assert "This day has not come yet." in words(response)
    assert 'value="A. Head"' in response.content.decode()
    assert candidate.confirmations.count() == 0


def test_a_fully_accredited_expert_needs_no_yes_and_an_offer_can_be_recorded(client, who):
    invitation = invitation_of(make.available(who))
    assert "no confirmation by the parties is needed" in words(get(client, who.rocb, "agreements", invitation))
    data = {"what": "bearer", "cost-bearer": "home", "cost-agreed_by": "Japan Customs", "cost-agreed_on": today()}
    post(client, who.secretariat, "agreements", invitation, **data)
    invitation = Invitation.objects.get()
    assert (invitation.bearer, invitation.seat.bearer_agreed_by) == ("home", "Japan Customs")


def test_after_the_letter_agreements_are_read_only(client, who):
    letter = make.letter_sent(who)
    page = words(get(client, who.rocb, "agreements", letter.invitations.get()))
    assert "frozen with it" in page
    assert "Record an offer" not in page


def test_whether_days_count_is_said_with_a_reason(client, who):
    invitation = invitation_of(make.available(who))
    assert post(client, who.rocb, "counting", invitation, counts="no", counts_reason="").status_code == 422
    assert post(client, who.rocb, "counting", invitation, counts="no", counts_reason="Evenings").status_code == 302
    assert "not counted" in words(get(client, who.rocb, "counting", invitation))
    assert Invitation.objects.get().counts_reason == "Evenings"


def test_reserved_days_cannot_be_made_to_count_above_the_cap_behind_the_letter(client, who):
    served(who.expert, today() - dt.timedelta(days=200), 80)
    letter = make.letter_ready(who)
    services.set_counting(letter.invitations.get(), by=who.rocb, counts=False, reason="Evenings")
    letter.refresh_from_db()
    make.send(who, letter)
    services.answer_letter(letter.invitations.get(), by=who.home, answer="answer_yes")
    response = post(client, who.rocb, "counting", letter.invitations.get(), counts="yes", counts_reason="After all")
    assert (response.status_code, "87 of 84" in words(response)) == (422, True)
    assert letter.invitations.get().counts is False


# Writing the letter


def test_a_letter_is_offered_about_everybody_of_the_administration_who_is_ready(client, who):
    other, foreign = ExpertFactory(accredited=True), ExpertFactory(at_home_in="AU", accredited=True)
    mission = make.available(who, who.expert, other, foreign)
    first = mission.all_invitations.get(expert=who.expert)
    page = get(client, who.rocb, "letter-for", first)
    assert other.name in words(page)
    assert foreign.name not in words(page)
    assert "I have the honour to refer to the request of Fiji" in words(page)
    ticked = [str(i.pk) for i in mission.all_invitations.exclude(expert=foreign)]
    response = post(client, who.rocb, "letter-for", first, invitations=ticked, opening="We ask.", conditions="None.")
    letter = Letter.objects.get()
    assert response.headers["Location"] == letter.get_absolute_url()
    assert (letter.invitations.count(), letter.administration.code, letter.prepared_by) == (2, "JP", who.rocb)


def test_a_second_visit_leads_to_the_letter_that_is_there(client, who):
    letter = make.letter_ready(who)
    response = get(client, who.secretariat, "letter-for", letter.invitations.get())
    assert response.headers["Location"] == letter.get_absolute_url()
    assert post(client, who.rocb, "letter-for", letter.invitations.get(), opening="x").status_code == 302
    assert Letter.objects.count() == 1


def test_the_letter_can_be_seen_before_anything_is_saved(client, who):
    invitation = invitation_of(make.available(who))
    response = post(
        client,
        who.rocb,
        "letter-for",
        invitation,
        invitations=[str(invitation.pk)],
        opening="Words of mine.",
        preview="1",
    )
    assert (response.status_code, Letter.objects.count()) == (200, 0)
    page = words(response)
    assert page.count("Words of mine.") == 2  # in the form, and in the letter
    assert "Conditions sheet" in page


def test_what_is_missing_is_said_instead_of_a_form(client, who, candidate):
    page = words(get(client, who.rocb, "letter-for", candidate))
    assert "The letter cannot be prepared yet" in page
    assert "is still missing" in page


def test_a_reason_for_an_exception_is_asked_only_above_the_cap_and_with_the_numbers(client, who):
    invitation = invitation_of(make.available(who))
    assert "exception_reason" not in get(client, who.rocb, "letter-for", invitation).content.decode()
    served(who.expert, today() - dt.timedelta(days=200), 84)
    page = get(client, who.rocb, "letter-for", invitation)
    assert f"{who.expert.name} would reach 91 of 84 days" in words(page)
    assert 'name="exception_reason"' in page.content.decode()


def test_two_people_changing_a_letter_do_not_overwrite_each_other(client, who):
    letter = make.letter_ready(who)
    fields = {"version": letter.version, "extra": "", "conditions": ""}
    assert post(client, who.rocb, "letter-edit", letter, opening="First.", **fields).status_code == 302
    response = post(client, who.secretariat, "letter-edit", letter, opening="Second.", **fields)
    assert (response.status_code, "Somebody was faster" in words(response)) == (422, True)
    assert "Second." in words(response)
    letter.refresh_from_db()
    assert letter.opening == "First."


def test_a_draft_can_be_discarded_after_a_question(client, who):
    letter = make.letter_ready(who)
    assert "Discard this letter?" in words(get(client, who.rocb, "letter-discard", letter))
    assert Letter.objects.count() == 1
    assert post(client, who.rocb, "letter-discard", letter).status_code == 302
    assert Letter.objects.count() == 0
    assert invitation_of(letter.mission).letter_ready_at is None


def test_the_draft_can_be_read_as_a_page_and_taken_to_be_signed(client, who):
    letter = make.letter_ready(who)
    assert "number and date come with the sending" in words(get(client, who.rocb, "letter-preview", letter))
    response = client.get(url("letter-preview", letter) + "?pdf")
    assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")
    assert b"Draft: not sent" not in response.content


# Sending


def test_rocb_sees_the_draft_and_cannot_send_it(client, who):
    letter = make.letter_ready(who)
    page = get(client, who.rocb, "letter", letter)
    assert "The letter waits for the Secretariat" in words(page)
    assert url("letter-send", letter) not in page.content.decode()
    assert get(client, who.rocb, "letter-send", letter).status_code == 403
    assert post(client, who.rocb, "letter-send", letter, how="email", signatory="X").status_code == 403


def test_the_last_look_shows_cap_confirmations_bearer_and_who_gets_it(client, who):
    served(who.expert, today() - dt.timedelta(days=200), 84)
    letter = make.letter_ready(who, exception_reason="Nobody else can.")
    page = words(get(client, who.secretariat, "letter-send", letter))
    for part in ("84 → 91 of 84", "above the limit", "by default (§3.3)", "not needed", who.home.email, "Nobody else can.",
                 "It cannot be changed afterwards"):  # fmt: skip
        assert part in page, part


def test_the_secretariat_sends_once(client, who):
    letter = make.letter_ready(who)
    data = {"how": "email", "signatory": "A. Director\nWCO", "version": letter.version}
    assert post(client, who.secretariat, "letter-send", letter, **data).status_code == 302
    letter.refresh_from_db()
    assert (letter.number[-4:], letter.sent_on, letter.sent_by) == ("0001", today(), who.secretariat)
    assert post(client, who.secretariat, "letter-send", letter, **data).status_code == 422
    assert get(client, who.secretariat, "letter-send", letter).url == letter.get_absolute_url()
    assert OutboxJob.objects.filter(kind="letter").count() == 1


def test_a_letter_changed_after_it_was_read_is_not_sent_unread(client, who):
    letter = make.letter_ready(who)
    services.edit_letter(letter, by=who.rocb, version=letter.version, opening="Changed.")
    data = {"how": "email", "signatory": "X", "version": letter.version - 1}
    response = post(client, who.secretariat, "letter-send", letter, **data)
    assert (response.status_code, "Somebody was faster" in words(response)) == (422, True)
    assert Letter.objects.get().sent_at is None


def test_a_letter_that_nobody_would_get_is_not_sent_by_e_mail(client, who):
    letter = make.letter_ready(who)
    who.home.memberships.all().delete()
    data = {"how": "email", "signatory": "X", "version": letter.version}
    response = post(client, who.secretariat, "letter-send", letter, **data)
    assert (response.status_code, "no focal point here" in words(response)) == (422, True)


def test_on_paper_the_scan_is_the_document_and_no_e_mail_leaves(client, who):
    letter = make.letter_ready(who)
    data = {"how": "paper", "signatory": "X", "version": letter.version}
    assert post(client, who.secretariat, "letter-send", letter, **data).status_code == 422
    long_ago = post(client, who.secretariat, "letter-send", letter, **data, sent_on=dt.date(2020, 1, 1), scan=scan())
    assert (long_ago.status_code, list(long_ago.context["form"].errors)) == (422, ["sent_on"])
    day = today()
    response = post(client, who.secretariat, "letter-send", letter, **data, sent_on=day, scan=scan())
    assert response.status_code == 302
    letter.refresh_from_db()
    assert (letter.on_paper, letter.sent_on, letter.document.name) == (True, day, "signed.pdf")
    assert not OutboxJob.objects.filter(kind__in=["letter", "letter_document"]).exists()
    assert "on paper" in words(get(client, who.home, "letter", letter))


def test_a_blocked_letter_says_why_instead_of_offering_to_send(client, who):
    letter = make.letter_ready(who)
    served(who.expert, today() - dt.timedelta(days=200), 84)
    page = get(client, who.secretariat, "letter-send", letter)
    assert "would reach 91 of 84 days" in words(page)
    assert 'name="how"' not in page.content.decode()


# Reading


def test_the_document_is_a_download_for_those_who_may_read_it(client, who):
    letter = make.letter_sent(who)
    response = get(client, who.home, "letter-document", letter)  # the worker has not come to it yet
    letter.refresh_from_db()
    drawn = letter.document
    assert response["Content-Disposition"] == f'attachment; filename="{drawn.name}"'
    outbox.sweep()
    letter.refresh_from_db()
    assert letter.document == drawn
    assert letter.document.sha256 in words(get(client, who.home, "letter", letter))


@pytest.mark.parametrize("name", ["letter", "letter-preview", "letter-document"])
def test_a_draft_is_for_the_offices_and_a_letter_for_its_own_administration(client, who, name):
    letter = make.letter_ready(who)
    assert get(client, who.home, name, letter).status_code == 404
    make.send(who, letter)
    outbox.sweep()
    seen = {"home": who.home, "rocb": who.rocb}
    hidden = {"beneficiary": who.beneficiary, "foreign": focal_point("AU"), "expert": who.expert_user}
    assert {k: get(client, u, name, letter).status_code for k, u in seen.items()} == {"home": 200, "rocb": 200}
    assert {get(client, u, name, letter).status_code for u in hidden.values()} == {404}


def test_an_expert_sees_the_own_part_once_it_is_answered_and_not_that_of_a_colleague(client, who):
    other = ExpertFactory(accredited=True)
    letter = make.letter_sent(who, who.expert, other)
    outbox.sweep()
    services.answer_letter(letter.invitations.get(expert=who.expert), by=who.home, answer="answer_yes")
    page = words(get(client, who.expert_user, "letter", letter))
    assert who.expert.name in page
    assert other.name not in page
    assert get(client, who.expert_user, "letter-document", letter).status_code == 403
    assert get(client, who.expert_user, "letter-preview", letter).status_code == 403


def test_a_withdrawn_letter_is_marked_so(client, who):
    letter = make.letter_sent(who)
    act(letter.invitations.get(), "withdraw", by=who.rocb)
    page = get(client, who.home, "letter", letter)
    assert "The letter was withdrawn" in words(page)
    assert url("answer", letter.mission.all_invitations.get()) not in page.content.decode()


def test_the_list_is_narrowed_by_administration_and_by_how_letters_stand(client, who):
    draft = make.letter_ready(who, ExpertFactory(at_home_in="AU", accredited=True))
    late, answered = make.letter_sent(who), make.letter_sent(who, ExpertFactory(accredited=True))
    old = timezone.now() - dt.timedelta(days=20)
    Letter.objects.filter(pk=late.pk).update(sent_at=old)
    Invitation.objects.filter(letter=late).update(letter_sent_at=old)
    services.answer_letter(answered.invitations.get(), by=who.home, answer="answer_no")
    client.force_login(who.rocb)
    found = {}
    for query in ("", "stands=draft", "stands=open", "stands=overdue", "stands=answered", "stands=revoked",
                  "administration=AU", "administration=JP", f"q={late.number}"):  # fmt: skip
        rows = client.get(reverse("missions:letters") + f"?{query}").context["rows"]
        found[query.replace(late.number, "number")] = {letter.pk for letter in rows}
    assert found == {
        "": {draft.pk, late.pk, answered.pk}, "stands=draft": {draft.pk}, "stands=open": {late.pk},
        "stands=overdue": {late.pk}, "stands=answered": {answered.pk}, "stands=revoked": set(),
        "administration=AU": {draft.pk}, "administration=JP": {late.pk, answered.pk}, "q=number": {late.pk},
    }  # fmt: skip


def test_the_list_costs_the_same_for_one_and_for_many(client, who):
    make.letter_sent(who)
    client.force_login(who.rocb)
    client.get(reverse("missions:letters"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("missions:letters"))
    for _n in range(3):
        make.letter_sent(who, ExpertFactory(accredited=True), ExpertFactory(accredited=True))
    client.get(reverse("missions:letters"))
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("missions:letters"))
    assert len(many) == len(one)


# The answer by login


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ({"answer": "answer_yes"}, "approved"),
        ({"answer": "answer_conditions", "conditions": "Back by Friday."}, "conditions"),
        ({"answer": "answer_no", "refusal_note": "Needed here."}, "refused"),
        ({"answer": "answer_other_officer", "other_name": "B. Other"}, "other_officer"),
    ],
)
def test_the_home_administration_answers(client, who, data, state):
    invitation = make.letter_sent(who).invitations.get()
    response = post(client, who.home, "answer", invitation, **data)
    assert response.headers["Location"] == invitation.letter.get_absolute_url()
    invitation.refresh_from_db()
    assert invitation.state == state
    assert LogEntry.objects.filter(object_id=invitation.pk, by=who.home, party="home", on_behalf_of="").exists()
    assert "There is nothing to answer here" in words(get(client, who.home, "answer", invitation))


@pytest.mark.parametrize(
    "data", [{}, {"answer": "answer_conditions"}, {"answer": "answer_other_officer"}, {"answer": "x"}]
)
def test_an_answer_without_what_belongs_to_it_is_asked_again(client, who, data):
    invitation = make.letter_sent(who).invitations.get()
    assert post(client, who.home, "answer", invitation, **data).status_code == 422
    invitation.refresh_from_db()
    assert invitation.state == "letter_sent"


def test_what_belongs_to_another_answer_is_not_kept(client, who):
    invitation = make.letter_sent(who).invitations.get()
    post(client, who.home, "answer", invitation, answer="answer_yes", conditions="Typed, then thought better of it.")
    invitation.refresh_from_db()
    assert (invitation.state, invitation.conditions) == ("approved", "")


def test_an_exception_is_granted_by_its_own_mark(client, who):
    served(who.expert, today() - dt.timedelta(days=200), 84)
    invitation = make.letter_sent(who, exception_reason="Nobody else can.").invitations.get()
    page = words(get(client, who.home, "answer", invitation))
    assert f"The exception is granted: {who.expert.name} may reach 91 of 84 days" in page
    response = post(client, who.home, "answer", invitation, answer="answer_yes")
    assert (response.status_code, "has to grant the exception" in words(response)) == (422, True)
    assert post(client, who.home, "answer", invitation, answer="answer_yes", grants_exception="on").status_code == 302
    invitation.refresh_from_db()
    assert (invitation.state, invitation.grants_exception) == ("approved", True)


def test_of_candidates_no_reason_is_asked(client, who):
    expert = ExpertFactory()
    invitation = invitation_of(make.available(who, expert, standing="candidate"))
    Invitation.objects.update(standing="accredited")
    letter = make.send(
        who, services.prepare_letter(invitation.mission, by=who.rocb, invitations=[invitation], opening="x")
    )
    assert "refusal_note" in get(client, who.home, "answer", letter.invitations.get()).content.decode()
    Invitation.objects.update(standing="candidate")
    page = get(client, who.home, "answer", letter.invitations.get())
    assert "refusal_note" not in page.content.decode()
    assert "no reason is asked for" in words(page)


def test_rocb_records_an_answer_with_the_scan_in_its_own_name(client, who):
    invitation = make.letter_sent(who).invitations.get()
    assert "on behalf of Japan" in words(get(client, who.rocb, "answer", invitation))
    assert post(client, who.rocb, "answer", invitation, answer="answer_yes").status_code == 422
    data = {"answer": "answer_yes", "scan": scan(), "note": "By courier."}
    assert post(client, who.rocb, "answer", invitation, **data).status_code == 302
    invitation.refresh_from_db()
    line = LogEntry.objects.get(object_id=invitation.pk, name="answer_yes")
    assert (invitation.state, invitation.reply_scan.name) == ("approved", "signed.pdf")
    assert (line.by, line.on_behalf_of, line.note) == (who.rocb, "home", "By courier.")


def test_nobody_else_answers(client, who):
    invitation = make.letter_sent(who).invitations.get()
    assert get(client, who.secretariat, "answer", invitation).status_code == 403
    for user in (who.beneficiary, focal_point("AU"), user_of("expert")):
        assert post(client, user, "answer", invitation, answer="answer_yes").status_code == 404
    assert post(client, who.expert_user, "answer", invitation, answer="answer_yes").status_code == 403
    invitation.refresh_from_db()
    assert invitation.state == "letter_sent"


# The answer by link


def test_opening_the_link_changes_nothing(client, who):
    letter = make.letter_sent(who)
    token = minted(letter)
    before = (
        ActionLink.objects.filter(object_id=letter.pk).values().get(),
        LogEntry.objects.count(),
        OutboxJob.objects.count(),
    )
    for _visit in range(20):
        response = client.get(url("link-letter", token))
        assert response.status_code == 200
    client.head(url("link-letter", token))
    after = (
        ActionLink.objects.filter(object_id=letter.pk).values().get(),
        LogEntry.objects.count(),
        OutboxJob.objects.count(),
    )
    assert before == after
    assert who.expert.name in words(response)
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"


def test_one_posting_answers_for_every_expert_and_uses_the_link_up(client, who):
    other = ExpertFactory(accredited=True)
    letter = make.letter_sent(who, who.expert, other)
    first, second = letter.invitations.get(expert=who.expert), letter.invitations.get(expert=other)
    token = minted(letter)
    data = {f"{first.pk}-answer": "answer_yes", f"{second.pk}-answer": "answer_no"}
    response = client.post(url("link-letter", token), data, follow=True)
    assert (response.status_code, "your answer is recorded" in words(response)) == (200, True)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("approved", "refused")
    line = LogEntry.objects.get(object_id=first.pk, name="answer_yes")
    assert (line.by, line.actor) == (None, "Japan, by the link sent to focal@customs.example")
    again = {f"{first.pk}-answer": "answer_no", f"{second.pk}-answer": "answer_yes"}
    late = client.post(url("link-letter", token), again)
    assert (late.status_code, "What you have just sent was not recorded" in words(late)) == (409, True)
    assert {(answer.expert, answer.words) for answer in late.context["answers"]} == {
        (who.expert.name, "Approved"),
        (other.name, "Not approved"),
    }
    first.refresh_from_db()
    assert first.state == "approved"


def test_a_posting_that_forgets_one_expert_answers_for_none(client, who):
    other = ExpertFactory(accredited=True)
    letter = make.letter_sent(who, who.expert, other)
    first = letter.invitations.get(expert=who.expert)
    token = minted(letter)
    assert client.post(url("link-letter", token), {f"{first.pk}-answer": "answer_yes"}).status_code == 422
    first.refresh_from_db()
    assert (first.state, links.peek(services.LETTER_LINK, token).used_at) == ("letter_sent", None)


def test_a_refused_answer_leaves_the_link_and_the_others_as_they_were(client, who):
    served(who.expert, today() - dt.timedelta(days=200), 84)
    other = ExpertFactory(accredited=True)
    letter = make.letter_sent(who, who.expert, other, exception_reason="Nobody else can.")
    first, second = letter.invitations.get(expert=who.expert), letter.invitations.get(expert=other)
    token = minted(letter)
    data = {f"{first.pk}-answer": "answer_yes", f"{second.pk}-answer": "answer_yes"}
    response = client.post(url("link-letter", token), data)
    assert (response.status_code, "has to grant the exception" in words(response)) == (422, True)
    second.refresh_from_db()
    assert (second.state, links.peek(services.LETTER_LINK, token).used_at) == ("letter_sent", None)
    assert client.post(url("link-letter", token), {**data, f"{first.pk}-grants_exception": "on"}).status_code == 302


def test_the_link_asks_only_about_those_still_open(client, who):
    other = ExpertFactory(accredited=True)
    letter = make.letter_sent(who, who.expert, other)
    services.answer_letter(letter.invitations.get(expert=who.expert), by=who.home, answer="answer_yes")
    response = client.get(url("link-letter", minted(letter)))
    assert [row.invitation.expert for row, _form in response.context["pairs"]] == [other]


@pytest.mark.parametrize("end", ["answered", "withdrawn", "replaced", "expired", "unknown", "other purpose"])
def test_a_link_that_has_ended_says_so_and_does_nothing(client, who, end):
    letter = make.letter_sent(who)
    invitation, token = letter.invitations.get(), minted(letter)
    if end == "answered":
        services.answer_letter(invitation, by=who.home, answer="answer_no")
    elif end == "withdrawn":
        act(invitation, "withdraw", by=who.rocb)
    elif end == "replaced":
        minted(letter)
    elif end == "expired":
        ActionLink.objects.update(expires_at=timezone.now())
    elif end == "unknown":
        token = token[::-1]
    else:
        token = links.mint(services.CONSULTATION_LINK, invitation.pk, "focal@customs.example", days=14)
    invitation.refresh_from_db()
    before = invitation.state
    for response in (
        client.get(url("link-letter", token)),
        client.post(url("link-letter", token), {f"{invitation.pk}-answer": "answer_yes"}),
    ):
        said = (
            "had been answered before"
            if end == "answered" and response.wsgi_request.method == "POST"
            else "This link has ended"
        )
        assert (response.status_code, said in words(response)) == (410, True)
        assert [answer.words for answer in response.context["answers"]] == ["Not approved"] * (end == "answered")
    invitation.refresh_from_db()
    assert invitation.state == before


# The outbox


def test_the_outbox_is_for_the_offices(client, who):
    make.letter_sent(who)
    outbox.sweep()
    job = OutboxJob.objects.get(kind="letter")
    pages = [reverse("core:outbox"), reverse("core:message", args=[job.pk]), reverse("core:settle", args=[job.pk])]
    pages.append(reverse("core:attachment", args=[job.pk, job.message.attachments[0]["id"]]))
    for user, expected in ((who.rocb, [200] * 4), (who.secretariat, [200] * 4), (who.home, [403, 404, 404, 404])):
        client.force_login(user)
        assert [client.get(page).status_code for page in pages] == expected


def test_an_e_mail_is_shown_as_it_left_with_its_source_as_text(client, who):
    make.letter_sent(who, title="A <b>bold</b> title")
    outbox.sweep()
    job = OutboxJob.objects.get(kind="letter")
    client.force_login(who.rocb)
    for key in (job.pk, job.message.pk):
        page = client.get(reverse("core:message", args=[key])).content.decode()
        assert "A &lt;b&gt;bold&lt;/b&gt; title" in page
        assert "<b>bold</b>" not in page
        assert "&lt;table class=&quot;sheet&quot;" in page
        assert 'rel="nofollow">http://testserver/answer/letter/' in page  # the embedded mode shows the link
    file = client.get(reverse("core:attachment", args=[job.pk, job.message.attachments[0]["id"]]))
    assert file["Content-Disposition"].startswith("attachment")
    other = make.letter_sent(who, ExpertFactory(accredited=True))
    outbox.sweep()
    other.refresh_from_db()
    assert client.get(reverse("core:attachment", args=[job.pk, other.document_id])).status_code == 404


def test_what_needs_a_decision_stands_on_top_and_is_decided_once(client, who):
    make.letter_sent(who)
    outbox.sweep()
    first = OutboxJob.objects.earliest("created_at")
    OutboxJob.objects.filter(pk=first.pk).update(state="uncertain", error="lost")
    client.force_login(who.rocb)
    page = client.get(reverse("core:outbox"))
    assert page.context["lines"][0]["job"] == first
    assert "1 entry needs a decision" in words(page)
    settle = reverse("core:settle", args=[first.pk])
    assert client.get(settle).status_code == 200
    assert client.post(settle, {}).status_code == 422
    assert client.post(settle, {"again": "no", "note": "They have it."}).status_code == 302
    first.refresh_from_db()
    assert first.state == "dropped"
    assert "They have it." in words(client.get(reverse("core:message", args=[first.pk])))
    assert client.post(settle, {"again": "yes"}).status_code == 422
    first.refresh_from_db()
    assert first.state == "dropped"
