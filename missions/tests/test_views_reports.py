import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import today
from core.errors import TransitionRefused
from core.files import keep
from core.workflow import act, perform
from experts.tests.factories import ExpertFactory, area
from members.tests.factories import focal_point
from missions import services
from missions.enums import Financing
from missions.models import Mission, Report
from missions.tests import factories as make

pytestmark = pytest.mark.django_db

SECTIONS = {
    "purpose": "To train validators",
    "participants": "Twenty officers of the AEO unit",
    "activities": "Day 1 to day 5",
    "feedback": "Well received",
    "needs_note": "",
    "other": "",
}


def url(name, thing):
    return reverse(f"missions:{name}", args=[thing.pk])


def text(response):
    return response.content.decode()


def rows(*needs, total=None):
    """What the rows of future needs post: (area, what, urgency) each."""
    data = {"needs-TOTAL_FORMS": str(total or len(needs)), "needs-INITIAL_FORMS": "0"}
    for n, (code, what, urgency) in enumerate(needs):
        data |= {
            f"needs-{n}-area": str(area(code).pk) if code else "",
            f"needs-{n}-what": what,
            f"needs-{n}-urgency": urgency,
        }
    return data


def stored_needs(report):
    return [(need.area and need.area.code, need.what, need.urgency) for need in report.needs.all()]


@pytest.fixture
def who():
    return make.people()


@pytest.fixture
def mission(who):
    return make.completed(who)


def written(mission, by, **sections):
    return services.save_report(
        mission.report, by=by, version=mission.report.version, **(SECTIONS | {"needs_note": "None"} | sections)
    )


def edit(client, mission, *needs, **typed):
    """Open the page and post it with these answers."""
    version = client.get(url("report-edit", mission)).context["version"]
    return client.post(url("report-edit", mission), SECTIONS | rows(*needs) | {"version": version} | typed)


# Who reads


@pytest.mark.parametrize(
    ("person", "draft"),
    [("rocb", 200), ("secretariat", 200), ("expert_user", 200), ("beneficiary", 404), ("home", 404)],
)
def test_the_administrations_see_the_report_once_it_is_accepted(client, who, mission, person, draft):
    client.force_login(getattr(who, person))
    assert client.get(url("report", mission)).status_code == draft
    perform(written(mission, who.expert_user), "submit", by=who.expert_user)
    assert client.get(url("report", mission)).status_code == draft
    act(mission.report, "accept", by=who.rocb)
    assert client.get(url("report", mission)).status_code == 200


def test_a_stranger_finds_nothing(client, who):
    mission = make.reported(who)
    kept = keep(b"%PDF", name="r.pdf", content_type="application/pdf")
    Report.objects.update(document=kept)
    client.force_login(focal_point("NZ"))
    for address in (url("report", mission), url("report-edit", mission), url("report-document", mission.report)):
        assert client.get(address).status_code == 404
    assert client.post(url("report-autosave", mission), SECTIONS).status_code == 404


def test_before_the_end_the_team_sees_what_will_be_here_and_others_nothing(client, who):
    mission = make.under_way(who)
    client.force_login(who.expert_user)
    assert "No report yet" in text(client.get(url("report", mission)))
    client.force_login(who.beneficiary)
    assert client.get(url("report", mission)).status_code == 404


def test_the_report_of_an_accepted_mission_is_downloaded(client, who):
    mission = make.reported(who)
    services.keep_report_document(mission.report, b"%PDF-report")
    client.force_login(who.beneficiary)
    assert f'href="{url("report-document", mission.report)}"' in text(client.get(url("report", mission)))
    assert b"".join(client.get(url("report-document", mission.report)).streaming_content) == b"%PDF-report"


def test_an_accepted_report_is_drawn_when_the_worker_has_not_come_to_it(client, who):
    mission = make.reported(who)
    client.force_login(who.beneficiary)
    first = b"".join(client.get(url("report-document", mission.report)).streaming_content)
    assert first.startswith(b"%PDF-")
    assert b"".join(client.get(url("report-document", mission.report)).streaming_content) == first
    assert Report.objects.exclude(document=None).count() == 1


# Writing


