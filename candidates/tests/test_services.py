import datetime as dt

import pytest

from candidates import services
from candidates.enums import Origin
from candidates.models import Listing
from core.clock import today
from core.errors import InvalidAnswers, SomebodyWasFaster
from core.models import LogEntry
from experts.models import Expert
from experts.tests.factories import AccreditationFactory, ExpertFactory, area, category
from members.tests.factories import administration, rocb

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def staff():
    return rocb()


def listed(staff, expert, code="NII", **fields):
    return services.list_candidate(expert=expert, area=area(code), by=staff, **{"origin": Origin.ROCB, **fields})


def refused_fields(call):
    with pytest.raises(InvalidAnswers) as refused:
        call()
    return list(refused.value.fields)


@pytest.mark.parametrize(
    ("origin", "given", "kept"),
    [(Origin.ADMINISTRATION, "FJ", "JP"), (Origin.CENTRE, "MY", "MY"), (Origin.ROCB, "FJ", None)],
)
def test_the_line_says_who_recommends(staff, origin, given, kept):
    listing = listed(staff, ExpertFactory(at_home_in="JP"), origin=origin, recommended_by=administration(given))
    assert (listing.recommended_by and listing.recommended_by.code) == kept
    assert (listing.listed_by, listing.listed_on) == (staff, today())


@pytest.mark.parametrize("recommended_by", [None, "NZ"])
def test_a_centre_that_recommends_is_named_and_is_one(staff, recommended_by):
    by = administration(recommended_by) if recommended_by else None
    call = lambda: listed(staff, ExpertFactory(), origin=Origin.CENTRE, recommended_by=by)  # noqa: E731
    assert refused_fields(call) == ["recommended_by"]
    assert not Listing.objects.exists()


def test_a_new_person_gets_a_record_and_a_namesake_at_home_is_refused_whole(staff):
    person = {
        "given_name": "An",
        "family_name": "Example",
        "administration": administration("FJ"),
        "email": "an@x.example",
    }
    listing = services.list_candidate(person=person, area=area("NII"), origin=Origin.ROCB, by=staff)
    assert (listing.expert.name, listing.expert.email) == ("An Example", "an@x.example")
    again = lambda: services.list_candidate(person=person, area=area("K9"), origin=Origin.ROCB, by=staff)  # noqa: E731
    assert refused_fields(again) == ["family_name"]
    assert (Expert.objects.count(), Listing.objects.count()) == (1, 1)


def test_nobody_is_on_the_list_twice_in_one_area_but_may_come_back(staff):
    expert = ExpertFactory()
    first = listed(staff, expert)
    assert refused_fields(lambda: listed(staff, expert)) == ["area"]
    assert listed(staff, expert, "K9").area.code == "K9"
    services.leave_list(first, reason="Moved on", by=staff, version=first.version)
    assert listed(staff, expert).is_open(today())


@pytest.mark.parametrize(
    ("stage", "days"), [("full", {}), ("first step", {"accredited_on": None, "ace_entered_on": None})]
)
def test_the_list_is_for_people_not_yet_accredited_in_the_area(staff, stage, days):
    expert = ExpertFactory()
    AccreditationFactory(expert=expert, category=category("TOA"), area=area("AEO"), **days)
    assert refused_fields(lambda: listed(staff, expert, "AEO")) == ["area"]
    assert listed(staff, expert, "NII").area.code == "NII"


def test_an_accreditation_that_ended_does_not_keep_from_the_list(staff):
    expert = ExpertFactory()
    AccreditationFactory(expert=expert, area=area("AEO"), ended_on=today())
    assert listed(staff, expert, "AEO").area.code == "AEO"


def test_who_has_left_is_not_listed_and_nobody_is_listed_ahead(staff):
    gone = ExpertFactory(left_on=today() - DAY)
    assert refused_fields(lambda: listed(staff, gone)) == ["expert"]
    assert refused_fields(lambda: listed(staff, ExpertFactory(), listed_on=today() + DAY)) == ["listed_on"]


def test_leaving_keeps_the_line_with_reason_and_history(staff):
    listing = services.leave_list(
        (line := listed(staff, ExpertFactory())), reason=" Moved on ", by=staff, version=line.version
    )
    assert (listing.left_on, listing.left_reason, listing.is_open(today())) == (today(), "Moved on", False)
    lines = LogEntry.objects.filter(object_id=listing.pk)
    assert [entry.name for entry in lines] == ["left", "listed"]
    assert {entry.parent_id for entry in lines} == {listing.expert_id}


def test_leaving_needs_a_reason_and_happens_once(staff):
    line = listed(staff, ExpertFactory())
    assert refused_fields(lambda: services.leave_list(line, reason=" ", by=staff, version=0)) == ["reason"]
    stale = Listing.objects.get(pk=line.pk)
    services.leave_list(line, reason="Moved on", by=staff, version=line.version)
    with pytest.raises(SomebodyWasFaster):
        services.leave_list(stale, reason="Other reason", by=staff, version=stale.version)
    with pytest.raises(SomebodyWasFaster):
        services.leave_list(Listing.objects.get(), reason="Other reason", by=staff, version=1)
    assert Listing.objects.get().left_reason == "Moved on"
