"""Corrections of ACE: asked for, agreed by the member, passed on, corrected; who is told, and the bundle (§2.2(1), IV)."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from core import outbox
from core.enums import JobState
from core.errors import InvalidAnswers, NotAllowed
from core.inbox import inbox
from core.models import Message, OutboxJob
from core.workflow import LinkActor, binding_of, decide, perform
from experts import services
from experts.enums import Party
from experts.models import CorrectionRequest
from experts.tests.factories import ExpertFactory
from experts.workflow import CORRECTION
from members.tests.factories import focal_point, rocb, secretariat

pytestmark = pytest.mark.django_db

# transition | from | to | in their own name | on behalf; written by hand from §2.2(1) and Part IV
EXPECTED = """
    agree | asked | agreed | home | rocb
    disagree | asked | declined | home | rocb
    send | agreed | sent | rocb |
    done | sent | done | secretariat | rocb
    decline | sent | declined | secretariat | rocb
    withdraw | asked agreed | withdrawn | home rocb expert |
"""


def rows():
    for line in EXPECTED.strip().splitlines():
        name, sources, target, own, *behalf = [cell.strip() for cell in line.split("|")]
        yield name, set(sources.split()), target, set(own.split()), set(" ".join(behalf).split())


@pytest.fixture
def people():
    expert = ExpertFactory(accredited=True, login=True, ace_reference="AP-7")
    return {
        "rocb": rocb(),
        "secretariat": secretariat(),
        "home": focal_point("JP"),
        "expert": expert.user,
        "who": expert,
    }


def asked(people, by="rocb", **fields):
    given = {"field": "family_name", "should_say": "Tanaka", "reason": "The certificate."}
    return services.raise_correction(people["who"], by=people[by], **given | fields)


def test_the_table_is_the_one_written_by_hand():
    found = {
        row.name: (set(row.sources), row.target, set(row.parties), set(row.on_behalf)) for row in CORRECTION.transitions
    }
    assert found == {name: (sources, target, own, behalf) for name, sources, target, own, behalf in rows()}


def test_every_state_transition_and_party(people):
    correction = asked(people)
    differing = []
    for state in CORRECTION.states:
        correction.state = state.value
        for name, sources, _target, own, behalf in rows():
            for party in Party.values:
                decision = decide(correction, LinkActor("x", frozenset({party})), name)
                said = "open" if decision else "party" if "somebody else" in decision.reason else "state"
                expected = "party" if party not in own | behalf else "open" if state.value in sources else "state"
                if said != expected:
                    differing.append((state.value, name, party, said, expected))
    assert differing == []


@pytest.mark.parametrize(("by", "state"), [("rocb", "asked"), ("expert", "asked"), ("home", "agreed")])
def test_the_home_administration_agrees_by_asking(people, by, state):
    correction = asked(people, by)
    assert (correction.state, correction.says, bool(correction.agreed_at)) == (
        state, people["who"].family_name, state == "agreed",
    )  # fmt: skip


def test_from_asking_to_corrected(people):
    correction = asked(people, "expert")
    assert [item.sentence for item in inbox(people["home"], "administration") if item.mine] == [
        f"Agree to a correction of ACE about {people['who']}: family name"
    ]
    with pytest.raises(NotAllowed):
        perform(correction, "agree", by=people["secretariat"])
    perform(correction, "agree", by=people["home"])
    assert [item.sentence for item in inbox(people["rocb"], "rocb") if item.mine] == [
        f"Pass on a correction of ACE about {people['who']}: family name"
    ]
    perform(correction, "send", by=people["rocb"])
    assert [item.sentence for item in inbox(people["secretariat"], "secretariat") if item.mine] == [
        f"Correct in ACE: {people['who']}, family name"
    ]
    perform(correction, "done", by=people["secretariat"])
    assert all((correction.agreed_at, correction.sent_at, correction.done_at))


def delivered(kind):
    while jobs := list(OutboxJob.objects.filter(kind=kind, state=JobState.QUEUED)):
        for job in jobs:
            outbox.deliver(job.pk)
    return sorted(message.to for message in Message.objects.filter(job__kind=kind))


def test_who_is_told(people):
    correction = asked(people, "expert")
    assert delivered("correction_raised") == [[people["home"].email]]
    perform(correction, "agree", by=people["home"])
    perform(correction, "send", by=people["rocb"])
    assert delivered("correction_sent") == [[people["secretariat"].email]]
    perform(correction, "decline", by=people["secretariat"], answer_note="ACE is right.")
    assert delivered("correction_answered") == sorted([[people["home"].email], [people["expert"].email]])
    assert "ACE is right." in Message.objects.filter(job__kind="correction_answered").first().text


def test_nobody_is_asked_who_has_agreed_by_asking(people):
    asked(people, "home")
    assert not OutboxJob.objects.filter(kind="correction_raised").exists()


def test_an_accreditation_is_named_and_the_same_is_not_asked_twice(people):
    row = people["who"].accreditations.get()
    with pytest.raises(InvalidAnswers):
        asked(people, field="accredited_on")
    correction = asked(people, field="accredited_on", accreditation=row, should_say="2020-03-02")
    assert (correction.says, correction.what) == ("2020-03-01", "day of accreditation (Authorized Economic Operator)")
    with pytest.raises(InvalidAnswers):
        asked(people, field="accredited_on", accreditation=row)
    perform(correction, "withdraw", by=people["rocb"])
    asked(people, field="accredited_on", accreditation=row)


def test_asked_on_the_page_of_the_person(client, people):
    client.force_login(people["home"])
    url = reverse("experts:correction-new", args=[people["who"].pk])
    assert client.get(url, {"field": "given_name"}).context["form"]["field"].value() == "given_name"
    assert client.post(url, {"field": "accredited_on", "should_say": "x", "reason": "y"}).status_code == 422
    response = client.post(url, {"field": "given_name", "should_say": "Akira", "reason": "The passport."}, follow=True)
    correction = CorrectionRequest.objects.get()
    assert response.redirect_chain == [(correction.get_absolute_url(), 302)]
    assert "ROCB passes it to the Secretariat" in response.content.decode()
    client.force_login(people["rocb"])
    address = reverse("experts:correction-do", args=[correction.pk, "send"])
    assert client.post(address).status_code == 302
    correction.refresh_from_db()
    assert binding_of(correction).machine.state(correction.state).label == "with the Secretariat"


def test_the_bundle_has_what_is_agreed_and_not_yet_corrected(client, people):
    agreed = asked(people, "home", should_say="=1+1")
    waiting = asked(people, field="given_name")
    done = asked(people, "home", field="email")
    for name, by in (("send", "rocb"), ("done", "secretariat")):
        perform(done, name, by=people[by])
    client.force_login(people["secretariat"])
    page = client.get(reverse("experts:corrections"))
    assert set(page.context["rows"]) == {agreed, waiting, done}
    sheet = load_workbook(io.BytesIO(client.get(page.context["bundle"]).content)).active
    lines = list(sheet.values)
    assert [line[:3] for line in lines[1:]] == [("AP-7", people["who"].family_name, "Given")]
    assert (lines[1][8], sheet.cell(2, 9).data_type) == ("'=1+1", "s")
    assert client.get(reverse("experts:corrections") + page.context["bundle_query"]).context["total"] == 1


def test_an_administration_lists_its_own(client, people):
    asked(people)
    services.raise_correction(
        ExpertFactory(at_home_in="FJ"),
        by=people["rocb"],
        field="email",
        should_say="x@y.example",
        reason="It came back.",
    )
    client.force_login(people["home"])
    page = client.get(reverse("experts:corrections"))
    assert [row.expert for row in page.context["rows"]] == [people["who"]]
    assert "administration" not in page.context["filterset"].form.fields
