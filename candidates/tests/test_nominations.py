"""Nominations: what is written, sent, completed, objected to, decided."""

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from candidates import guidance, services
from candidates.enums import NominationState, Origin, Requirement
from candidates.models import Attachment, Listing, Nomination
from candidates.tests import factories as make
from core import links
from core.errors import InvalidAnswers, LinkInvalid, NotAllowed, SomebodyWasFaster, TransitionRefused
from core.workflow import LinkActor, act, decide, perform
from experts.models import Expert
from experts.tests.factories import AccreditationFactory, ExpertFactory, area
from members.tests.factories import administration, focal_point

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%%EOF\n"
NOMINEE = LinkActor("by link", frozenset({"nominee"}))


@pytest.fixture
def who():
    return make.parties()


def reason(nomination, user, name):
    return decide(nomination, user, name).reason


# Writing


def test_a_draft_is_saved_incomplete_as_it_is(who):
    draft = make.begun(who)
    services.save_nomination(draft, by=who.home, version=0, evidence={1: "Ten years of valuation."}, why="")
    draft.refresh_from_db()
    assert (draft.state, draft.version, draft.evidence.get(requirement=1).by_nominator) == (
        "draft", 1, "Ten years of valuation.",
    )  # fmt: skip
    said = reason(draft, who.home, "submit")
    assert "at least one area" in said
    assert str(Requirement.ENGLISH.label) in said
    assert str(Requirement.EXPERTISE.label) not in said


def test_saving_what_is_unchanged_raises_no_version_and_the_second_writer_is_told(who):
    draft = make.written(who)
    again = services.save_nomination(
        draft, by=who.home, version=draft.version, evidence=make.EVIDENCE, areas=[area("NII")]
    )
    assert again.version == draft.version
    services.save_nomination(draft, by=who.home, version=draft.version, why="Other words.")
    with pytest.raises(SomebodyWasFaster):
        services.save_nomination(draft, by=who.home, version=draft.version, why="Mine.")


def test_who_somebody_known_is_cannot_be_changed(who):
    draft = make.begun(who)
    services.save_nomination(
        draft, by=who.home, version=0, family_name="Other", home=administration("FJ"), office="Training"
    )
    draft.refresh_from_db()
    assert (draft.family_name, draft.home, draft.office) == (who.nominee.family_name, administration("JP"), "Training")


def test_what_was_sent_is_not_written_any_more_until_it_is_returned(who):
    nomination = make.sent(who)
    with pytest.raises(TransitionRefused):
        services.save_nomination(nomination, by=who.home, version=nomination.version, why="More.")
    perform(nomination, "return", by=who.rocb, returned_note="Name the test.")
    services.save_nomination(nomination, by=who.home, version=nomination.version, why="More.")


# Sending


def test_the_record_of_somebody_new_is_opened_with_the_sending_and_not_before(who):
    draft = services.draft_nomination(
        by=who.home, origin=Origin.ADMINISTRATION, home=administration("JP"), given_name="An", family_name="Example",
        email="an@x.example", areas=[area("NII")],
    )  # fmt: skip
    services.save_nomination(draft, by=who.home, version=draft.version, evidence=make.EVIDENCE)
    assert not Expert.objects.filter(family_name="Example").exists()
    services.submit_nomination(draft, by=who.home)
    person = Expert.objects.get(family_name="Example")
    assert (draft.expert, person.administration, person.email) == (person, administration("JP"), "an@x.example")


def test_an_incomplete_nomination_is_refused_and_opens_no_record(who):
    draft = services.draft_nomination(
        by=who.home, origin=Origin.ADMINISTRATION, home=administration("JP"), given_name="An", family_name="Example"
    )
    with pytest.raises(TransitionRefused):
        services.submit_nomination(draft, by=who.home)
    assert not Expert.objects.filter(family_name="Example").exists()


def test_a_namesake_at_home_is_not_doubled(who):
    known = ExpertFactory(at_home_in="KR", given_name="An", family_name="Example", email="own@kr.example")
    draft = services.draft_nomination(
        by=who.centre, origin=Origin.CENTRE, centre_host=administration("MY"), home=administration("KR"), given_name="an",
        family_name="EXAMPLE", email="typed@elsewhere.example", areas=[area("NII")],
    )  # fmt: skip
    services.save_nomination(draft, by=who.centre, version=draft.version, evidence=make.EVIDENCE)
    services.submit_nomination(draft, by=who.centre)
    assert Expert.objects.filter(family_name__iexact="Example").count() == 1
    assert draft.expert == known
    assert (
        draft.nominee_address == "own@kr.example"
    )  # the link speaks for the person, so it never goes to a typed address


