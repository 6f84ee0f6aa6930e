import datetime as dt
import hashlib
import io
import re

import pytest
from pypdf import PdfReader

from core.clock import today
from core.models import PolicyRow
from experts import services as people
from experts.tests.factories import ExpertFactory, served
from missions import letters, services
from missions.models import CapacityRequest, Invitation, Letter, Seat
from missions.tests import factories as make

pytestmark = pytest.mark.django_db

REASON = "The only validator who knows the programme."


@pytest.fixture
def who():
    return make.people()


def candidate(who, standing="candidate", **fields):
    """A letter about a listed candidate or first-step person, agreed by everybody."""
    expert = ExpertFactory(**fields)
    mission = make.available(who, expert, standing=standing)
    invitation = mission.all_invitations.get()
    for party in ("secretariat", "rocb", "beneficiary"):
        services.record_confirmation(invitation, by=who.rocb, party=party, said_by="X", said_on=today())
    services.record_bearer(
        invitation, by=who.rocb, bearer="beneficiary", agreed_by="Fiji, letter of May", agreed_on=today()
    )
    invitation = Invitation.objects.with_standing().get()
    return services.prepare_letter(mission, by=who.rocb, invitations=[invitation], opening="We refer to the request.")


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace(" .", ".").replace(" ,", ",")


def said(letter) -> str:
    return plain(letters.letter_html(letter))


