import csv
import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from experts.loading import load_expertise
from experts.models import Accreditation, Area, Category, Expert
from members.models import Administration

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pool():
    """One person, since 1 May 2024 full for HS and on the first step for AEO; another waits for the entry in ACE."""
    load_expertise()
    home = Administration.objects.create(code="XX", name="Examplia", organisation="Examplia Customs", head_title="Head")
    day = dt.date(2024, 5, 1)
    first = Expert.objects.create(administration=home, given_name="An", family_name="Example")
    second = Expert.objects.create(administration=home, given_name="Another", family_name="Example")
    facts = {"source": "test", "as_of": day}
    trainer, advisor = Category.objects.get(code="AT"), Category.objects.get(code="TOA")
    area = {a.code: a for a in Area.objects.all()}
    Accreditation.objects.create(
        expert=first, category=trainer, area=area["HS"], accredited_on=day, ace_entered_on=day, **facts
    )
    Accreditation.objects.create(expert=first, category=advisor, area=area["AEO"], first_step_on=day, **facts)
    Accreditation.objects.create(expert=second, category=advisor, area=area["RKC"], accredited_on=day, **facts)


def run(*arguments):
    output = StringIO()
    call_command("pool_table", *arguments, stdout=output)
    return output.getvalue()


def test_json_has_the_agreed_shape():
    result = json.loads(run("--as-of", "2024-05-01", "--format", "json"))
    assert list(result) == ["as_of", "rows", "grand_total", "distinct_people", "entry_pending"]
    assert result["as_of"] == "2024-05-01"
    assert len(result["rows"]) == 10
    assert result["rows"][0] == {"category": "DF", "area": None, "fully_accredited": 0, "first_step": 0, "total": 0}
    assert result["rows"][2] == {"category": "AT", "area": "HS", "fully_accredited": 1, "first_step": 0, "total": 1}
    assert result["rows"][6] == {"category": "TOA", "area": "AEO", "fully_accredited": 0, "first_step": 1, "total": 1}
    assert result["grand_total"] == {"fully_accredited": 1, "first_step": 1, "total": 2}
    assert (result["distinct_people"], result["entry_pending"]) == (1, 1)


def test_day_before_is_empty():
    result = json.loads(run("--as-of", "2024-04-30", "--format", "json"))
    assert result["grand_total"] == {"fully_accredited": 0, "first_step": 0, "total": 0}
    assert (result["distinct_people"], result["entry_pending"]) == (0, 0)


def test_csv_ends_with_the_totals():
    rows = list(csv.reader(StringIO(run("--as-of", "2024-05-01", "--format", "csv"))))
    assert rows[0] == ["category", "area", "fully_accredited", "first_step", "total"]
    assert rows[1] == ["DF", "", "0", "0", "0"]
    assert rows[-1] == ["total", "", "1", "1", "2"]
    assert len(rows) == 12


def test_text_prints_zero_as_a_dash_and_people_beside_the_table():
    lines = run("--as-of", "2024-05-01").splitlines()
    assert lines[0] == "Accreditations in the pool on 2024-05-01"
    assert lines[2].split() == ["Diagnostic", "Facilitators", "(DF)", "–", "–", "–"]
    assert lines[-3].split() == ["Total", "1", "1", "2"]
    assert lines[-2:] == ["Distinct people: 1", "Accredited, ACE entry pending: 1"]


def test_today_is_the_day_if_none_is_given():
    assert json.loads(run("--format", "json"))["grand_total"]["total"] == 2


def test_a_day_that_is_none_is_refused():
    with pytest.raises(CommandError, match="2024-02-30"):
        run("--as-of", "2024-02-30")