def test_nobody_else_sends_it(who):
    with pytest.raises(NotAllowed):
        services.submit_nomination(make.written(who), by=focal_point("FJ"))


def test_sending_after_a_return_opens_a_new_round_and_tells_home_only_once(who):
    nomination = make.sent(who, Origin.CENTRE)
    told = nomination.home_told_at
    assert (nomination.round, told is not None) == (1, True)
    perform(nomination, "return", by=who.rocb, returned_note="More, please.")
    services.submit_nomination(nomination, by=who.centre)
    assert (nomination.round, nomination.home_told_at) == (2, told)


# The nominee


def test_the_link_is_used_up_by_the_consent_and_not_by_saving(who):
    nomination = make.sent(who)
    token = links.mint(services.NOMINEE_LINK, nomination.pk, "a@x.example", days=1)
    services.save_nominee_part(nomination, by=NOMINEE, evidence={1: "My words."}, token=token)
    assert nomination.consented_at is None
    services.complete_nominee_part(nomination, by=NOMINEE, consent=True, evidence={1: "Mine, longer."}, token=token)
    assert (nomination.consent_version, nomination.evidence.get(requirement=1).by_nominee) == (
        guidance.CONSENT_VERSION, "Mine, longer.",
    )  # fmt: skip
    for call in (
        lambda: services.save_nominee_part(nomination, by=NOMINEE, evidence={}, token=token),
        lambda: services.complete_nominee_part(nomination, by=NOMINEE, consent=True, token=token),
    ):
        with pytest.raises(LinkInvalid):
            call()


def test_without_the_tick_there_is_no_consent(who):
    nomination = make.sent(who)
    with pytest.raises(InvalidAnswers):
        services.complete_nominee_part(nomination, by=who.nominee_user, consent=False, evidence={1: "Mine."})
    nomination.refresh_from_db()
    assert nomination.consented_at is None
    assert reason(nomination, who.rocb, "list") == "The nominee has not given consent yet."


def test_the_nominator_does_not_write_the_nominees_part(who):
    with pytest.raises(NotAllowed):
        services.save_nominee_part(make.sent(who), by=who.home, evidence={1: "In your name."})


def test_the_nominee_may_decline_and_every_link_ends(who):
    nomination = make.sent(who)
    token = links.mint(services.NOMINEE_LINK, nomination.pk, "a@x.example", days=1)
    services.decline_nomination(nomination, by=NOMINEE, note="Not now.", token=token)
    assert nomination.state == NominationState.WITHDRAWN
    with pytest.raises(LinkInvalid):
        links.peek(services.NOMINEE_LINK, token)


def test_files_are_kept_and_the_nominee_sees_the_own_ones_alone(who):
    draft = make.written(who)
    upload = SimpleUploadedFile("letter.pdf", PDF)
    services.add_attachment(draft, by=who.home, upload=upload, title="Recommendation", requirement=1)
    nomination = services.submit_nomination(draft, by=who.home)
    services.save_nominee_part(nomination, by=who.nominee_user, evidence={}, upload=SimpleUploadedFile("cv.pdf", PDF))
    rows = Attachment.objects
    assert {row.title for row in rows.visible_to(who.rocb)} == {"Recommendation", "cv.pdf"}
    assert {row.title for row in rows.visible_to(who.home)} == {"Recommendation", "cv.pdf"}
    assert {row.title for row in rows.visible_to(who.nominee_user)} == {"cv.pdf"}
    assert not rows.visible_to(who.centre).exists()
    services.remove_attachment(rows.get(title="cv.pdf"), by=who.nominee_user)
    assert not rows.visible_to(who.nominee_user).exists()
    with pytest.raises(SomebodyWasFaster):
        services.remove_attachment(rows.get(title="cv.pdf"), by=who.nominee_user)


# The home administration


