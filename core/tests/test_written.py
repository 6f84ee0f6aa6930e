import pytest

from core.errors import PortalError
from core.imports import bring
from core.models import ImportRow
from core.written import ChangedSince, Writer, check_unmoved, stamp, take_back, unstamp
from experts.models import Expert
from experts.tests.factories import ExpertFactory
from experts.tests.test_ace import AS_OF, KIND

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    sheet = bring(KIND, data=b"x", name="x.csv", content_type="text/csv", as_of=AS_OF, by=None, queue=False)
    return [ImportRow.objects.create(sheet_import=sheet, number=n, verdict="changed") for n in (2, 3)]


def write(rows, do):
    writer = Writer((Expert,), by=None, reason="a sheet")
    do(writer)
    writer.finish(rows)


def test_two_rows_on_one_field_give_back_what_stood_before_the_first(rows):
    expert = ExpertFactory(phone="1")

    def do(writer):
        writer.change(rows[0], expert, phone="2")
        writer.change(rows[1], expert, phone="3", office="Desk")

    write(rows, do)
    expert.refresh_from_db()
    assert (expert.phone, expert.office, expert.version, expert.history.first().history_change_reason) == (
        "3",
        "Desk",
        1,
        "a sheet",
    )
    take_back(ImportRow.objects.all(), (Expert,), by=None, reason="back")
    expert.refresh_from_db()
    assert (expert.phone, expert.office, expert.version, expert.history.count()) == ("1", "", 2, 3)


def test_what_was_created_and_changed_again_goes_whole(rows):
    home = ExpertFactory().administration
    made = Expert(family_name="New", given_name="Ann", administration=home)

    def do(writer):
        writer.create(rows[0], made)
        writer.change(rows[1], made, phone="3")

    write(rows, do)
    assert Expert.objects.get(family_name="New").phone == "3"
    take_back(ImportRow.objects.all(), (Expert,), by=None, reason="back")
    assert not Expert.objects.filter(family_name="New").exists()
    last = Expert.history.filter(id=made.pk).latest("history_id")
    assert (last.history_type, last.history_change_reason, last.phone) == ("-", "back", "3")


def test_many_obstacles_are_counted_after_the_first_twenty():
    with pytest.raises(PortalError) as refused:
        raise ChangedSince("This has changed:", [f"line {n}" for n in range(25)])
    assert str(refused.value).splitlines()[-1] == "… and 5 more"


def test_somebody_who_is_no_longer_there_has_moved():
    expert = ExpertFactory()
    looked_at = [("Somebody", {"seen": [["experts.expert", str(expert.pk), 0]]}), ("Nobody", {})]
    check_unmoved(looked_at, (Expert,))
    expert.delete()
    with pytest.raises(ChangedSince, match="no longer there"):
        check_unmoved(looked_at, (Expert,))


def test_a_stamp_goes_back_only_where_it_still_stands():
    one, two = ExpertFactory(ace_as_of=None), ExpertFactory(ace_as_of=None)
    lines = stamp(Expert, "ace_as_of", [one.pk, two.pk], AS_OF)
    Expert.objects.filter(pk=two.pk).update(ace_as_of=AS_OF.replace(year=2023))
    unstamp(lines)
    assert [Expert.objects.get(pk=e.pk).ace_as_of for e in (one, two)] == [None, AS_OF.replace(year=2023)]