def test_the_team_writes_and_the_rows_are_kept(client, who, mission):
    client.force_login(who.expert_user)
    edit(client, mission, ("AEO", "A follow-up on audit", "soon"), ("IPR", "First training", "later"))
    report = Report.objects.get()
    assert {name: getattr(report, name) for name in SECTIONS} == SECTIONS
    assert stored_needs(report) == [("AEO", "A follow-up on audit", "soon"), ("IPR", "First training", "later")]


def test_empty_rows_are_passed_over_and_ticked_ones_removed(client, who, mission):
    client.force_login(who.expert_user)
    edit(client, mission, ("AEO", "Stays", "soon"), ("", "", ""), ("IPR", "Goes", "wish"), **{"needs-2-remove": "on"})
    assert stored_needs(Report.objects.get()) == [("AEO", "Stays", "soon")]


def test_a_half_row_is_named_before_the_report_goes_on_and_nothing_typed_is_lost(client, who, mission):
    client.force_login(who.expert_user)
    page = edit(client, mission, ("AEO", "Whole", "soon"), ("", "Half", ""), submit="1")
    assert page.status_code == 422
    assert page.context["form"].non_field_errors() == [
        "Future needs, row 2: give area, need and how soon, or remove the row."
    ]
    assert 'value="Half"' in text(page)
    assert Report.objects.get().purpose == ""


def test_a_half_row_stays_in_the_draft_and_stands_in_the_way_of_submitting(client, who, mission):
    client.force_login(who.expert_user)
    edit(client, mission, ("AEO", "Whole", "soon"), ("", "Half", ""), ("IPR", "", "later"))
    report = Report.objects.get()
    assert stored_needs(report) == [("AEO", "Whole", "soon"), (None, "Half", ""), ("IPR", "", "later")]
    assert 'value="Half"' in text(client.get(url("report-edit", mission)))
    assert client.get(url("report", mission)).status_code == 200
    with pytest.raises(TransitionRefused, match=r"row 2 \(area, need and how soon\), future needs, row 3"):
        perform(report, "submit", by=who.expert_user)


def test_more_rows_come_without_script_and_what_was_typed_is_saved(client, who, mission):
    client.force_login(who.expert_user)
    page = edit(client, mission, ("AEO", "One", "soon"), more="1")
    again = client.get(page["Location"].partition("#")[0])
    assert len(again.context["form"].needs.forms) == 7
    assert Report.objects.get().purpose == SECTIONS["purpose"]


def test_there_is_always_an_empty_row_to_write_in(client, who, mission):
    client.force_login(who.expert_user)
    assert len(client.get(url("report-edit", mission)).context["form"].needs.forms) == 3
    assert "__prefix__" in text(client.get(url("report-edit", mission)))


def test_deviations_are_asked_where_another_institution_pays(client, who, mission):
    client.force_login(who.expert_user)
    assert 'name="deviations"' not in text(client.get(url("report-edit", mission)))
    Mission.objects.update(financing=Financing.DONOR, donor="Example Fund")
    edit(client, mission, deviations="The fund's own form is enclosed")
    assert Report.objects.get().deviations == "The fund's own form is enclosed"


@pytest.mark.parametrize("person", ["beneficiary", "home"])
def test_others_do_not_write(client, who, mission, person):
    client.force_login(getattr(who, person))
    assert client.get(url("report-edit", mission)).status_code == 404
    assert client.post(url("report-edit", mission), SECTIONS).status_code == 404


def test_a_submitted_report_is_not_written_any_more(client, who, mission):
    perform(written(mission, who.expert_user), "submit", by=who.expert_user)
    client.force_login(who.expert_user)
    got = client.get(url("report-edit", mission), follow=True)
    assert got.redirect_chain == [(url("report", mission), 302)]
    assert "has been submitted" in text(got)
    version = Report.objects.get().version
    assert client.post(url("report-edit", mission), SECTIONS | rows() | {"version": version}).status_code == 422
    assert client.post(url("report-autosave", mission), SECTIONS | rows() | {"version": version}).status_code == 409
    assert Report.objects.get().needs_note == "None"


