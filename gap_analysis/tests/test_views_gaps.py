"""The gap pages: what the offices see, the rows behind the figures, exports, publishing, comparing and the report."""

import datetime as dt

import pytest
from django.test import override_settings
from django.urls import reverse

from core.clock import today
from core.errors import TransitionRefused
from core.models import OutboxJob
from experts.models import AreaPriority
from experts.tests.factories import ExpertFactory, area, served
from gap_analysis import charts, jobs, services
from gap_analysis.models import GapSnapshot
from gap_analysis.queries import compare, dashboard, gaps_on, months_ahead
from gap_analysis.queries.dashboard import Asked
from members.enums import Subregion
from members.tests.factories import administration, rocb, user_of
from missions.services import plan_year_of
from missions.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make.people()


@pytest.fixture
def pool(people):
    return [ExpertFactory(accredited=True, at_home_in="JP") for _n in range(3)]


def built(day=None):
    return services.build(services.start_build(by=rocb(), as_of=day))


def page(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"gap_analysis:{name}", args=args), query)


def test_the_first_screen_says_which_area_is_short_and_links_to_its_rows(client, people, pool):
    snapshot = services.publish(built(), note="", by=people.rocb)
    answer = page(client, people.secretariat, "dashboard")
    html = answer.content.decode()
    assert answer.context["snapshot"] == snapshot
    assert [line["line"].row.area.code for line in answer.context["lines"][:3]] == ["AEO", "PCA", "IPR"]
    assert f"{reverse('gap_analysis:area', args=[area('AEO').pk])}?on={snapshot.pk}" in html
    assert html.count("<svg xmlns") == len(answer.context["charts"]) == 6
    rows = page(client, people.rocb, "area", area("AEO").pk).content.decode()
    assert all(expert.get_absolute_url() in rows for expert in pool)


def test_demand_is_shown_with_its_origin_and_its_page(client, people):
    mission = make.planned(people)
    built()
    for name, args in (("demand", ()), ("area", (mission.area_id,)), ("member", (mission.beneficiary_id,))):
        assert reverse("missions:mission", args=[mission.pk]) in page(client, people.rocb, name, *args).content.decode()


def test_the_secretariat_reads_what_is_published_alone_and_rocb_the_newest(client, people, pool):
    assert dashboard.snapshot_for(people.secretariat) is None
    old = services.publish(built(today() - dt.timedelta(days=40)), note="Look at AEO.", by=people.rocb)
    new = built()
    assert dashboard.snapshot_for(people.rocb) == new
    assert dashboard.snapshot_for(people.secretariat) == old
    for name in ("snapshot", "snapshot-report", "snapshot-wait"):
        assert page(client, people.secretariat, name, new.pk).status_code == 404
    assert page(client, people.secretariat, "compare", old.pk, new.pk).status_code == 404
    assert page(client, people.secretariat, "area", area("AEO").pk, on=new.pk).context["snapshot"] == old
    assert list(page(client, people.secretariat, "snapshots").context["rows"]) == [old]


def test_a_sub_region_shows_its_own_people_and_keeps_the_level_of_the_region(people, pool):
    snapshot = built()
    lines = {
        where: next(line for line in dashboard.picture_of(snapshot, Asked(where)).lines if line.row.area.code == "AEO")
        for where in (Subregion.FAR_EAST, Subregion.OCEANIA)
    }
    assert {where: line.full for where, line in lines.items()} == {Subregion.FAR_EAST: 4, Subregion.OCEANIA: 0}
    assert {where: line.free_weeks for where, line in lines.items()} == {
        Subregion.FAR_EAST: 48.0,
        Subregion.OCEANIA: 0,
    }
    assert len({line.row.level for line in lines.values()}) == 1


def test_each_figure_of_the_quarters_opens_exactly_its_rows(client, people, pool):
    mission = make.planned(people)
    snapshot = built()
    served(pool[0], today() + dt.timedelta(days=5), 7)
    for one in page(client, people.rocb, "dashboard").context["quarters"]:
        quarter, (free, wanted) = one["quarter"], one["urls"]
        assert round(sum(line["weeks"] for line in client.get(wanted).context["demands"]), 1) == quarter.demand
        if quarter.number:
            shown = client.get(free).context
            assert (shown["weeks"], shown["page_obj"].paginator.count) == (quarter.supply, 4)
    figures = [row["demand"] for row in snapshot.figures["quarters"]]
    assert sum(figures) == dashboard.picture_of(snapshot).quarters[figures.index(max(figures))].demand > 0
    assert page(client, people.rocb, "free", area="PCA").context["weeks"] == 0
    assert page(client, people.rocb, "area", mission.area_id).context["line"].weeks == max(figures)


def test_the_wants_of_a_plan_year_are_shown_alone(client, people, pool):
    mission = make.planned(people)
    built()

    def shown(year):
        return page(client, people.rocb, "dashboard", year=year).context["picture"]

    for year in {plan_year_of(day) for day in months_ahead(today())}:
        wanted = {(cell.area, cell.administration) for cell in shown(year).cells if cell.need}
        assert wanted == ({(mission.area, mission.beneficiary)} if year == mission.plan_year else set())
        assert sum(line.members or 0 for line in shown(year).lines) == len(wanted)
    assert sum(line.members or 0 for line in shown(1999).lines) == 1, "an odd answer shows everything"


