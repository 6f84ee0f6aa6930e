"""With T2 loaded and the needs stated in §2.1, AEO, PCA and IPR rank first; NII, Integrity and K9 read "no information" (pitfall P42)."""

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command
from django.db import transaction

from experts.models import AreaPriority, PoolSnapshot
from experts.tests.factories import AccreditationFactory, ExpertFactory
from gap_analysis.queries import gaps_on

pytestmark = pytest.mark.django_db

MARCH_2012 = dt.date(2012, 3, 31)


def json_of(*arguments):
    out = io.StringIO()
    call_command("gaps", *arguments, "--format", "json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture(scope="module")
def table2(django_db_setup, django_db_blocker):
    """The pool standing as T2 printed it in March 2012: one person an accreditation."""
    with django_db_blocker.unblock(), transaction.atomic():
        accredited = {"accredited_on": dt.date(2011, 6, 1), "ace_entered_on": dt.date(2011, 7, 1)}
        for row in PoolSnapshot.objects.get().rows.select_related("category", "area"):
            for n in range(row.total):
                AccreditationFactory(
                    expert=ExpertFactory(),
                    category=row.category,
                    area=row.area,
                    first_step_on=dt.date(2011, 1, 1),
                    **accredited if n < row.fully_accredited else dict.fromkeys(accredited),
                )
        yield
        transaction.set_rollback(True)


def test_with_table_2_and_the_stated_needs_aeo_pca_and_ipr_come_first(table2):
    areas = json_of("--as-of", MARCH_2012.isoformat())["areas"]
    assert [row["area"] for row in areas[:3]] == ["AEO", "PCA", "IPR"]
    assert [row["rank"] for row in areas] == list(range(1, len(areas) + 1))
    levels = {row["area"]: row["level"] for row in areas}
    assert {code: levels[code] for code in ("AEO", "PCA", "IPR")} == {
        "AEO": "stretched", "PCA": "below_floor", "IPR": "stretched",
    }  # fmt: skip
    assert {levels[code] for code in ("NII", "INT", "K9")} == {"no_information"}
    assert areas[0] == {
        "area": "AEO", "rank": 1, "level": "stretched", "fully_accredited": 3, "first_step": 7, "candidates": 0,
        "free_weeks": 36.0, "demand_members": None, "demand_weeks": None, "priority": True,
    }  # fmt: skip


def test_by_supply_alone_the_order_would_be_another_one(table2):
    """The control: it is the stated needs that bring AEO and IPR to the top (pitfall P42)."""
    AreaPriority.objects.all().delete()
    first = [g.facts.area.code for g in gaps_on(MARCH_2012).gaps[:3]]
    assert "IPR" not in first
    assert "AEO" not in first