def test_the_second_of_two_writers_sees_both_texts_and_loses_nothing(client, who, mission):
    client.force_login(who.expert_user)
    version = client.get(url("report-edit", mission)).context["version"]
    written(
        mission,
        who.rocb,
        purpose="The colleague's purpose",
        needs=[{"area": area("IPR"), "what": "Theirs", "urgency": "soon"}],
    )
    typed = SECTIONS | {"purpose": "My purpose"} | rows(("AEO", "Mine", "soon")) | {"version": version}
    page = client.post(url("report-edit", mission), typed)
    assert page.status_code == 422
    assert page.context["form"]["purpose"].value() == "My purpose"
    assert page.context["theirs"] == [
        ("Purpose of the mission", "The colleague's purpose"),
        ("Future needs in general", "None"),
        ("Future needs", f"{area('IPR')}: Theirs (within a year)"),
    ]
    assert Report.objects.get().purpose == "The colleague's purpose"
    client.post(url("report-edit", mission), typed | {"version": page.context["version"]})
    assert (Report.objects.get().purpose, stored_needs(Report.objects.get())) == (
        "My purpose",
        [("AEO", "Mine", "soon")],
    )


# Saved while it is typed


def test_saving_while_typing_hands_on_the_version_so_that_the_form_does_not_meet_itself(client, who, mission):
    client.force_login(who.expert_user)
    first = client.get(url("report-edit", mission)).context["version"]
    one = client.post(url("report-autosave", mission), {"purpose": "To", "version": first} | rows())
    two = client.post(url("report-autosave", mission), {"purpose": "To tr", "version": one["X-Version"]} | rows())
    assert (one.status_code, one.content, two.status_code) == (204, b"", 204)
    saved = client.post(url("report-edit", mission), SECTIONS | rows() | {"version": two["X-Version"]})
    assert saved.status_code == 302
    assert Report.objects.get().purpose == SECTIONS["purpose"]


def test_saving_while_typing_says_when_a_colleague_was_there(client, who, mission):
    client.force_login(who.expert_user)
    version = client.get(url("report-edit", mission)).context["version"]
    written(mission, who.rocb, purpose="The colleague's")
    late = client.post(url("report-autosave", mission), {"purpose": "Mine", "version": version} | rows())
    assert (late.status_code, "Somebody else has saved" in text(late)) == (409, True)
    assert Report.objects.get().purpose == "The colleague's"


def test_a_half_row_is_kept_while_it_is_typed(client, who, mission):
    client.force_login(who.expert_user)
    typed = {"version": mission.report.version} | rows(("AEO", "Whole", "soon"), ("", "Half", ""))
    assert client.post(url("report-autosave", mission), typed).status_code == 204
    assert stored_needs(Report.objects.get()) == [("AEO", "Whole", "soon"), (None, "Half", "")]


def test_saving_the_same_again_raises_no_version_and_typing_fills_no_history(client, who, mission):
    client.force_login(who.expert_user)
    traces = mission.report.history.count()
    typed = {"purpose": "Same"} | rows(("AEO", "One", "soon"))
    first = client.post(url("report-autosave", mission), typed | {"version": mission.report.version})["X-Version"]
    second = client.post(url("report-autosave", mission), typed | {"version": first})["X-Version"]
    assert (first, mission.report.history.count()) == (second, traces)


def test_what_cannot_be_kept_is_named_and_the_rest_is_saved(client, who, mission):
    client.force_login(who.expert_user)
    typed = {"purpose": "x" * 20_001, "activities": "Lectures", "version": mission.report.version}
    one = client.post(url("report-autosave", mission), typed | rows(("AEO", "Whole", "soon")))
    assert (one.status_code, text(one)) == (200, "Saved, but not yet: “Purpose of the mission”")
    too_long = rows(("AEO", "x" * 301, "soon"))
    two = client.post(url("report-autosave", mission), typed | {"purpose": "", "version": one["X-Version"]} | too_long)
    assert text(two) == "Saved, but not yet: “Future needs”"
    report = Report.objects.get()
    assert (report.purpose, report.activities, stored_needs(report)) == ("", "Lectures", [("AEO", "Whole", "soon")])


# From the draft to the accepted report


def test_the_leader_submits_from_the_page_where_it_is_written(client, who, mission):
    client.force_login(who.expert_user)
    step = reverse("missions:report-do", args=[mission.report.pk, "submit"])
    assert edit(client, mission, ("AEO", "More", "soon"), submit="1")["Location"] == step
    client.post(step, {})
    assert Report.objects.get().state == "submitted"


