"""Every list and every record page has a fixed number of queries, however many rows there are."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates import services as candidates
from candidates.enums import Origin
from candidates.models import Listing
from candidates.tests import factories as nominations
from core.clock import today
from experts.tests.factories import ExpertFactory, area
from members.tests.factories import rocb
from missions.tests import factories as make
from rocb_portal.tests import world as worlds

pytestmark = pytest.mark.django_db

LISTS = [
    ("rocb_portal:home", "rocb secretariat home beneficiary expert"),
    ("members:users", "rocb"),
    ("members:administrations", "rocb"),
    ("experts:pool", "rocb"),
    ("experts:areas", "rocb"),
    ("experts:experts", "rocb home"),
    ("experts:corrections", "rocb home"),
    ("experts:quality", "rocb home"),
    ("experts:duplicates", "rocb"),
    ("candidates:listings", "rocb"),
    ("candidates:nominations", "rocb home centre"),
    ("candidates:calls", "rocb home"),
    ("candidates:workshops", "rocb home expert"),
    ("candidates:path", "rocb home"),
    ("rocb_portal:framework-live", "rocb home"),
    ("candidates:confirm", "home"),
    ("centres:centres", "rocb"),
    ("centres:coverage", "rocb"),
    ("centres:resources", "rocb expert"),
    ("centres:trainings", "rocb expert"),
    ("missions:requests", "rocb beneficiary"),
    ("missions:plan", "secretariat"),
    ("missions:missions", "rocb home beneficiary"),
    ("missions:letters", "rocb home"),
    ("missions:reports", "rocb home"),
    ("core:imports", "rocb"),
    ("gap_analysis:dashboard", "rocb secretariat"),
    ("gap_analysis:demand", "rocb"),
    ("gap_analysis:free", "rocb"),
    ("gap_analysis:snapshots", "rocb"),
    ("gap_analysis:whatif", "rocb"),
    ("gap_analysis:scenarios", "rocb"),
    ("gap_analysis:proposals", "rocb"),
    ("gap_analysis:surveys", "rocb home"),
    ("support:opportunities", "rocb home expert"),
    ("core:outbox", "rocb"),
    ("core:searches", "home"),
]
RECORDS = [
    ("missions:mission", "done"),
    ("missions:mission-people", "done"),
    ("missions:mission-history", "done"),
    ("missions:search", "short"),
    ("candidates:call", "sent_call"),
    ("candidates:workshop", "workshop"),
    ("candidates:path-of", "first_step.expert"),
    ("missions:carriers", "first_step"),
    ("centres:centre", "own_centre"),
    ("centres:training", "training"),
    ("experts:expert", "who.expert"),
    ("experts:cap", "who.expert"),
    ("gap_analysis:area", "gap_area"),
    ("gap_analysis:member", "gap_member"),
    ("gap_analysis:proposal", "proposal"),
    ("gap_analysis:scenario", "scenario"),
    ("gap_analysis:survey", "survey"),
    ("gap_analysis:survey-sums", "survey"),
    ("gap_analysis:response", "response"),
    ("gap_analysis:response-edit", "response"),
    ("support:opportunity", "opportunity"),
    ("core:import", "sheet"),
    ("experts:profile", "who.expert"),
    ("candidates:nomination", "nomination"),
    ("candidates:nomination-list", "nomination_over"),
]


@pytest.fixture
def region(tmp_path):
    with override_settings(
        MEDIA_ROOT=tmp_path, CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    ):
        yield worlds.build()


def grow(region):
    """Two more of everything that a list may hold; once before counting, so that nothing is counted that is read for none."""
    for _ in range(2):
        who = region.who
        make.filed(who)
        make.letter_sent(who, ExpertFactory(at_home_in="JP", accredited=True))
        make.completed(make.people())
        Listing.objects.create(expert=ExpertFactory(), area=area("AEO"), origin=Origin.ROCB, listed_on=today())
        ExpertFactory(first_step=True)
        nominating = SimpleNamespace(
            rocb=who.rocb, home=who.home, centre=region.people["centre"], nominee=ExpertFactory(at_home_in="JP")
        )
        worlds.calls_and_centres_grown(region)
        worlds.surveys(who)
        worlds.proposals_grown(region)
        worlds.scenario_kept(region.snapshot_before, who)
        worlds.register_grown(region)
        worlds.path_grown(region)
        worlds.opportunities_grown(region)
        nominations.begun(nominating)
        nominations.reviewed(nominating, "centre")
        candidates.save_review(region.nomination, by=rocb(), judgements=nominations.ALL_MET, give=True)


def queries(client, url):
    cache.clear()
    connection.queries_log.clear()  # it holds 9000 in all, and there are many pages
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def addresses(region):
    for url_name, parties in LISTS:
        for party in parties.split():
            yield party, reverse(url_name)
    for url_name, path in RECORDS:
        thing = region
        for part in path.split("."):
            thing = getattr(thing, part)
        yield "rocb", reverse(url_name, args=[thing.pk])


def test_every_list_and_record_asks_the_same_number_of_questions(region):
    grow(region)
    clients = {party: signed_in(user) for party, user in region.people.items()}
    before = {(party, url): queries(clients[party], url) for party, url in addresses(region)}
    grow(region)
    after = {(party, url): queries(clients[party], url) for party, url in addresses(region)}
    assert {key: (before[key], n) for key, n in after.items() if n != before[key]} == {}
    assert max(before.values()) < 100