def test_the_tables_of_the_charts_open_the_rows_behind_their_cells(client, people, pool):
    mission = make.planned(people)
    services.publish(built(today() - dt.timedelta(days=400)), note="", by=people.rocb)
    built()
    for name, chart in page(client, people.rocb, "dashboard").context["charts"]:
        urls = sorted({url for row in chart.cells for _words, url in row if url})
        assert {client.get(url).status_code for url in urls[::20]} == {200}, name
        assert len(chart.urls) == len(chart.rows)
    (url,) = {
        url
        for name, chart in page(client, people.rocb, "dashboard").context["charts"]
        for row in chart.cells
        for words, url in row
        if name == "heat" and "expert-weeks" in words
    }
    assert [(c.area, c.administration) for c in client.get(url).context["cells"]] == [
        (mission.area, mission.beneficiary)
    ]


def test_every_administration_has_a_square_of_its_own():
    codes = {member.code for member in dashboard.Administration.objects.active()}
    assert codes <= charts.PLACES.keys()
    assert len(set(charts.PLACES.values())) == len(charts.PLACES)


def test_the_trend_begins_with_the_printed_table(people, pool):
    services.publish(built(today() - dt.timedelta(days=400)), note="", by=people.rocb)
    built(today() - dt.timedelta(days=100))
    now = built()
    trend = dashboard.trend_to(now, [area("AEO")])
    assert trend.days == (dt.date(2012, 3, 31), today() - dt.timedelta(days=400), today())
    assert trend.areas[0][1][0] == 3
    assert trend.areas[0][1][-1] == 4
    assert trend.short[0] is None
    assert dashboard.trend_to(now, [], since=today().year).days[-1] == today()


@pytest.mark.parametrize("name", ["band", "heat", "tiles", "trend", "short", "quarters"])
def test_every_chart_is_a_sheet_too(client, people, pool, name):
    built()
    answer = page(client, people.rocb, "chart-export", name, "csv")
    assert answer.status_code == 200
    assert len(answer.content.decode().splitlines()) > 1
    assert page(client, people.rocb, "chart-export", "other", "csv").status_code == 404


def test_a_failed_build_says_that_the_last_good_one_stands(client, people, pool):
    good = built()
    GapSnapshot.objects.create(as_of=today(), is_building=False, failed_at=people.rocb.created_at, message="Lost.")
    answer = page(client, people.rocb, "dashboard")
    assert answer.context["snapshot"] == good
    assert "came to nothing" in answer.content.decode()


def test_a_priority_has_a_reason_and_an_end_and_comes_first(client, people):
    client.force_login(people.rocb)
    pca, url = area("VAL"), reverse("gap_analysis:priority-state", args=[area("VAL").pk])
    page_of = client.get(url)
    key = page_of.content.decode().partition('name="_key" value="')[2].partition('"')[0]
    answer = client.post(url, {"_key": key, "note": "The region asked.", "until": today() + dt.timedelta(days=90)})
    assert answer.status_code == 302
    priority = AreaPriority.objects.get(area=pca, since=today())
    assert next(gap for gap in gaps_on(today()).gaps if gap.facts.area == pca).facts.priority is not None
    with pytest.raises(TransitionRefused, match="already"):
        services.state_priority(pca, by=people.rocb, note="Again.", until=today() + dt.timedelta(days=9))
    services.end_priority(priority, by=people.rocb)
    assert next(gap for gap in gaps_on(today()).gaps if gap.facts.area == pca).facts.priority is None
    with pytest.raises(TransitionRefused, match="ended"):
        services.end_priority(priority, by=people.rocb)


def test_comparing_says_what_changed_and_why(client, people, pool):
    old = built()
    new_one = ExpertFactory(accredited=True, at_home_in="JP")
    new = built()
    change = next(c for c in compare.changes_between(old, new) if c.area.code == "AEO")
    assert f"Fully accredited, new: {new_one}" in change.reasons
    assert [c.area.code for c in compare.changes_between(old, new) if c.reasons] == ["AEO"]
    html = page(client, people.rocb, "compare", old.pk, new.pk).content.decode()
    assert str(new_one) in html


def test_the_report_of_a_published_snapshot_is_drawn_once_and_kept(client, people, pool, tmp_path):
    with override_settings(MEDIA_ROOT=tmp_path):
        snapshot = services.publish(built(), note="For the meeting.", by=people.rocb)
        job = OutboxJob.objects.get(kind="gap_report")
        jobs.draw_report(job)
        snapshot.refresh_from_db()
        kept = snapshot.document
        with kept.blob.open() as file:
            assert file.read(5) == b"%PDF-"
        jobs.draw_report(job)
        snapshot.refresh_from_db()
        assert snapshot.document == kept
        answer = page(client, people.secretariat, "snapshot-report", snapshot.pk)
        assert answer["Content-Type"] == "application/pdf"
        assert b"".join(answer).startswith(b"%PDF-")


def test_members_and_others_find_no_gap_pages(client, people, pool):
    snapshot = built()
    for user in (people.home, user_of("expert")):
        assert page(client, user, "dashboard").status_code == 403
        assert page(client, user, "snapshot", snapshot.pk).status_code == 404
        assert page(client, user, "area", area("AEO").pk).status_code == 404
        assert page(client, user, "member", administration("FJ").pk).status_code == 404
