"""The list from a sheet: what each row is, what is written, and that it is taken back exactly."""

import datetime as dt

import pytest

from candidates import services
from candidates.enums import Origin
from candidates.models import Listing
from core import imports
from core.clock import today
from core.enums import ImportState, RowVerdict
from core.models import SheetImport
from experts.models import Expert
from experts.tests.factories import ExpertFactory, area
from members.tests.factories import administration, rocb

pytestmark = pytest.mark.django_db

HEAD = "Surname,First name,Country,E-mail,Topics,Since,Recommended by,Known for"
DAY = dt.date(2026, 1, 31)


def brought(*rows, by=None):
    data = "\n".join([HEAD, *rows]).encode()
    sheet = imports.bring("candidate-list", data=data, name="list.csv", content_type="text/csv", as_of=DAY, by=by)
    imports.stage(sheet.pk)
    sheet.refresh_from_db()
    return sheet


def applied(sheet, by):
    imports.ask_to_apply(sheet, by=by)
    return imports.apply(sheet.pk)


def verdicts(sheet):
    return {row.number: str(row.verdict) for row in sheet.rows.all()}


def test_new_people_and_known_ones_are_listed_in_all_their_areas():
    staff = rocb()
    known = ExpertFactory(family_name="Known", given_name="Ann", at_home_in="JP", email="ann@jp.example")
    sheet = brought(
        "Example,An,Fiji,an@fj.example,NII; Integrity,Mar 2019,,Reads images",
        "Known,Ann,Japan,ANN@JP.example,K9,2020-05-04,Japan,",
        "Example,An,Fiji,an@fj.example,K9,,Malaysia,",
    )
    assert set(verdicts(sheet).values()) == {RowVerdict.NEW}
    assert applied(sheet, staff).state == ImportState.APPLIED
    new = Expert.objects.get(family_name="Example")
    found = {(x.expert_id, x.area.code): x for x in Listing.objects.select_related("area")}
    assert set(found) == {(new.pk, "NII"), (new.pk, "INT"), (new.pk, "K9"), (known.pk, "K9")}
    assert (new.administration.code, new.email) == ("FJ", "an@fj.example")
    first = found[new.pk, "NII"]
    assert (first.listed_on, first.note, first.origin, first.listed_by) == (
        dt.date(2019, 3, 1), "Reads images", Origin.ROCB, staff,
    )  # fmt: skip
    assert found[new.pk, "K9"].listed_on == DAY
    assert (found[new.pk, "K9"].origin, found[new.pk, "K9"].recommended_by.code) == (Origin.CENTRE, "MY")
    assert (found[known.pk, "K9"].origin, found[known.pk, "K9"].recommended_by.code) == (Origin.ADMINISTRATION, "JP")
    again = brought("Example,An,Fiji,an@fj.example,NII; Integrity,Mar 2019,,Reads images")
    assert set(verdicts(again).values()) == {RowVerdict.UNCHANGED}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Example,An,Atlantis,,NII,,,", "administration"),
        ("Example,An,Fiji,,Juggling,,,", "areas"),
        ("Example,An,Fiji,,,,,", "areas"),
        (",An,Fiji,,NII,,,", "family_name"),
        ("Example,An,Fiji,nonsense,NII,,,", "email"),
        ("Example,An,Fiji,,NII,2999-01-01,,", "since"),
        ("Example,An,Fiji,,NII,,New Zealand,", "recommended_by"),
        ("Gone,Ann,Japan,,NII,,,", "family_name"),
        ("Full,Ann,Japan,,AEO,,,", "areas"),
    ],
)
def test_what_cannot_be_listed_says_why(row, column):
    ExpertFactory(family_name="Gone", given_name="Ann", left_on=today())
    ExpertFactory(family_name="Full", given_name="Ann", accredited=True)
    sheet = brought(row, "Example,Other,Fiji,,K9,,,")
    assert list(verdicts(sheet).values()) == [RowVerdict.INVALID, RowVerdict.NEW]
    bad = sheet.rows.get(verdict=RowVerdict.INVALID)
    assert (bad.column, bool(bad.reason)) == (column, True)


def test_the_same_person_and_area_twice_is_refused_once():
    sheet = brought("Example,An,Fiji,,NII,,,", "An,Example,Fiji,,NII; K9,,,")
    assert list(verdicts(sheet).values()) == [RowVerdict.NEW, RowVerdict.INVALID]


def test_somebody_with_another_address_is_for_a_person_to_decide():
    staff = rocb()
    known = ExpertFactory(family_name="Example", given_name="An", at_home_in="FJ", email="an@fj.example")
    sheet = brought("Example,An,Fiji,other@fj.example,NII,,,")
    row = sheet.rows.get()
    assert (row.verdict, row.take) == (RowVerdict.AMBIGUOUS, False)
    assert applied(sheet, staff).state == ImportState.APPLIED
    assert not Listing.objects.exists()
    sheet = brought("Example,An,Fiji,other@fj.example,NII,,,")
    row = sheet.rows.get()
    [(way, _words)] = imports.ways_of(row)
    imports.decide(sheet, {row.pk: imports.RowDecision(take=True, way=way)})
    applied(SheetImport.objects.get(pk=sheet.pk), staff)
    assert Listing.objects.get().expert == known


def test_it_is_taken_back_exactly_or_not_at_all():
    staff = rocb()
    sheet = applied(brought("Example,An,Fiji,,NII; K9,,,"), staff)
    assert (Expert.objects.count(), Listing.objects.count()) == (1, 2)
    imports.ask_to_undo(sheet, by=staff)
    imports.undo(sheet.pk)
    assert (Expert.objects.count(), Listing.objects.count()) == (0, 0)
    sheet = applied(brought("Example,An,Fiji,,NII; K9,,,"), staff)
    services.confirm_listing(Listing.objects.first(), by=staff)
    imports.ask_to_undo(sheet, by=staff)
    assert imports.undo(sheet.pk).state == ImportState.APPLIED
    assert Listing.objects.count() == 2


def test_what_was_listed_by_hand_meanwhile_stops_the_sheet_or_is_left():
    staff = rocb()
    sheet = brought("Example,An,Fiji,,NII,,,")
    services.list_candidate(
        person={"given_name": "An", "family_name": "Example", "administration": administration("FJ")},
        area=area("NII"), origin=Origin.ROCB, by=staff,
    )  # fmt: skip
    assert applied(sheet, staff).state == ImportState.STAGED
    assert (Expert.objects.count(), Listing.objects.count()) == (1, 1)
