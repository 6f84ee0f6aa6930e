import datetime as dt
import io

import pytest
from pypdf import PdfReader

from core import outbox
from core.models import OutboxJob, PolicyRow
from core.workflow import act, perform
from experts.tests.factories import area
from missions import services
from missions.enums import Financing
from missions.models import Mission, Report
from missions.reports import draw_report, report_context, report_html
from missions.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return make.people()


def accepted(who, **sections):
    mission = make.completed(who)
    report = services.save_report(
        mission.report,
        by=who.expert_user,
        version=mission.report.version,
        **{
            "purpose": "To train validators",
            "participants": "Twenty officers",
            "activities": "Five days\n\nwith exercises",
            "feedback": "Well received",
            "needs": [{"area": area("IPR"), "what": "A first training", "urgency": "soon"}],
            **sections,
        },
    )
    perform(report, "submit", by=who.expert_user)
    act(report, "accept", by=who.rocb)
    return Report.objects.with_team().get()


def text_of(data):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def test_the_five_sections_stand_in_the_order_of_the_framework(who):
    context = report_context(accepted(who))
    assert [part.title for part in context.parts] == [
        "Purpose of the mission",
        "Profile of the participants",
        "Main activities",
        "Initial feedback and outcomes",
        "Future needs",
    ]
    assert context.parts[4].needs == ((str(area("IPR")), "A first training", "within a year"),)


def test_the_free_section_and_deviations_stand_where_something_was_written(who):
    context = report_context(accepted(who, other="Thanks to the hosts", deviations="The fund's own form"))
    assert [(part.key, part.text) for part in context.parts[5:]] == [
        ("other", "Thanks to the hosts"),
        ("deviations", "The fund's own form"),
    ]


def test_the_title_page_says_who_where_and_when_it_truly_was(who):
    report = accepted(who)
    mission = report.mission
    Mission.objects.filter(pk=mission.pk).update(
        actual_first_day=dt.date(2026, 3, 3),
        actual_last_day=dt.date(2026, 3, 14),
        financing=Financing.DONOR,
        donor="Example Fund",
    )
    Report.objects.update(accepted_at=dt.datetime(2026, 3, 20, 23, 30, tzinfo=dt.UTC))
    facts = dict(report_context(Report.objects.with_team().get()).facts)
    assert facts["Accepted"] == "21 Mar 2026"
    assert facts["Carried out"] == "3–14 Mar 2026 (12 days)"
    assert facts["Financed by"] == "another institution or donor, Example Fund"
    assert facts["Experts"] == f"{who.expert.name}, Japan"


def test_what_people_typed_is_text_and_never_markup(who):
    html = report_html(report_context(accepted(who, purpose='<img src="file:///etc/passwd"> & more')))
    assert "&lt;img src=&quot;file:///etc/passwd&quot;&gt; &amp; more" in html


def test_a_fictional_report_says_so_on_every_page(who):
    PolicyRow.objects.create(key="portal.demo", value=True, valid_from=dt.date(2012, 5, 1), origin="house")
    pages = PdfReader(io.BytesIO(draw_report(accepted(who)))).pages
    assert ["Demonstration." in page.extract_text() for page in pages] == [True] * len(pages)


def test_the_pdf_has_its_title_contents_bookmarks_and_running_head(who):
    long = "\n\n".join(["A long account of what was done. " * 20] * 20)
    data = draw_report(accepted(who, activities=long))
    reader = PdfReader(io.BytesIO(data))
    mission = Mission.objects.get()
    assert reader.metadata.title == f"Report on mission {mission.number}, {mission.title}"
    heads = [item["/Title"] for item in _flat(reader.outline)]
    assert heads[:3] == ["Mission report", "1. Purpose of the mission", "2. Profile of the participants"]
    assert "5. Future needs" in reader.pages[1].extract_text()
    assert "3. Main activities" in reader.pages[4].extract_text()
    assert f"page 3 of {len(reader.pages)}" in reader.pages[2].extract_text()


def _flat(outline):
    for item in outline:
        if isinstance(item, list):
            yield from _flat(item)
        else:
            yield item


def test_the_same_report_gives_the_same_bytes(who):
    report = accepted(who)
    assert draw_report(report) == draw_report(report)


def test_it_is_drawn_once_with_the_acceptance_and_never_again(who):
    accepted(who)
    job = OutboxJob.objects.get(kind="report_document")
    assert outbox.deliver(job.pk) == "done"
    first = Report.objects.get().document
    services.keep_report_document(Report.objects.get(), b"another")
    assert Report.objects.get().document == first
    with first.blob.open("rb") as stream:
        assert "To train validators" in text_of(stream.read())
