"""Workshops: the table by hand, the announcement, nominees, the outcomes of a cohort in one transaction, who sees what."""

import datetime as dt

import pytest
from django.urls import reverse

from candidates import queries, services
from candidates.enums import NomineeState, Origin, Party
from candidates.models import Listing, WorkshopNominee
from candidates.services import Outcome
from candidates.workflow import NOMINEE_OF_WORKSHOP
from core import outbox
from core.clock import today
from core.errors import InvalidAnswers, NotAllowed, SomebodyWasFaster, TransitionRefused
from core.inbox import inbox
from core.models import Message
from core.workflow import LinkActor, act, decide, perform
from experts.enums import Stage
from experts.models import Accreditation, AccreditationWorkshop, Expert
from experts.tests.factories import ExpertFactory, area, category
from members.tests.factories import administration, centre_head, focal_point, rocb, secretariat, user_of

pytestmark = pytest.mark.django_db

EXPECTED = """
    invite | put_forward | invited | rocb secretariat |
    not_invite | put_forward | not_invited | rocb secretariat |
    passed | put_forward invited | passed | rocb secretariat |
    to_repeat | put_forward invited | to_repeat | rocb secretariat |
    not_passed | put_forward invited | not_passed | rocb secretariat |
    absent | put_forward invited | absent | rocb secretariat |
    correct | passed to_repeat not_passed absent | invited | rocb secretariat |
    withdraw | put_forward invited | withdrawn | home nominee | rocb secretariat
    again | withdrawn not_invited | put_forward | home | rocb secretariat
"""


def rows():
    for line in EXPECTED.strip().splitlines():
        name, sources, target, own, behalf = [cell.strip() for cell in line.split("|")]
        yield name, set(sources.split()), target, set(own.split()), set(behalf.split())


@pytest.fixture
def staff():
    return rocb(email="rocb@office.example")


def ahead(days):
    return today() + dt.timedelta(days=days)


def planned(staff, begins=60, **fields):
    values = {
        "title": "RKC experts", "category": category("TOA"), "area": area("RKC"), "first_day": ahead(begins),
        "last_day": ahead(begins + 4), "nominate_by": ahead(begins - 30), "place": "Suva", **fields,
    }  # fmt: skip
    return services.add_workshop(by=staff, **values)


def announced(staff, **fields):
    workshop = planned(staff, **fields)
    return services.announce_workshop(workshop, by=staff, version=workshop.version)


def held(staff, *experts, **fields):
    """A workshop that is over, with its people invited."""
    workshop = planned(staff, begins=-10, nominate_by=None, **fields)
    found = [services.put_forward(workshop, expert=expert, by=staff) for expert in experts]
    services.invite_nominees(found, by=staff)
    return workshop, [WorkshopNominee.objects.get(pk=row.pk) for row in found]


def deliver():
    for _round in range(3):
        outbox.sweep()
    return sorted(address for message in Message.objects.all() for address in message.to)


# The table


def test_the_table_is_as_written_by_hand(staff):
    found = {
        row.name: (set(row.sources), row.target, set(row.parties), set(row.on_behalf))
        for row in NOMINEE_OF_WORKSHOP.transitions
    }
    assert found == {name: tuple(rest) for name, *rest in rows()}
    nominee = services.put_forward(announced(staff), expert=ExpertFactory(), by=staff)
    differing = []
    for state in NOMINEE_OF_WORKSHOP.states:
        nominee.state = state.value
        for name, sources, _target, own, behalf in rows():
            for party in Party.values:
                open_to = bool(decide(nominee, LinkActor("x", frozenset({party})), name))
                if open_to is not (state.value in sources and party in own | behalf):
                    differing.append((state.value, name, party, open_to))
    assert differing == []


# The workshop


def test_a_workshop_is_kept_and_nobody_is_told_before_it_is_announced(staff):
    other = focal_point("FJ", email="focal@fj.example")
    focal_point("JP", email="focal@jp.example")
    workshop = planned(staff)
    assert (workshop.month, workshop.announced_at, deliver()) == (workshop.first_day.replace(day=1), None, [])
    assert list(AccreditationWorkshop.objects.visible_to(other).filter(pk=workshop.pk)) == []
    workshop = services.announce_workshop(workshop, by=staff, version=workshop.version)
    assert deliver() == ["focal@fj.example", "focal@jp.example"]
    assert "RKC experts" in Message.objects.first().subject
    with pytest.raises(TransitionRefused):
        services.announce_workshop(workshop, by=staff, version=workshop.version)
    with pytest.raises(SomebodyWasFaster):
        services.announce_workshop(workshop, by=staff, version=workshop.version - 1)