def test_what_is_missing_is_named_and_blocks_the_submission(client, who, mission):
    client.force_login(who.expert_user)
    step = reverse("missions:report-do", args=[mission.report.pk, "submit"])
    assert "Still to write: purpose" in text(client.get(step))
    assert client.post(step, {}).status_code == 422
    assert Report.objects.get().state == "draft"


def test_a_member_who_does_not_lead_writes_and_does_not_submit(client, who):
    second = ExpertFactory(at_home_in="JP", accredited=True, login=True)
    mission = make.preparing(who, who.expert, second)
    services.prepare(
        mission, by=who.rocb, version=mission.version, tor_background="W", tor_input="W", tor_result="T", agenda="1"
    )
    for person in mission.team():
        perform(person, "acknowledge_neutrality", by=person.expert.user)
    perform(mission, "record_start", by=who.rocb, actual_first_day=mission.first_day)
    services.record_end(
        mission, by=who.rocb, actual_first_day=mission.first_day, actual_last_day=mission.last_day, away={}
    )
    member = next(i for i in mission.team() if i.pk != mission.leader_id).expert.user
    client.force_login(member)
    page = client.get(url("report-edit", mission))
    assert (page.status_code, page.context["may_submit"]) == (200, False)
    written(Mission.objects.get(), member)
    assert client.post(reverse("missions:report-do", args=[mission.report.pk, "submit"]), {}).status_code == 403


def test_a_returned_report_shows_what_is_asked_for_and_can_be_written_again(client, who, mission):
    report = perform(written(mission, who.expert_user), "submit", by=who.expert_user)
    perform(report, "return", by=who.rocb, returned_note="Please add the results of the test")
    client.force_login(who.expert_user)
    for name in ("report", "report-edit"):
        assert "Please add the results of the test" in text(client.get(url(name, mission)))


# The list


def reports_at(who, *ages):
    """One finished mission for each age, its report due that many days ago."""
    found = []
    for n, age in enumerate(ages):
        start = today() + dt.timedelta(days=90 + 30 * n)
        mission = make.completed(who, title=f"Mission n{n}", first_day=start)
        Report.objects.filter(mission=mission).update(due_on=today() - dt.timedelta(days=age))
        found.append(Report.objects.get(mission=mission))
    return found


def titles(page):
    return [r.mission.title for r in page.context["rows"]]


def test_what_is_due_comes_first_the_oldest_on_top_and_is_counted(client, who):
    young, old, done = reports_at(who, -5, 20, 30)
    services.save_report(done, by=who.rocb, version=done.version, **(SECTIONS | {"needs_note": "None"}))
    perform(done, "submit", by=who.rocb)
    client.force_login(who.secretariat)
    page = client.get(reverse("missions:reports"))
    assert titles(page) == [old.mission.title, young.mission.title, done.mission.title]
    assert page.context["counts"] == {"due": 2, "overdue": 1, "submitted": 1, "accepted": 0}


def test_filters_narrow_the_list_and_the_export_holds_the_same(client, who):
    _young, old = reports_at(who, -5, 20)
    client.force_login(who.rocb)
    for query in ({"stands": "overdue"}, {"q": "n1"}):
        assert titles(client.get(reverse("missions:reports"), query)) == ["Mission n1"]
        lines = list(
            csv.reader(io.StringIO(text(client.get(reverse("missions:reports"), query | {"format": "csv"}))[1:]))
        )
        assert [line[0] for line in lines] == ["Mission", old.mission.number]


def test_everybody_lists_the_reports_that_are_open_to_them(client, who):
    reports_at(who, 1)
    make.reported(make.people(), title="Accepted", first_day=today() + dt.timedelta(days=300))
    for person, seen in [
        (who.rocb, {"Mission n0", "Accepted"}), (who.expert_user, {"Mission n0"}), (who.beneficiary, {"Accepted"}),
        (focal_point("NZ"), set()),
    ]:  # fmt: skip
        client.force_login(person)
        assert set(titles(client.get(reverse("missions:reports")))) == seen


def test_the_list_costs_the_same_for_one_report_and_for_three(client, who):
    client.force_login(who.rocb)
    reports_at(who, 1)
    costs = []
    for later in (200, 260):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("missions:reports")).status_code == 200
        costs.append(len(queries))
        make.completed(who, first_day=today() + dt.timedelta(days=later))
    assert costs[0] == costs[1]
