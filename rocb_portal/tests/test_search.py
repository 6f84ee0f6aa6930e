import pytest
from django.urls import reverse

from experts.tests.factories import ExpertFactory
from rocb_portal.search import everything

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "words", ["transfer pricing", "authorized economic operator", "AEO", "nishi", "M-2", "x" * 500, "%", "'"]
)
def test_every_party_may_search_for_anything(world, words):
    for client in world.clients.values():
        assert client.get(reverse("rocb_portal:search"), {"q": words}).status_code == 200


def people_found(user, words):
    groups = {group.title: group.rows for group in everything(user, words)}
    return [name for name, _home, _url in groups.get("People", [])]


@pytest.mark.parametrize("words", ["trusted trader", "trust", "AEO", "authorised operator"])
def test_people_are_found_by_the_words_of_their_area_as_in_every_list(world, words):
    assert world.who.expert.name in people_found(world.people["rocb"], words)


def test_who_is_called_so_comes_before_who_knows_the_area(world):
    called = ExpertFactory(family_name="Aeolian", given_name="Zoe")
    found = people_found(world.people["rocb"], "aeo")
    assert (found[0], world.who.expert.name in found[1:]) == (called.name, True)


def test_nobody_finds_what_is_not_theirs(world):
    number = world.short.number
    assert [g.title for g in everything(world.people["rocb"], number)] == ["Missions"]
    assert everything(world.people["home"], number) == []
