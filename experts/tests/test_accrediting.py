"""The first step of a workshop, and the Secretariat's word that an accreditation is full."""

import datetime as dt

import pytest

from core.clock import today
from core.errors import InvalidAnswers, NotAllowed, SomebodyWasFaster, TransitionRefused
from core.history import history_of
from experts import services
from experts.enums import Stage
from experts.models import Accreditation, AccreditationWorkshop, Expert
from experts.queries import mirrored, pool_table
from experts.tests.factories import ExpertFactory, area, category
from members.tests.factories import rocb, secretariat

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 2)
SAID = {"ace_reference": "ACE-77", "accredited_on": dt.date(2026, 5, 1), "ace_entered_on": dt.date(2026, 5, 9)}


def first_step(expert, **fields):
    values = {"category": category("TOA"), "area": area("AEO"), "on": DAY, "source": "Outcome", "by": None, **fields}
    return services.give_first_step(expert, **values)


def test_a_first_step_counts_from_its_day_and_is_no_full_accreditation():
    row = first_step(ExpertFactory(), by=rocb())
    assert (row.stage_on(DAY - dt.timedelta(days=1)), row.stage_on(DAY)) == (Stage.NONE, Stage.FIRST_STEP)
    table = pool_table(today())
    assert (table.fully_accredited, table.first_step) == (0, 1)
    assert [entry.name for entry in history_of(row.expert_id)] == ["first_step"]


def test_what_is_known_is_neither_lowered_nor_written_over():
    """An extract may have said so before the outcome was entered (pitfall P16); only the workshop is added."""
    workshop = AccreditationWorkshop.objects.first()
    ahead, full = ExpertFactory(first_step=True), ExpertFactory(accredited=True)
    for expert in (ahead, full):
        before = Accreditation.objects.values().get(expert=expert)
        row = first_step(expert, workshop=workshop)
        after = Accreditation.objects.values().get(expert=expert)
        assert (row.pk, after) == (
            before["id"],
            {**before, "workshop_id": workshop.pk, "version": before["version"] + 1},
        )


def test_a_day_to_come_and_an_ended_accreditation_are_refused():
    ended = ExpertFactory(accredited=True, accredited__ended_on=dt.date(2024, 1, 1))
    for expert, fields in ((ExpertFactory(), {"on": today() + dt.timedelta(days=1)}), (ended, {})):
        with pytest.raises(InvalidAnswers):
            first_step(expert, **fields)
    assert Accreditation.objects.filter(first_step_on=DAY).count() == 0


def test_a_first_step_is_taken_back_unless_the_person_has_gone_further():
    row = first_step(ExpertFactory())
    services.take_back_first_step(row, by=rocb(), note="Another person.")
    assert not Accreditation.objects.filter(pk=row.pk).exists()
    assert history_of(row.expert_id).filter(name="first_step_back").exists()
    full = ExpertFactory(accredited=True).accreditations.get()
    with pytest.raises(TransitionRefused):
        services.take_back_first_step(full, by=rocb())


def test_the_secretariat_alone_makes_full_with_reference_and_entry():
    row = first_step(ExpertFactory())
    with pytest.raises(NotAllowed):
        services.confirm_full(row, by=rocb(), version=row.version, **SAID)
    confirmed = services.confirm_full(row, by=secretariat(), version=row.version, note="Mission in Suva.", **SAID)
    assert (confirmed.stage_on(today()), confirmed.full_from, confirmed.first_step_on) == (
        Stage.FULL,
        dt.date(2026, 5, 9),
        DAY,
    )
    expert = Expert.objects.get(pk=row.expert_id)
    assert (expert.ace_reference, mirrored(expert)["ace_reference"].as_of) == ("ACE-77", today())
    assert confirmed.as_of == today()
    with pytest.raises(TransitionRefused):
        services.confirm_full(confirmed, by=secretariat(), version=confirmed.version, **SAID)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ace_reference", " "),
        ("ace_reference", "taken"),
        ("accredited_on", DAY - dt.timedelta(days=1)),
        ("accredited_on", dt.date(2999, 1, 1)),
        ("ace_entered_on", dt.date(2999, 1, 1)),
    ],
)
def test_a_reference_of_others_and_days_out_of_order_are_refused(field, value):
    ExpertFactory(ace_reference="TAKEN")
    row = first_step(ExpertFactory())
    with pytest.raises(InvalidAnswers) as refused:
        services.confirm_full(row, by=secretariat(), version=row.version, **{**SAID, field: value})
    assert set(refused.value.fields) == {field}
    assert Accreditation.objects.get(pk=row.pk).accredited_on is None


def test_ace_knows_the_person_by_one_reference_and_a_lost_race_says_so():
    row = first_step(ExpertFactory(ace_reference="ACE-1"))
    with pytest.raises(InvalidAnswers):
        services.confirm_full(row, by=secretariat(), version=row.version, **SAID)
    with pytest.raises(SomebodyWasFaster):
        services.confirm_full(row, by=secretariat(), version=row.version + 1, **{**SAID, "ace_reference": "ACE-1"})


def test_the_words_of_today_stand_beside_those_of_the_framework():
    assert {stage.value: stage.words for stage in (Stage.FIRST_STEP, Stage.FULL)} == {
        "first_step": "first step (pre-accredited)",
        "full": "fully accredited",
    }
