"""The design's table of rights, row by row: what each party sees, and that rows (`visible_to`) and acts (`may`) agree."""

from operator import attrgetter

import pytest
from django.urls import reverse

from candidates.models import Attachment, Call, CalledMember, FieldMission, Listing, Nomination, WorkshopNominee
from candidates.queries import reviews_for
from centres.models import Resource
from core.policies import may
from experts.models import AccreditationWorkshop, CorrectionRequest, Expert
from gap_analysis.models import GapSnapshot, Proposal, Response, Scenario, Survey
from missions.models import CapacityRequest, Invitation, Letter, Mission, Report
from support.models import Notice, Opportunity

pytestmark = pytest.mark.django_db

PARTIES = ["rocb", "secretariat", "home", "beneficiary", "other", "centre", "expert", "stranger"]

# Who sees what, as words: the row, then + or - for each of PARTIES.
RIGHTS = """
    accredited expert              + + + + + + + -
    contact, ledger, reasons       + + + - - - + -
    profile and CV                 + + + - - - + -
    correction of ACE              + + + - - - + -
    candidate of Malaysia          + + - - - + - -
    own listing                    + + + - - - + -
    draft of a call                + - - - - - - -
    call to Japan and Malaysia     + + + - - + - -
    answer of Japan to a call      + + + - - - - -
    material for experts           + + - - - + + +
    nomination of the centre       + + + - - + + -
    nomination not sent yet        - - + - - - - -
    evidence file of the nominator + + + - - + - -
    reviews of a nomination        + + - - - - - -
    nominee for a workshop         + + + - - - + -
    field mission of Japan         + + + - - - - -
    path to accreditation          + + + - - - + -
    request filed                  + + - + - - - -
    draft of a survey              + - - - - - - -
    survey that is open            + + + + + - - -
    answers of Japan to it         + + + - - - - -
    its sums while it is open      + + - - - - - -
    its sums once it is closed     + + + + + - - -
    gap dashboard, what if         + + - - - - - -
    snapshot that is published     + + - - - - - -
    snapshot that is not           + - - - - - - -
    scenario that was kept         + + - - - - - -
    draft of a proposal            + - - - - - - -
    proposal that was sent         + + - - - - - -
    draft of an opportunity        + - - - - - - -
    opportunity told to an expert  + + + - - - + -
    notice of it to the expert     + + + - - - + -
    shortlist                      + + - - - - - -
    letter sent, not answered      + + + - - - - -
    letter answered                + + + - - - + -
    that the expert is approved    + + + + - - + -
    mission while searching        + + - + - - - -
    mission from the letter on     + + + + - - + -
    report accepted                + + + + - - + -
"""


def _opens(world, user, url_name):
    client = next(world.clients[party] for party, person in world.people.items() if person == user)
    response = client.get(reverse(url_name, args=[world.who.expert.pk]))
    if response.streaming:
        list(response.streaming_content)  # to its end, so that the file is closed; closing would end the connection too
    return response.status_code == 200


def _visible(model, path):
    """Whether a row of the world is among those that the person sees."""
    return lambda w, u: model.objects.visible_to(u).filter(pk=attrgetter(path)(w).pk).exists()


SEES = {
    "accredited expert": _visible(Expert, "who.expert"),
    "contact, ledger, reasons": lambda w, u: bool(may(u, "experts.see_private", w.who.expert)),
    "profile and CV": lambda w, u: _opens(w, u, "experts:profile") and _opens(w, u, "experts:cv"),
    "correction of ACE": _visible(CorrectionRequest, "correction"),
    "candidate of Malaysia": _visible(Listing, "listing"),
    "own listing": _visible(Listing, "own_listing"),
    "nomination of the centre": _visible(Nomination, "nomination"),
    "nomination not sent yet": _visible(Nomination, "nomination_draft"),
    "evidence file of the nominator": _visible(Attachment, "nomination_file"),
    "reviews of a nomination": lambda w, u: bool(
        reviews_for(u, Nomination.objects.with_standing().get(pk=w.nomination_over.pk))
    ),
    "nominee for a workshop": _visible(WorkshopNominee, "nominee"),
    "field mission of Japan": _visible(FieldMission, "field_mission"),
    "path to accreditation": lambda w, u: bool(may(u, "candidates.see_path", w.who.expert)),
    "draft of a call": _visible(Call, "draft_call"),
    "call to Japan and Malaysia": _visible(Call, "sent_call"),
    "answer of Japan to a call": _visible(CalledMember, "called"),
    "material for experts": _visible(Resource, "resource"),
    "request filed": _visible(CapacityRequest, "filed"),
    "draft of a survey": _visible(Survey, "draft_survey"),
    "survey that is open": _visible(Survey, "survey"),
    "answers of Japan to it": _visible(Response, "response"),
    "its sums while it is open": lambda w, u: bool(may(u, "gap_analysis.see_sums", w.survey)),
    "its sums once it is closed": lambda w, u: (
        Survey.objects.visible_to(u).filter(pk=w.closed_survey.pk).exists()
        and bool(may(u, "gap_analysis.see_sums", w.closed_survey))
    ),
    "gap dashboard, what if": lambda w, u: bool(may(u, "gap_analysis.see_gaps")),
    "snapshot that is published": _visible(GapSnapshot, "snapshot"),
    "snapshot that is not": _visible(GapSnapshot, "snapshot_unpublished"),
    "scenario that was kept": _visible(Scenario, "scenario"),
    "draft of a proposal": _visible(Proposal, "draft_proposal"),
    "proposal that was sent": _visible(Proposal, "proposal"),
    "draft of an opportunity": _visible(Opportunity, "draft_opportunity"),
    "opportunity told to an expert": _visible(Opportunity, "opportunity"),
    "notice of it to the expert": _visible(Notice, "notice"),
    "shortlist": _visible(Invitation, "short_invitation"),
    "letter sent, not answered": _visible(Letter, "sent"),
    "letter answered": _visible(Letter, "done_letter"),
    "that the expert is approved": _visible(Invitation, "done_invitation"),
    "mission while searching": _visible(Mission, "short"),
    "mission from the letter on": _visible(Mission, "done"),
    "report accepted": _visible(Report, "report"),
}