@pytest.mark.parametrize("origin", [Origin.CENTRE, Origin.ROCB])
def test_listing_waits_for_the_days_of_objection_of_that_time(who, origin):
    nomination = make.consented(who, origin)
    services.save_review(nomination, by=who.rocb, judgements=make.ALL_MET, give=True)
    assert "may object until" in reason(nomination, who.rocb, "list")
    with time_machine.travel(timezone.now() + dt.timedelta(days=21)):
        assert "may object until" in reason(nomination, who.rocb, "list")
    with time_machine.travel(timezone.now() + dt.timedelta(days=22)):
        assert decide(nomination, who.rocb, "list")
        services.list_nomination(nomination, by=who.rocb)
    line = Listing.objects.get()
    assert (line.origin, line.recommended_by) == (origin, administration("MY") if origin == Origin.CENTRE else None)


def test_no_objection_ends_the_waiting_and_an_objection_counts_after_the_listing_too(who):
    nomination = make.listed(who, Origin.CENTRE, codes=("NII", "K9"))
    assert Listing.objects.filter(left_on__isnull=True).count() == 2
    act(nomination, "object", by=who.home, objection_note="He is needed here.")
    assert nomination.state == NominationState.OBJECTED
    assert {line.left_kind for line in Listing.objects.all()} == {"objected"}
    assert not Listing.objects.filter(left_on__isnull=True).exists()
    act(nomination, "lift_objection", by=who.home)
    assert decide(nomination, who.rocb, "list")
    services.list_nomination(nomination, by=who.rocb)
    assert Listing.objects.filter(left_on__isnull=True).count() == 2


def test_an_administration_does_not_object_to_its_own_nomination(who):
    nomination = make.sent(who)
    assert reason(nomination, who.home, "object") == "This is for somebody else to do."
    assert "made this nomination itself" in reason(nomination, who.rocb, "object")


# The decision


def test_listing_makes_a_line_for_each_area_in_which_there_is_something_to_list(who):
    AccreditationFactory(expert=who.nominee, area=area("AEO"))
    ExpertFactory(accredited=True)
    services.list_candidate(expert=who.nominee, area=area("K9"), origin=Origin.ROCB, by=who.rocb)
    nomination = make.listed(who, codes=("NII", "AEO", "K9"))
    line = nomination.listings.get()
    assert (line.area, line.note, line.recommended_by) == (
        area("NII"),
        "Known for good teaching.",
        administration("JP"),
    )


def test_with_no_area_left_nothing_is_listed(who):
    AccreditationFactory(expert=who.nominee, area=area("AEO"))
    nomination = make.reviewed(who, codes=("AEO",))
    with pytest.raises(TransitionRefused, match="no area left"):
        services.list_nomination(nomination, by=who.rocb)
    nomination.refresh_from_db()
    assert nomination.state == NominationState.SUBMITTED


def test_a_renewal_confirms_the_line_that_it_renews(who):
    old = services.list_candidate(
        expert=who.nominee, area=area("NII"), origin=Origin.ROCB, by=who.rocb, listed_on=dt.date(2024, 1, 5)
    )
    nomination = make.listed(who, renews=old)
    old.refresh_from_db()
    assert (old.nomination, old.left_on, Listing.objects.count()) == (nomination, None, 1)
    assert old.confirmed_on is not None


def test_not_listing_asks_for_a_reason_and_a_given_review(who):
    nomination = make.consented(who)
    assert reason(nomination, who.rocb, "not_list") == "Nobody has reviewed it yet."
    services.save_review(nomination, by=who.secretariat, judgements=make.ONE_NOT_MET, give=True)
    with pytest.raises(InvalidAnswers):
        perform(nomination, "not_list", by=who.rocb, decision_note="")
    assert reason(nomination, who.secretariat, "not_list") == "This is for somebody else to do."


# Who sees it


def test_drafts_and_what_became_of_them_are_for_whoever_nominates(who):
    draft = make.written(who, Origin.CENTRE)
    seen = lambda user: Nomination.objects.visible_to(user).filter(pk=draft.pk).exists()  # noqa: E731
    everybody = [who.rocb, who.secretariat, who.home, who.centre, who.nominee_user, focal_point("FJ")]
    assert [seen(user) for user in everybody] == [False, False, False, True, False, False]
    services.withdraw_nomination(draft, by=who.centre)
    assert [seen(user) for user in everybody] == [False, False, False, True, False, False]
    sent = make.sent(who, Origin.CENTRE)
    draft = sent
    assert [seen(user) for user in everybody] == [True, True, True, True, True, False]
