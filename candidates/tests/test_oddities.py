"""Who left and still stands on the candidate list is shown among what is missing or odd."""

import datetime as dt

import pytest

from candidates.models import Listing
from core.clock import today
from experts import queries
from experts.models import Expert
from experts.tests.factories import ExpertFactory, area

pytestmark = pytest.mark.django_db


def test_who_left_but_is_listed():
    people = [ExpertFactory(left_on=today()), ExpertFactory(left_on=today()), ExpertFactory()]
    lines = [
        Listing.objects.create(expert=person, area=area("NII"), origin="rocb", listed_on=dt.date(2024, 1, 1))
        for person in people
    ]
    Listing.objects.filter(pk=lines[1].pk).update(left_on=today())
    found = queries.findings(Expert.objects.all(), today())
    assert [key for key, checks in found.items() if "left_listed" in {c.code for c in checks}] == [people[0].pk]
