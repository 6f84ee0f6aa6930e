"""The way to accreditation: who waits for a field mission and since when, the mission with its assessor, the Secretariat's word."""

import datetime as dt

import pytest
from django.urls import reverse

from candidates import queries, services
from candidates.enums import Origin
from candidates.models import FieldMission, Listing
from core import outbox
from core.clock import months_after, today
from core.errors import InvalidAnswers, NotAllowed, SomebodyWasFaster
from core.inbox import inbox
from core.models import Message
from experts.enums import Stage
from experts.models import Accreditation
from experts.tests.factories import ExpertFactory, area, category
from members.tests.factories import focal_point, rocb, secretariat

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return rocb(email="rocb@office.example")


def stepped(months_ago, code="AEO", **fields):
    """Somebody with the first step since so many months."""
    on = months_after(today(), -months_ago)
    expert = ExpertFactory(first_step=True, first_step__area=area(code), first_step__first_step_on=on, **fields)
    return expert.accreditations.get()


def mission(step, staff, **fields):
    first = step.first_step_on + dt.timedelta(days=30)
    values = {"first_day": first, "last_day": first + dt.timedelta(days=4), "place": "Suva", **fields}
    return services.record_field_mission(step, by=staff, **values)


def deliver():
    for _round in range(3):
        outbox.sweep()
    return sorted(address for message in Message.objects.all() for address in message.to)


# Who waits


def test_seven_wait_in_aeo_the_longest_first_and_nobody_who_is_further_on(staff, client):
    for n in range(7):
        stepped(10 + n, family_name=f"Waiting{n}")
    ExpertFactory(accredited=True)
    stepped(3, "RKC")
    rows = queries.owed(queries.owing(staff, today()).filter(area=area("AEO")).order_by("first_step_on"), today())
    assert [row.accreditation.expert.family_name for row in rows] == [f"Waiting{n}" for n in reversed(range(7))]
    assert [row.months for row in rows] == [16, 15, 14, 13, 12, 11, 10]
    assert rows[0].waits == "1 year 4 months"
    client.force_login(staff)
    page = client.get(reverse("candidates:path"), {"area": "AEO"}).content.decode()
    assert "7 first steps" in page
    assert page.index("Waiting6") < page.index("Waiting0")


def test_an_administration_sees_its_own_people_alone(staff):
    own = stepped(5, at_home_in="JP")
    stepped(5, at_home_in="FJ")
    assert list(queries.owing(focal_point("JP"), today())) == [own]
    assert queries.owing(staff, today()).count() == 2


def test_waiting_longer_than_hoped_for_is_said_and_nothing_ends(staff):
    late = stepped(25)
    stepped(23)
    [row] = [row for row in queries.owed(queries.owing(staff, today()), today()) if row.is_late]
    assert (row.accreditation, row.by) == (late, months_after(late.first_step_on, 24))
    [item] = [item for item in inbox(staff, "rocb") if "field mission" in item.sentence]
    assert (item.sentence, item.url) == (
        "1 person has waited too long for a field mission",
        "/candidates/path/?waits=late",
    )
    assert late.stage_on(today()) == Stage.FIRST_STEP


# The field mission


def test_a_mission_is_recorded_with_its_assessor_and_the_word_told(staff):
    focal_point("JP", email="focal@jp.example")
    step = stepped(12, at_home_in="JP", email="own@jp.example")
    full = ExpertFactory(accredited=True)
    assert list(queries.assessors_for(step, today())) == [full]
    row = mission(step, staff, assessor=full)
    assert deliver() == []
    row = services.edit_field_mission(row, by=staff, version=row.version, assessment="passed")
    assert deliver() == ["focal@jp.example", "own@jp.example"]
    [owed] = queries.owed(queries.owing(staff, today()), today())
    assert (owed.passed, owed.words) == (row, "passed; to be confirmed")
    with pytest.raises(SomebodyWasFaster):
        services.edit_field_mission(row, by=staff, version=row.version - 1, place="x")


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("first_day", {"first_day": dt.date(2001, 1, 1)}),
        ("last_day", {"last_day": dt.date(2001, 1, 1)}),
        ("last_day", {"last_day": dt.date(2999, 1, 1)}),
        ("assessor", {"assessment": "passed"}),
        ("first_day", {}),
    ],
)
def test_days_out_of_order_a_word_of_nobody_and_a_twin_are_refused(staff, field, fields):
    step = stepped(12)
    mission(step, staff)
    with pytest.raises(InvalidAnswers) as refused:
        mission(step, staff, **fields)
    assert field in refused.value.fields
    assert FieldMission.objects.count() == 1


def test_only_a_fully_accredited_expert_of_the_area_assesses_and_nobody_the_own(staff):
    step = stepped(12)
    for wrong in (
        step.expert,
        ExpertFactory(first_step=True),
        ExpertFactory(accredited=True, accredited__area=area("RKC")),
    ):
        with pytest.raises(InvalidAnswers):
            mission(step, staff, assessor=wrong)
    assert mission(step, staff, assessor_name="B. Other, WCO", assessment="another").assessor_name == "B. Other, WCO"


# Full


def confirmed(step, by, **fields):
    days = {"accredited_on": today(), "ace_entered_on": today(), "ace_reference": f"ACE-{step.pk.hex[:6]}"}
    return services.confirm_accreditation(step, by=by, version=step.version, **{**days, **fields})