def expected():
    for line in RIGHTS.strip().splitlines():
        words = line.split()
        yield " ".join(words[: -len(PARTIES)]), dict(zip(PARTIES, words[-len(PARTIES) :], strict=True))


@pytest.mark.parametrize(("row", "cells"), list(expected()), ids=lambda x: x if isinstance(x, str) else "")
def test_each_party_sees_what_the_table_says(world, row, cells):
    found = {party: "+" if SEES[row](world, world.people[party]) else "-" for party in PARTIES}
    assert found == cells


def test_the_team_sees_who_is_approved_and_no_ledger(world):
    one, two = world.mates
    seen = Invitation.objects.visible_to(one.user).filter(mission=world.pair)
    assert sorted(i.expert.name for i in seen) == sorted([one.name, two.name])
    assert not may(one.user, "experts.see_private", two)
    assert not Expert.objects.visible_to(one.user).filter(pk=two.pk).exists()


ACTS = [
    ("experts.see", Expert, "who.expert"),
    ("experts.see_correction", CorrectionRequest, "correction"),
    ("candidates.see", Listing, "listing"),
    ("candidates.see_call", Call, "sent_call"),
    ("centres.see", Resource, "resource"),
    ("candidates.see_nomination", Nomination, "nomination"),
    ("candidates.see_attachment", Attachment, "nomination_file"),
    ("candidates.see_workshop", AccreditationWorkshop, "workshop"),
    ("candidates.see_nominee", WorkshopNominee, "nominee"),
    ("missions.see_request", CapacityRequest, "filed"),
    ("gap_analysis.see_survey", Survey, "survey"),
    ("gap_analysis.see_response", Response, "response"),
    ("gap_analysis.see_gaps", GapSnapshot, "snapshot_unpublished"),
    ("gap_analysis.see_gaps", Scenario, "scenario"),
    ("gap_analysis.see_proposal", Proposal, "proposal"),
    ("support.see", Opportunity, "opportunity"),
    ("missions.see_mission", Mission, "done"),
    ("missions.see_invitation", Invitation, "done_invitation"),
    ("missions.see_letter", Letter, "sent"),
    ("missions.see_report", Report, "report"),
]


@pytest.mark.parametrize(("action", "model", "path"), ACTS, ids=[a[0] for a in ACTS])
def test_rows_and_acts_agree(world, action, model, path):
    """Seeing an object is being given its row; an act on a row that is not given never reaches `may` (404)."""
    thing = world
    for part in path.split("."):
        thing = getattr(thing, part)
    for user in world.people.values():
        if model.objects.visible_to(user).filter(pk=thing.pk).exists():
            assert may(user, action, thing)


def test_whoever_may_move_an_object_is_given_its_row(world):
    """For every row of the four tables: a party that may perform it sees the object."""
    from core.workflow import available, binding_of

    for thing in (
        world.draft_call,
        world.sent_call,
        world.filed,
        world.checked,
        world.short,
        world.short_invitation,
        world.sent_invitation,
        world.done,
        world.report,
        world.nomination_draft,
        world.nomination,
        world.nomination_over,
        world.nominee,
        world.draft_proposal,
        world.proposal,
        world.draft_survey,
        world.survey,
        world.response,
    ):
        rows = type(thing).objects
        for party, user in world.people.items():
            if available(thing, user):
                assert rows.visible_to(user).filter(pk=thing.pk).exists(), (party, binding_of(thing).machine.name)
