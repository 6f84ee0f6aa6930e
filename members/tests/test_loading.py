import pytest

from members.loading import load_administrations
from members.models import Administration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_tables")]


def test_loading_creates_the_35_members_once():
    assert load_administrations() == 35
    assert load_administrations() == 0
    assert Administration.objects.count() == 35


def test_loading_names_hong_kong_as_the_wco_does():
    load_administrations()
    administration = Administration.objects.get(code="HK")
    assert administration.name == "Hong Kong, China"
    assert administration.office == "Commissioner, Customs and Excise Department"
    assert (administration.airport, administration.timezone) == ("HKG", "Asia/Hong_Kong")


@pytest.mark.parametrize(("field", "value"), [("code", "AUS"), ("name", "Australia (edited)"), ("head_title", "Head")])
def test_loading_keeps_what_staff_edited(field, value):
    load_administrations()
    Administration.objects.filter(code="AU").update(**{field: value})
    assert load_administrations() == 0
    assert Administration.objects.filter(**{field: value}).count() == 1
    assert Administration.objects.count() == 35


def test_loaded_sub_regions_are_known():
    load_administrations()
    for administration in Administration.objects.all():
        administration.full_clean()