def test_the_secretariat_confirms_after_a_mission_that_was_passed(staff):
    focal_point("JP", email="focal@jp.example")
    step = stepped(12, at_home_in="JP", email="own@jp.example")
    line = Listing.objects.create(expert=step.expert, area=step.area, origin=Origin.ROCB, listed_on=today())
    mission(step, staff, assessor_name="A", assessment="passed")
    Message.objects.all().delete()
    brussels = secretariat()
    sentence = f"Confirm the full accreditation of {step.expert} in {step.area}: the field mission is passed"
    assert [(i.sentence, i.mine) for i in inbox(brussels, "secretariat") if i.object_id == step.pk] == [
        (sentence, True)
    ]
    assert [(i.sentence, i.mine) for i in inbox(staff, "rocb") if i.object_id == step.pk] == [(sentence, False)]
    with pytest.raises(NotAllowed):
        confirmed(step, staff)
    assert confirmed(step, brussels).stage_on(today()) == Stage.FULL
    deliver()
    assert {a for m in Message.objects.filter(subject__contains="fully accredited") for a in m.to} == {
        "focal@jp.example", "own@jp.example",
    }  # fmt: skip
    assert list(queries.lines_to_close(today())) == [line]
    assert queries.owing(staff, today()).count() == 0


def test_without_a_mission_the_secretariat_says_from_where_it_is_known(staff):
    step, brussels = stepped(12), secretariat()
    mission(step, staff, assessor_name="A", assessment="another")
    with pytest.raises(InvalidAnswers) as refused:
        confirmed(step, brussels)
    assert set(refused.value.fields) == {"reason"}
    assert confirmed(step, brussels, reason="The report of the Brussels mission.").stage_on(today()) == Stage.FULL


# One person's way


def test_the_way_says_where_the_person_is_and_what_is_left(staff):
    step = stepped(12)
    expert = step.expert
    Listing.objects.create(expert=expert, area=area("NII"), origin=Origin.ROCB, listed_on=today())
    Accreditation.objects.create(
        expert=expert, category=category("AT"), area=area("VAL"), accredited_on=dt.date(2015, 1, 1),
        ace_entered_on=dt.date(2015, 2, 1), source="ACE", as_of=today(),
    )  # fmt: skip

    def told():
        return {
            way.area.code: (way.left, [s.status for s in way.steps], way.by) for way in queries.ways_of(expert, today())
        }

    by = months_after(step.first_step_on, 24)
    assert told() == {
        "AEO": (
            "One field mission is left, beside a fully accredited expert who assesses it.",
            ["not_needed", "done", "current", "todo"],
            by,
        ),
        "NII": (
            "On the candidate list. An accreditation workshop in this area would come next; ROCB tells of it in time.",
            ["done", "current", "todo", "todo"],
            None,
        ),
        "VAL": (
            "Nothing is left: fully accredited since 1 Feb 2015.",
            ["not_needed", "done", "done", "done"],
            None,
        ),
    }
    row = mission(step, staff)
    assert told()["AEO"][0] == "The field mission is done; the word of the assessor is still to come."
    row = services.edit_field_mission(row, by=staff, version=row.version, assessor_name="A", assessment="another")
    assert told()["AEO"][0] == "Another field mission is needed, beside a fully accredited expert."
    services.edit_field_mission(row, by=staff, version=row.version, assessment="passed")
    assert told()["AEO"][1:] == (["not_needed", "done", "done", "current"], None)


def test_the_own_path_is_a_page_and_a_panel_of_the_own_record(client):
    step = stepped(12, login=True)
    client.force_login(step.expert.user)
    url = reverse("candidates:path-of", args=[step.expert_id])
    assert "Your path to accreditation" in client.get(url).content.decode()
    assert url in client.get(step.expert.get_absolute_url()).content.decode()
    panel = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in panel
    assert "One field mission is left" in panel


def test_from_draft_to_full_by_the_pages(staff, client):
    """The office records the mission and its word; the Secretariat confirms."""
    step = stepped(12)
    client.force_login(staff)
    days = {"first_day": step.first_step_on.isoformat(), "last_day": step.first_step_on.isoformat()}
    sent = {**days, "place": "Dili", "assessor_name": "A. Assessor", "assessment": "passed"}
    assert client.post(reverse("candidates:field-mission-new", args=[step.pk]), sent).status_code == 302
    row = FieldMission.objects.get()
    gone = mission(step, staff)
    removal = client.post(reverse("candidates:field-mission-remove", args=[gone.pk]), {"version": gone.version})
    assert (removal.status_code, list(FieldMission.objects.all())) == (302, [row])
    client.force_login(secretariat())
    url = reverse("candidates:path-confirm", args=[step.pk])
    said = {
        "ace_reference": "",
        "accredited_on": today().isoformat(),
        "ace_entered_on": today().isoformat(),
        "version": step.version,
    }
    assert client.post(url, said).status_code == 422
    assert client.post(url, {**said, "ace_reference": "ACE-9"}).status_code == 302
    assert Accreditation.objects.get(pk=step.pk).stage_on(today()) == Stage.FULL


def test_the_admin_looks_up_field_missions_and_nominees(staff, client):
    row = mission(stepped(12), staff)
    workshop = services.add_workshop(
        by=staff, title="W", category=category("CMA"), area=None, first_day=today(), last_day=today()
    )
    nominee = services.put_forward(workshop, expert=ExpertFactory(), by=staff)
    client.force_login(staff)
    for thing in (row, nominee):
        name = f"admin:candidates_{thing._meta.model_name}_change"
        assert client.get(reverse(name, args=[thing.pk])).status_code == 200
