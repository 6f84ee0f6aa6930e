"""From a gap to people: who is at hand, who was asked; a proposal composed, edited, sent, drawn, answered (§5.1, §5.3)."""

import datetime as dt
import io
import json

import pytest
from django.urls import reverse
from docx import Document

from candidates import services as candidates
from candidates.enums import Origin
from candidates.models import Listing
from candidates.tests import factories as nominations
from core import outbox
from core.clock import today
from core.errors import NotAllowed, SomebodyWasFaster, TransitionRefused
from core.inbox import inbox
from core.models import Message, OutboxJob
from core.workflow import act
from experts.tests.factories import ExpertFactory, area
from gap_analysis import jobs, services
from gap_analysis.enums import ProposalState
from gap_analysis.models import Proposal
from gap_analysis.queries import proposals as queries
from members.tests.factories import administration
from support.models import Opportunity

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    """Somebody for each party, and K9 with a candidate, a first step, and a call on which Japan has nominated and Fiji has nobody."""
    people = nominations.parties()
    people.listed = ExpertFactory(at_home_in="NZ", family_name="Unwritten")
    Listing.objects.create(expert=people.listed, area=area("K9"), origin=Origin.ROCB, listed_on=today())
    ExpertFactory(first_step=True, first_step__area=area("K9"))
    people.call = candidates.draft_call(
        by=people.rocb, title="Dog handlers", text="Who knows?", areas=[area("K9")], deadline=today() + dt.timedelta(days=9),
        members=[administration("JP"), administration("FJ")],
    )  # fmt: skip
    people.call = candidates.send_call(people.call, by=people.rocb, version=people.call.version)
    people.nomination = nominations.sent(people, codes=("K9",), call=people.call)
    candidates.answer_call(
        people.call.members.get(administration__code="FJ"), by=people.rocb, answer="nobody", on_behalf=True
    )
    return people


def sent(who):
    draft = services.propose(area("K9"), by=who.rocb)
    return services.send_proposal(draft, by=who.rocb, version=draft.version)


def waiting(user, party, obj):
    return [item.mine for item in inbox(user, party) if item.object_id == obj.pk]


def test_an_area_shows_who_is_at_hand_who_was_asked_and_what_came_back(who, client):
    steps = queries.steps_for(area("K9"), who.rocb)
    (row,) = steps.calls
    assert (steps.candidates, steps.further, steps.waiting, steps.was_tried) == (1, 0, 1, True)
    assert (row.call, row.asked, row.answered, steps.nominations) == (who.call, 2, 2, [who.nomination])
    assert queries.steps_for(area("NII"), who.rocb).was_tried is False
    client.force_login(who.rocb)
    html = client.get(reverse("gap_analysis:area", args=[area("K9").pk])).content.decode()
    assert who.nomination.get_absolute_url() in html
    assert f"{reverse('candidates:call-new')}?area=K9" in html


def test_the_draft_is_composed_from_the_evidence_and_names_nobody(who):
    draft = services.propose(area("K9"), by=who.rocb)
    assert (draft.call, draft.evidence["listed"], draft.evidence["waiting"]) == (
        who.call,
        [["New Zealand", 1]],
        [["Japan", 1]],
    )
    assert "“Dog handlers”" in draft.tried
    assert "2 answered, 1 nominated for this area" in draft.tried
    assert "New Zealand (1)" in draft.participants
    written = json.dumps([draft.evidence, *(getattr(draft, name) for name in draft.evidence["words"])])
    assert "Unwritten" not in written
    with pytest.raises(TransitionRefused, match=draft.number):
        services.propose(area("K9"), by=who.rocb)


def test_renewed_evidence_leaves_what_was_edited_by_hand(who):
    draft = services.propose(area("K9"), by=who.rocb)
    draft = services.save_proposal(draft, by=who.rocb, version=draft.version, objective="Ten dogs.", title="Dogs")
    Listing.objects.create(
        expert=ExpertFactory(at_home_in="FJ"), area=area("K9"), origin=Origin.ROCB, listed_on=today()
    )
    with pytest.raises(SomebodyWasFaster):
        services.compose_again(draft, by=who.rocb, version=draft.version - 1, parts=["objective"])
    draft = services.compose_again(draft, by=who.rocb, version=draft.version, parts=["participants"])
    assert "Fiji (1), New Zealand (1)" in draft.participants
    assert (draft.objective, draft.title, draft.evidence["listed"][0]) == ("Ten dogs.", "Dogs", ["Fiji", 1])