def test_a_change_is_sent_again_only_when_asked(staff):
    focal_point("JP", email="focal@jp.example")
    workshop = announced(staff)
    deliver()
    fields = {"place": "Nadi"}
    workshop = services.edit_workshop(workshop, by=staff, version=workshop.version, **fields)
    assert len(deliver()) == 1
    services.edit_workshop(workshop, by=staff, version=workshop.version, place="Suva", tell=True)
    assert len(deliver()) == 2
    assert Message.objects.filter(subject__startswith="Changed").count() == 1


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("last_day", {"last_day": dt.date(2020, 1, 1)}),
        ("nominate_by", {"nominate_by": dt.date(2999, 1, 1)}),
        ("area", {"area": None}),
        ("title", {"title": "rkc experts"}),
    ],
)
def test_days_out_of_order_an_unfit_area_and_a_twin_are_refused(staff, field, fields):
    planned(staff, begins=60 if field == "title" else 200)
    with pytest.raises(InvalidAnswers) as refused:
        planned(staff, **{"title": "Others", **fields})
    assert field in refused.value.fields


def test_without_a_day_for_nominees_it_is_not_announced(staff):
    for nominate_by in (None, ahead(-1)):
        workshop = planned(staff, title=f"W {nominate_by}", nominate_by=nominate_by)
        with pytest.raises(TransitionRefused):
            services.announce_workshop(workshop, by=staff, version=workshop.version)


# Nominees


def test_an_administration_puts_its_own_people_forward_known_or_new(staff):
    workshop, home = announced(staff), focal_point("JP")
    known = services.put_forward(workshop, expert=ExpertFactory(at_home_in="JP"), by=home, note=" Good trainer ")
    assert (known.state, known.note) == (NomineeState.PUT_FORWARD, "Good trainer")
    person = {"given_name": "An", "family_name": "Example", "administration": administration("JP")}
    new = services.put_forward(workshop, person=person, by=home)
    assert (new.expert.name, Expert.objects.filter(family_name="Example").count()) == ("An Example", 1)
    with pytest.raises(NotAllowed):
        services.put_forward(workshop, expert=ExpertFactory(at_home_in="FJ"), by=home)
    for refused in (known.expert, ExpertFactory(at_home_in="JP", left_on=ahead(-1)), _stepped("JP")):
        with pytest.raises(InvalidAnswers):
            services.put_forward(workshop, expert=refused, by=home)
    assert workshop.nominees.count() == 2


def _stepped(code):
    return ExpertFactory(at_home_in=code, first_step=True, first_step__area=area("RKC"))


def test_nobody_is_put_forward_before_the_announcement_or_once_it_has_begun_but_by_the_offices(staff):
    home = focal_point("JP")
    for workshop in (planned(staff), planned(staff, title="Past", begins=-10, nominate_by=None)):
        with pytest.raises(TransitionRefused):
            services.put_forward(workshop, expert=ExpertFactory(at_home_in="JP"), by=home)
        assert services.put_forward(workshop, expert=ExpertFactory(at_home_in="JP"), by=staff).put_forward_by == staff


def test_listed_candidates_of_the_area_are_offered_first_and_nobody_who_is_there_already(staff):
    workshop, home = announced(staff), focal_point("JP")
    plain, listed = ExpertFactory(at_home_in="JP", family_name="Aa"), ExpertFactory(at_home_in="JP", family_name="Zz")
    Listing.objects.create(expert=listed, area=area("RKC"), origin=Origin.ROCB, listed_on=ahead(-100))
    ExpertFactory(at_home_in="FJ")
    _stepped("JP")
    assert [o.expert for o in queries.people_to_put_forward(home, workshop)] == [listed, plain]
    assert [o.expert for o in queries.people_to_put_forward(staff, workshop)] == [listed]
    assert [o.expert for o in queries.people_to_put_forward(staff, workshop, "aa japan")] == [plain]
    services.put_forward(workshop, expert=listed, by=home)
    assert [o.expert for o in queries.people_to_put_forward(home, workshop)] == [plain]


