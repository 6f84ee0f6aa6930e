"""The framework, live: each obligation is cited, figured out for every party, and opens a page that the party may open."""

import pytest
from django.urls import reverse

from candidates.enums import Origin
from candidates.models import Listing
from core.clock import today
from experts.tests.factories import ExpertFactory, area
from members.tests.factories import focal_point
from rocb_portal.framework_live import PARTS, lines_for

pytestmark = pytest.mark.django_db


def test_every_paragraph_is_there():
    cited = {row.paragraph for part in PARTS for row in part.obligations}
    assert cited >= {
        "§2.1",
        "§2.1, T1",
        "§2.1, T2",
        "T2, note 1",
        "T2, note 2",
        "§2.1, T3",
        "§2.2(1)",
        "§2.2(2)",
        "§2.3",
        "§2.3, T4",
        "§5.1",
        "§5.2",
        "§5.3",
    }


def test_each_party_gets_a_figure_where_it_may_open_the_page(world):
    shown = {}
    for party, client in world.clients.items():
        lines = lines_for(world.people[party], today())
        assert len(lines) == sum(len(part.obligations) for part in PARTS)
        assert all(bool(line.figure) is bool(line.url) for line in lines)
        shown[party] = {line.url for line in lines if line.url}
        for url in shown[party]:
            assert client.get(url).status_code == 200, (party, url)
    assert len(shown["rocb"]) > len(shown["home"]) > len(shown["expert"]) > 0


def test_figures_count_what_the_reader_may_see():
    for code in ("NZ", "FJ"):
        Listing.objects.create(
            expert=ExpertFactory(at_home_in=code), area=area("NII"), origin=Origin.ROCB, listed_on=today()
        )
    [line] = [row for row in lines_for(focal_point("NZ"), today()) if "A candidate list" in str(row.obligation.words)]
    assert line.figure == "lines: 1; areas: 1, without an accredited expert: 1"


def test_it_stands_at_the_foot_of_home(client):
    client.force_login(focal_point("JP"))
    assert reverse("rocb_portal:framework-live") in client.get("/").content.decode()
