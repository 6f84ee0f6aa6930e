"""Answers from a sheet: read, compared, taken in on behalf of members, taken back."""

import pytest

from core import imports
from core.clock import today
from core.enums import ImportState, RowVerdict
from core.models import LogEntry
from experts.tests.factories import area
from gap_analysis.models import AreaAnswer
from gap_analysis.tests import factories as make
from members.tests.factories import focal_point, rocb

pytestmark = pytest.mark.django_db

HEAD = "Administration,Area,Future need,Expert-weeks,Kind of support,When,Experts,Ready to host,Remark\n"


@pytest.fixture
def staff():
    return rocb()


@pytest.fixture
def survey(staff):
    return make.opened(staff)


def staged(staff, text):
    sheet = imports.bring(
        "survey-answers", data=(HEAD + text).encode(), name="a.csv", content_type="text/csv", as_of=today(), by=staff
    )
    imports.stage(sheet.pk)
    sheet.refresh_from_db()
    assert sheet.state == ImportState.STAGED, sheet.message
    return sheet


def applied(sheet, staff):
    imports.ask_to_apply(sheet, by=staff)
    return imports.apply(sheet.pk)


def test_a_row_is_kept_as_if_rocb_had_typed_it_and_nothing_is_sent(survey, staff):
    sheet = staged(staff, 'Fiji,AEO,High,2.5,"training; advice",July to December,1,yes,By fax\n')
    done = applied(sheet, staff)
    assert done.state == ImportState.APPLIED, done.message
    answer = AreaAnswer.objects.get()
    assert (answer.response.administration.code, answer.area, answer.need, float(answer.weeks), answer.kinds) == (
        "FJ", area("AEO"), "high", 2.5, ["training", "advice"],
    )  # fmt: skip
    assert (answer.half, answer.experts, answer.hosts, answer.note, answer.response.state) == (
        "first", 1, True, "By fax", "open",
    )  # fmt: skip
    assert LogEntry.objects.filter(object_id=answer.response_id, name="wrote", by=staff).exists()
    imports.ask_to_undo(done, by=staff)
    assert imports.undo(done.pk).state == ImportState.UNDONE
    assert not AreaAnswer.objects.exists()


def test_what_a_member_typed_is_kept_unless_somebody_says_so(survey, staff):
    fiji = focal_point("FJ")
    make.filled(make.response_of(survey, "FJ"), fiji, need="low")
    sheet = staged(staff, "FJ,AEO,high,3,,,,,\nFJ,PCA,,,,,2,,\n")
    rows = {row.label.partition(": ")[2]: row for row in sheet.rows.all()}
    changed = rows["Authorized Economic Operator"]
    assert {one["field"]: one["take"] for one in changed.changes} == {"need": False, "weeks": True}
    applied(sheet, staff)
    assert sorted(AreaAnswer.objects.values_list("need", "weeks", "experts")) == [("", None, 2), ("low", 3, None)]


def test_what_cannot_be_taken_in_says_why(survey, staff):
    make.sent(make.response_of(survey, "JP"), focal_point("JP"))
    sheet = staged(
        staff,
        "Atlantis,AEO,high,,,,,,\nJapan,PCA,high,,,,,,\nFiji,K9,high,,,,,,\nFiji,AEO,urgent,,,,,,\nFiji,AEO,,many,,,,,\n"
        "Fiji,AEO,,,,,,,\nFiji,AEO,low,,,,,,\nFiji,AEO,high,,,,,,\n",
    )
    found = [(row.verdict, row.column) for row in sheet.rows.order_by("number")]
    assert found == [
        (RowVerdict.INVALID, "administration"), (RowVerdict.INVALID, "administration"), (RowVerdict.INVALID, "area"),
        (RowVerdict.INVALID, "need"), (RowVerdict.INVALID, "weeks"), (RowVerdict.INVALID, "need"), (RowVerdict.NEW, ""),
        (RowVerdict.INVALID, "area"),
    ]  # fmt: skip


def test_answers_that_are_sent_before_the_sheet_is_applied_stay_as_they_are(survey, staff):
    response, fiji = make.response_of(survey, "FJ"), focal_point("FJ")
    make.filled(response, fiji, "PCA", need="none")
    sheet = staged(staff, "Fiji,AEO,high,,,,,,\n")
    make.sent(response, fiji, "PCA", experts=1)
    done = applied(sheet, staff)
    assert (done.state, AreaAnswer.objects.filter(area=area("AEO")).exists()) == (ImportState.STAGED, False)