def test_the_inbox_asks_each_side_for_its_part(staff):
    home, other = focal_point("JP"), focal_point("FJ")
    workshop = announced(staff)

    def waits(user, party):
        return [item.url for item in inbox(user, party) if item.object_id == workshop.pk]

    page = workshop.get_absolute_url()
    assert (waits(home, "administration"), waits(other, "administration"), waits(staff, "rocb")) == ([page], [page], [])
    services.put_forward(workshop, expert=ExpertFactory(at_home_in="JP"), by=home)
    services.nobody_to_put_forward(workshop, administration=administration("FJ"), by=other)
    services.nobody_to_put_forward(workshop, administration=administration("FJ"), by=other)
    assert (waits(home, "administration"), waits(other, "administration")) == ([], [])
    assert waits(staff, "rocb") == [reverse("candidates:workshop-invite", args=[workshop.pk])]
    over, _nominees = held(staff, ExpertFactory(), title="Over")
    urls = [item.url for item in inbox(secretariat(), "secretariat")]
    assert reverse("candidates:workshop-outcomes", args=[over.pk]) in urls


def test_the_invited_and_their_administrations_are_told(staff):
    focal_point("JP", email="focal@jp.example")
    expert = ExpertFactory(at_home_in="JP", email="nominee@jp.example", login=True)
    workshop = planned(staff)
    one = services.put_forward(workshop, expert=expert, by=staff)
    two = services.put_forward(workshop, expert=ExpertFactory(at_home_in="JP", email="no@jp.example"), by=staff)
    services.invite_nominees([one], by=staff)
    perform(two, "not_invite", by=staff, outcome_note="The places are taken.")
    assert deliver() == ["focal@jp.example", "focal@jp.example", "no@jp.example", "nominee@jp.example"]
    assert (one.pk, workshop.first_day) in [(item.object_id, item.due) for item in inbox(expert.user, "expert")]
    refused = Message.objects.get(to=["no@jp.example"])
    assert "The places are taken." in refused.text


def test_who_withdrew_can_be_put_forward_again_until_it_begins(staff):
    home = focal_point("JP")
    row = services.put_forward(announced(staff), expert=ExpertFactory(at_home_in="JP"), by=home)
    perform(row, "withdraw", by=home)
    perform(row, "again", by=home)
    assert row.state == NomineeState.PUT_FORWARD
    over = services.put_forward(planned(staff, title="P", begins=-10, nominate_by=None), expert=row.expert, by=staff)
    perform(over, "withdraw", by=home)
    with pytest.raises(TransitionRefused):
        perform(over, "again", by=home)


# Outcomes


def test_the_outcomes_of_a_cohort_give_first_steps_and_tell(staff):
    focal_point("JP", email="focal@jp.example")
    people = [ExpertFactory(at_home_in="JP", email=f"n{n}@jp.example") for n in range(4)]
    workshop, nominees = held(staff, *people)
    deliver()
    Message.objects.all().delete()
    values = ("passed", "to_repeat", "not_passed", "absent")
    outcomes = {row: Outcome(value, f"Remark {value}") for row, value in zip(nominees, values, strict=True)}
    assert services.enter_outcomes(workshop, by=staff, on=workshop.last_day, outcomes=outcomes) == 4
    step = Accreditation.objects.get(workshop=workshop)
    assert (step.expert, step.first_step_on, step.stage_on(today())) == (people[0], workshop.last_day, Stage.FIRST_STEP)
    assert [(r.state, r.accreditation_id) for r in WorkshopNominee.objects.filter(workshop=workshop).order_by("expert__email")] == [
        ("passed", step.pk), ("to_repeat", None), ("not_passed", None), ("absent", None),
    ]  # fmt: skip
    assert deliver() == ["focal@jp.example"] * 3 + ["n0@jp.example", "n1@jp.example", "n2@jp.example"]
    assert "pre-accredited" in Message.objects.get(to=["n0@jp.example"]).text
    assert "Remark to_repeat" in Message.objects.get(to=["n1@jp.example"]).text


