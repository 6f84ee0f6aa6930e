"""What makes two records look alike, and what does not."""

import time

import pytest
from django.urls import reverse

from experts import queries, services
from experts.models import Expert
from experts.queries.duplicates import words_of
from experts.tests.factories import ExpertFactory
from members.tests.factories import administration, rocb

pytestmark = pytest.mark.django_db

NAME = "same name in the same administration"
CLOSE = "almost the same name in the same administration"
INITIAL = "same family name and initial in the same administration"
EMAIL = "same e-mail address"
REFERENCE = "same ACE reference but for blanks, signs or case"


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ({}, {}, [NAME]),
        ({}, {"given_name": "Tanaka", "family_name": "Akira"}, [NAME]),
        ({}, {"family_name": "TANAKA "}, [NAME]),
        ({"family_name": "Pérez"}, {"family_name": "Perez"}, [NAME]),
        ({}, {"at_home_in": "FJ"}, []),
        ({}, {"family_name": "Tanoka"}, [CLOSE]),
        ({}, {"family_name": "Tanakaa"}, [CLOSE]),
        ({}, {"family_name": "Tnaka"}, [CLOSE]),
        ({}, {"family_name": "Tankaa"}, [CLOSE]),
        ({"given_name": "Mei-Ling"}, {"given_name": "Meiling"}, [NAME]),
        ({}, {"family_name": "Tnakaa", "given_name": "Akria"}, []),
        ({"given_name": "Li", "family_name": "Wu"}, {"given_name": "Li", "family_name": "Xu"}, []),
        ({}, {"given_name": "A."}, [INITIAL]),
        ({}, {"given_name": "B."}, []),
        ({}, {"given_name": "Ayumi"}, []),
        ({"email": "T@x.example"}, {"email": "t@x.example", "at_home_in": "FJ", "family_name": "Ono"}, [EMAIL]),
        ({"email": ""}, {"email": "", "family_name": "Ono"}, []),
        ({"ace_reference": "AP 0012"}, {"ace_reference": "ap-0012", "family_name": "Ono"}, [REFERENCE]),
        ({"ace_reference": "AP1"}, {"ace_reference": "ap 1", "email": "e@x.example"}, [REFERENCE, NAME]),
    ],
)
def test_what_looks_alike(one, other, reasons):
    plain = {"given_name": "Akira", "family_name": "Tanaka"}
    pair = queries.ordered(ExpertFactory(**plain | one).pk, ExpertFactory(**plain | other).pk)
    assert queries.pairs_now() == queries.found_pairs() == ([(pair, tuple(reasons))] if reasons else [])


def test_names_are_compared_without_what_differs_in_writing():
    assert words_of(" Nguyễn-Thị  A. ") == ("nguyen", "thi", "a")


def test_more_signs_come_first_and_a_settled_pair_is_left_out():
    names = {"given_name": "Akira", "family_name": "Tanaka"}
    weak = [ExpertFactory(given_name="Hana", family_name=name) for name in ("Watanabe", "Watanabi")]
    strong = [ExpertFactory(**names, email="t@x.example") for _ in range(2)]
    found = queries.pairs_of(queries.pairs_now())
    assert [{pair.first, pair.second} for pair in found] == [set(strong), set(weak)]
    services.note_two_people(*strong, by=rocb())
    assert [{pair.first, pair.second} for pair in queries.pairs_of(queries.pairs_now())] == [set(weak)]
    weak[0].family_name = "Yamada"
    weak[0].save()
    assert queries.pairs_now() == []


def test_many_people_take_seconds_and_a_fixed_number_of_queries(client, django_assert_num_queries):
    """Some thousand records of one administration, some alike: the work grows with their number, not with its square."""
    letters = "bcdfghklmnprstvwz"
    home = administration("JP")
    Expert.objects.bulk_create(
        Expert(
            administration=home,
            family_name="".join(letters[(n // 17**k) % 17] + "aeiou"[(n // 5**k) % 5] for k in range(5)),
            given_name=f"{letters[n % 17]}aru{letters[n // 17 % 17]}i",
        )
        for n in range(4_000)
    )
    started = time.process_time()
    with django_assert_num_queries(2):
        queries.found_pairs()
    assert time.process_time() - started < 5


def test_the_list_as_a_sheet(client):
    client.force_login(rocb())
    ExpertFactory(given_name="Akira", family_name="Tanaka")
    ExpertFactory(given_name="Tanaka", family_name="Akira")
    text = client.get(reverse("experts:duplicates-export", args=["csv"])).content.decode()
    assert "Akira Tanaka,Japan,," in text
    assert NAME in text
