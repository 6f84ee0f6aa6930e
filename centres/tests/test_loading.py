import datetime as dt

import pytest

from centres.loading import load_centres
from centres.models import Centre, CentreFocus
from experts.loading import load_expertise
from members.loading import load_administrations
from members.models import Administration

pytestmark = pytest.mark.django_db


@pytest.fixture
def region(empty_tables):
    load_administrations()
    load_expertise()


@pytest.mark.usefixtures("region")
def test_loading_creates_ten_centres_once():
    assert load_centres() == 10
    assert load_centres() == 0
    assert Centre.objects.count() == 10


@pytest.mark.usefixtures("region")
def test_six_centres_have_the_printed_focus_of_2012_and_four_none():
    load_centres()
    focus = {
        centre.administration.code: {row.label for row in centre.focus.filter(since=dt.date(2012, 3, 31))}
        for centre in Centre.objects.all()
    }
    assert {code: labels for code, labels in focus.items() if labels} == {
        "CN": {"Valuation", "Classification"},
        "HK": {"Risk Management", "Integrity"},
        "IN": {"Drug Enforcement", "Environment"},
        "JP": {"AEO", "IPR"},
        "KR": {"ICT", "Single Window"},
        "MY": {"Strategic Management", "Post Clearance Audit"},
    }
    assert {code for code, labels in focus.items() if not labels} == {"FJ", "ID", "IR", "TH"}


@pytest.mark.usefixtures("region")
def test_printed_label_leads_to_the_canonical_area():
    load_centres()
    assert CentreFocus.objects.get(label="Classification").area.code == "HS"


@pytest.mark.usefixtures("region")
def test_loading_keeps_what_a_centre_changed():
    load_centres()
    Centre.objects.filter(administration__code="JP").update(since="1999")
    CentreFocus.objects.filter(centre__administration__code="JP", label="IPR").delete()
    Administration.objects.filter(code="KR").update(code="KOR")
    assert load_centres() == 0
    assert Centre.objects.get(administration__code="JP").since == "1999"
    assert [row.label for row in CentreFocus.objects.filter(centre__administration__code="JP")] == ["AEO"]