def test_one_refused_outcome_leaves_all_as_they_were(staff):
    ended = ExpertFactory(accredited=True, accredited__area=area("RKC"), accredited__ended_on=ahead(-300))
    workshop, (good, bad) = held(staff, ExpertFactory(), ended)
    with pytest.raises(InvalidAnswers) as refused:
        services.enter_outcomes(
            workshop, by=staff, on=workshop.last_day, outcomes={good: Outcome("passed"), bad: Outcome("passed")}
        )
    assert set(refused.value.fields) == {f"outcome-{bad.pk}"}
    states = set(WorkshopNominee.objects.filter(workshop=workshop).values_list("state", flat=True))
    assert (states, Accreditation.objects.filter(workshop=workshop).exists()) == ({"invited"}, False)


def test_no_outcome_before_it_has_begun_or_for_a_day_that_does_not_fit(staff):
    workshop = announced(staff)
    row = services.put_forward(workshop, expert=ExpertFactory(), by=staff)
    with pytest.raises(InvalidAnswers):
        services.enter_outcomes(workshop, by=staff, on=today(), outcomes={row: Outcome("passed")})
    over, (nominee,) = held(staff, ExpertFactory(), title="Over")
    with pytest.raises(InvalidAnswers):
        services.enter_outcomes(
            over, by=staff, on=over.month - dt.timedelta(days=1), outcomes={nominee: Outcome("passed")}
        )


def test_a_wrong_outcome_is_taken_back_with_its_first_step(staff):
    workshop, (row,) = held(staff, ExpertFactory())
    services.enter_outcomes(workshop, by=staff, on=workshop.last_day, outcomes={row: Outcome("passed")})
    row = act(WorkshopNominee.objects.get(pk=row.pk), "correct", by=staff, note="Another person.")
    assert (row.state, row.accreditation, Accreditation.objects.count()) == (NomineeState.INVITED, None, 0)
    services.enter_outcomes(workshop, by=staff, on=workshop.last_day, outcomes={row: Outcome("passed")})
    step = Accreditation.objects.get()
    services.record_field_mission(
        step, by=staff, first_day=step.first_step_on, last_day=step.first_step_on, place="Suva"
    )
    with pytest.raises(TransitionRefused):
        act(WorkshopNominee.objects.get(pk=row.pk), "correct", by=staff, note="x")
    assert Accreditation.objects.count() == 1


# Pages


def test_each_party_reads_the_nominees_it_may_know_of(staff, client):
    workshop = announced(staff)
    own = ExpertFactory(at_home_in="JP", family_name="Ownlyseen", login=True)
    services.put_forward(workshop, expert=own, by=staff)
    services.put_forward(workshop, expert=ExpertFactory(at_home_in="FJ", family_name="Otherseen"), by=staff)
    for user, seen in (
        (staff, {"Ownlyseen", "Otherseen"}), (focal_point("JP"), {"Ownlyseen"}), (own.user, {"Ownlyseen"}),
        (focal_point("NZ"), set()), (centre_head("MY"), set()), (user_of("expert"), set()),
    ):  # fmt: skip
        client.force_login(user)
        page = client.get(workshop.get_absolute_url()).content.decode()
        assert {name for name in ("Ownlyseen", "Otherseen") if name in page} == seen
        listed = client.get(reverse("candidates:nominees-export", args=[workshop.pk, "csv"]))
        if listed.status_code == 200:
            assert {name for name in ("Ownlyseen", "Otherseen") if name in listed.content.decode()} == seen


def test_the_cohort_page_enters_what_is_chosen_and_keeps_what_was_typed(staff, client):
    ended = ExpertFactory(accredited=True, accredited__area=area("RKC"), accredited__ended_on=ahead(-300))
    workshop, (one, two) = held(staff, ExpertFactory(), ended)
    client.force_login(staff)
    url = reverse("candidates:workshop-outcomes", args=[workshop.pk])
    posted = {"on": workshop.last_day.isoformat(), f"outcome-{one.pk}": "passed", f"outcome-{two.pk}": "passed"}
    refused = client.post(url, {**posted, f"note-{one.pk}": "Very good"})
    assert refused.status_code == 422
    assert "Very good" in refused.content.decode()
    assert "comes with the extract of ACE" in refused.content.decode()
    assert client.post(url, {**posted, f"outcome-{two.pk}": ""}).status_code == 302
    assert [row.state for row in (WorkshopNominee.objects.get(pk=k.pk) for k in (one, two))] == ["passed", "invited"]
    assert client.post(url, {"on": workshop.last_day.isoformat()}).status_code == 422
