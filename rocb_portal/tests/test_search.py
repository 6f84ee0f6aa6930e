import pytest
from django.urls import reverse

from rocb_portal.search import everything

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "words", ["transfer pricing", "authorized economic operator", "AEO", "nishi", "M-2", "x" * 500, "%", "'"]
)
def test_every_party_may_search_for_anything(world, words):
    for client in world.clients.values():
        assert client.get(reverse("rocb_portal:search"), {"q": words}).status_code == 200


def test_an_area_is_found_by_its_synonyms(world):
    groups = {group.title: group.rows for group in everything(world.people["rocb"], "trusted trader")}
    assert world.who.expert.name in [title for title, _detail, _url in groups["People"]]


def test_nobody_finds_what_is_not_theirs(world):
    number = world.short.number
    assert [g.title for g in everything(world.people["rocb"], number)] == ["Missions"]
    assert everything(world.people["home"], number) == []