def text_of(data: bytes) -> str:
    return re.sub(r"\s+", " ", "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


def test_what_the_letter_says_is_frozen_with_the_sending(who):
    letter = make.letter_sent(who)
    before = letters.letter_html(letter)
    letter.mission.title = "Another title"
    letter.mission.save()
    Seat.objects.update(release_last=today() + dt.timedelta(days=400), bearer="home")
    who.expert.family_name = "Changed"
    who.expert.save()
    served(who.expert, today() - dt.timedelta(days=100), 10)
    PolicyRow.objects.create(key="cap.days", value=10, valid_from=today(), origin="framework")
    letter.refresh_from_db()
    assert letters.letter_html(letter) == before
    assert letters.letter_context(letter) == letters.letter_context(letter)


def test_a_draft_says_what_holds_today(who):
    letter = make.letter_ready(who)
    assert "Draft: not sent, without number and without effect." in said(letter)
    served(who.expert, today() - dt.timedelta(days=100), 10)
    assert "from 10 to 17 of 84 days" in said(letter)


def test_the_particulars_come_back_as_days_and_numbers(who):
    letter = make.letter_sent(who)
    context = letters.letter_context(letter)
    invitation = letter.invitations.get()
    [part] = context.experts
    assert (context.number, context.date, context.reply_by) == (letter.number, today(), today() + dt.timedelta(days=14))
    assert (part.release_first, part.release_last, part.release_days) == (*invitation.seat.release, 7)
    assert (part.cap_before, part.cap_after, part.cap_limit, part.over_cap) == (0, 7, 84, False)
    assert (part.bearer, part.confirmed_by, part.invitation) == ("the WCO", [], str(invitation.pk))


def test_the_letter_says_what_step_four_asks_for(who):
    letter = make.letter_sent(who)
    mission, seat = letter.mission, letter.invitations.get().seat
    words = said(letter)
    for part in (
        letter.number, mission.number, mission.title, "Fiji", "Suva", who.expert.name, "7 days", "7 of 84", "the WCO",
        "positive consideration", "Conditions sheet", "that of staff of the WCO", "As for staff of the WCO", "No fee is paid",
        "14 days after the end", "balanced and neutral", "Director, Capacity Building", letter.administration.head_title,
        letter.administration.organisation, str(seat.release_last.year), "nothing is concluded from silence",
    ):  # fmt: skip
        assert part in words, part
    assert f"{letter.verification[:4]}-{letter.verification[4:8]}-{letter.verification[8:]}" in words


def test_within_the_cap_no_exception_is_asked(who):
    served(who.expert, today() - dt.timedelta(days=200), 77)
    words = said(make.letter_sent(who))
    assert "from 77 to 84 of 84 days" in words
    assert "exception" not in words.lower()


def test_above_the_cap_the_exception_is_asked_in_so_many_words_with_numbers_and_reason(who):
    served(who.expert, today() - dt.timedelta(days=200), 84)
    words = said(make.letter_sent(who, exception_reason=REASON))
    assert "from 84 to 91 of 84 days and so pass the limit by 7 days" in words
    assert "expressly asks your administration to grant an exception to the limit" in words
    assert REASON in words
    assert "positive consideration" not in words
    assert "above the limit" in words


@pytest.mark.parametrize(
    ("standing", "phrase"),
    [("candidate", "on the candidate list of ROCB A/P"), ("first_step", "passed the first step")],
)
def test_for_candidates_the_administration_is_free_and_no_reason_is_asked(who, standing, phrase):
    words = said(make.send(who, candidate(who, standing, first_step=standing == "first_step")))
    assert phrase in words
    assert "at the discretion of your administration; no reason is asked for" in words
    assert "WCO Secretariat, ROCB A/P, beneficiary administration" in words
    assert "the beneficiary administration (agreed with Fiji, letter of May)" in words
    assert "positive consideration" not in words
    assert "expected to permit" not in words


def test_of_two_each_is_spoken_of_in_the_own_words(who):
    served(who.expert, today() - dt.timedelta(days=200), 84)
    other = ExpertFactory(accredited=True)
    words = said(make.letter_sent(who, who.expert, other, exception_reason=REASON))
    assert f"{who.expert.name} and {other.name} take part as experts" in words
    assert f"For {other.name}, your administration's positive consideration" in words.replace("&#x27;", "'")
    assert f"{who.expert.name} would come from 84 to 91" in words
    assert "for each official" in words


def test_an_unconfirmed_history_is_said_and_a_confirmed_one_is_not(who):
    assert "History not confirmed before" in said(make.letter_ready(who))
    people.confirm_history(who.expert, complete_from=dt.date(2010, 1, 1), by=who.rocb)
    assert "History not confirmed before" not in said(Letter.objects.get())


def test_days_that_do_not_count_are_said_with_the_reason(who):
    letter = make.letter_ready(who)
    services.set_counting(letter.invitations.get(), by=who.rocb, counts=False, reason="Evenings only")
    words = said(letter)
    assert "not counted against this limit: Evenings only" in words


def test_what_people_typed_cannot_become_markup(who):
    nasty = '<script>alert(1)</script><img src="file:///etc/passwd">'
    letter = make.letter_ready(who, title=nasty, objective=nasty)
    services.edit_letter(letter, by=who.rocb, version=letter.version, opening=nasty, extra=nasty, conditions=nasty)
    letter.refresh_from_db()
    html = letters.letter_html(letter)
    assert "<script" not in html
    assert "<img" not in html


def test_the_pdf_is_drawn_from_the_frozen_words_and_always_the_same(who):
    letter = make.letter_sent(who)
    first = letters.draw_letter(letter)
    letter.mission.title = "Another title"
    letter.mission.save()
    letter.refresh_from_db()
    assert hashlib.sha256(letters.draw_letter(letter)).digest() == hashlib.sha256(first).digest()
    reader, words = PdfReader(io.BytesIO(first)), text_of(first)
    assert bool(reader.trailer["/Root"]["/MarkInfo"]["/Marked"])
    assert reader.metadata.title == f"Letter {letter.number}, mission {letter.mission.number}"
    assert f"verification code {letters.letter_context(letter).code}" in words
    assert f"of {len(reader.pages)}" in words
    assert "Conditions sheet" in words
    assert "Demonstration" not in words


def test_in_the_demo_every_page_says_so(who):
    PolicyRow.objects.create(key="portal.demo", value=True, valid_from=today(), origin="house")
    reader = PdfReader(io.BytesIO(letters.draw_letter(make.letter_sent(who))))
    assert all("Demonstration" in page.extract_text() for page in reader.pages)


@pytest.mark.parametrize(
    ("bears", "phrase"),
    [
        ("yes", "our administration bears the cost"),
        ("partly", "our administration bears part of the cost"),
        ("no", "our administration is not in a position to bear the cost"),
    ],
)
def test_the_request_letter_always_says_who_bears_the_cost(who, bears, phrase):
    request = make.filed(who, bears_cost=bears)
    words = plain(letters.request_letter_html(request))
    assert phrase in words
    assert "through the WCO Regional Office" in words
    assert "World Customs Organization Secretariat, Brussels" in words


def test_the_request_letter_is_a_pdf_with_real_text(who):
    request = make.filed(who)
    words = text_of(letters.draw_request_letter(request))
    for part in (request.number, request.title, request.objective, "Local transport.", "A. Contact"):
        assert part in words
    assert CapacityRequest.objects.get().bears_cost == "partly"


@pytest.mark.parametrize(
    ("names", "expected"), [(["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C"), ([], "")]
)
def test_names_in_a_row(names, expected):
    assert letters.and_list(names) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (dt.date(2027, 3, 1), dt.date(2027, 3, 1), "1 March 2027"),
        (dt.date(2027, 3, 1), dt.date(2027, 3, 5), "1–5 March 2027"),
        (dt.date(2027, 2, 28), dt.date(2027, 3, 5), "28 February – 5 March 2027"),
        (dt.date(2026, 12, 28), dt.date(2027, 1, 5), "28 December 2026 – 5 January 2027"),
    ],
)
def test_dates_as_a_letter_writes_them(first, last, expected):
    values = dict.fromkeys(
        ("number", "title", "beneficiary", "place", "mode", "area", "objective", "financing", "donor"), ""
    )
    part = letters.MissionPart(**values, role=1, under_scheme=True, deviations="", first_day=first, last_day=last)
    assert part.dates == expected