def test_sending_freezes_the_words_and_both_documents_go_to_the_secretariat_once(who):
    proposal = sent(who)
    with pytest.raises(TransitionRefused):
        services.save_proposal(proposal, by=who.rocb, version=proposal.version, title="Other")
    for job in OutboxJob.objects.filter(kind__startswith="proposal").order_by("created_at"):
        outbox.deliver(job.pk)
    proposal.refresh_from_db()
    first = [proposal.document_id, proposal.editable_id]
    message = Message.objects.get(about_id=proposal.pk)
    names = [f"Proposal {proposal.number}.{ending}" for ending in ("pdf", "docx")]
    assert (message.to, [kept["name"] for kept in message.attachments]) == ([who.secretariat.email], names)
    with proposal.document.blob.open() as file:
        assert file.read(5) == b"%PDF-"
    with proposal.editable.blob.open() as file:
        made = Document(io.BytesIO(file.read()))
    words = [paragraph.text for paragraph in made.paragraphs]
    assert proposal.title in words
    assert all(part in words for part in proposal.tried.split("\n\n"))
    jobs.documents_of(proposal)
    proposal.refresh_from_db()
    assert [proposal.document_id, proposal.editable_id] == first


def test_the_secretariat_sees_it_once_it_is_sent_also_when_it_is_withdrawn(who):
    draft = services.propose(area("K9"), by=who.rocb)
    seen = Proposal.objects.visible_to(who.secretariat)
    assert not seen.exists()
    assert not Proposal.objects.visible_to(who.home).exists()
    proposal = services.send_proposal(draft, by=who.rocb, version=draft.version)
    assert (waiting(who.secretariat, "secretariat", proposal), waiting(who.rocb, "rocb", proposal)) == ([True], [False])
    act(proposal, "withdraw", by=who.rocb)
    assert list(seen) == [proposal]


def test_accepted_the_notice_to_the_experts_waits_as_a_draft_of_rocb(who):
    proposal = sent(who)
    with pytest.raises(NotAllowed):
        act(proposal, "accept", by=who.home)
    act(
        proposal, "defer", by=who.secretariat, decision_note="No money.", deferred_until=today() + dt.timedelta(days=30)
    )
    assert (waiting(who.secretariat, "secretariat", proposal), waiting(who.rocb, "rocb", proposal)) == ([], [True])
    proposal = act(proposal, "note_answer", by=who.rocb)
    assert waiting(who.rocb, "rocb", proposal) == []
    Proposal.objects.filter(pk=proposal.pk).update(deferred_until=today())
    assert waiting(who.secretariat, "secretariat", proposal) == [True]
    proposal = act(proposal, "accept", by=who.secretariat)
    assert waiting(who.rocb, "rocb", proposal) == [True]
    opportunity = Opportunity.objects.get(reference=proposal.pk)
    assert (opportunity.area, opportunity.decided_on, opportunity.told_at) == (area("K9"), today(), None)
    assert waiting(who.rocb, "rocb", opportunity) == [True]
    assert queries.opportunity_of(proposal, who.secretariat) is None


def test_an_answer_that_rocb_notes_itself_is_read_already(who):
    proposal = act(sent(who), "decline", by=who.rocb, decision_note="Said at the meeting.")
    assert (proposal.state, waiting(who.rocb, "rocb", proposal)) == (ProposalState.DECLINED, [])


def test_the_page_composes_and_the_form_keeps_what_was_typed(who, client):
    client.force_login(who.rocb)
    url = reverse("gap_analysis:propose", args=[area("K9").pk])
    key = client.get(url).content.decode().partition('name="_key" value="')[2].partition('"')[0]
    answer = client.post(url, {"_key": key})
    draft = Proposal.objects.get()
    edit = reverse("gap_analysis:proposal-edit", args=[draft.pk])
    assert answer["Location"] == edit
    form = client.get(edit).context["form"]
    typed = {name: value or "" for name, value in form.initial.items()} | {"need": "Many dogs."}
    autosave = reverse("gap_analysis:proposal-autosave", args=[draft.pk])
    assert client.post(autosave, {**typed, "version": draft.version}).status_code == 204
    draft.refresh_from_db()
    assert draft.need == "Many dogs."
    key = client.get(edit).content.decode().partition('name="_key" value="')[2].partition('"')[0]
    late = client.post(edit, {**typed, "need": "Few dogs.", "version": draft.version - 1, "_key": key})
    assert (late.status_code, "Few dogs." in late.content.decode(), "Many dogs." in late.content.decode()) == (
        422,
        True,
        True,
    )
