import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.clock import today
from core.errors import TransitionRefused
from core.models import LogEntry
from core.workflow import act, perform
from experts.models import ServicePeriod
from experts.tests.factories import ExpertFactory
from members.tests.factories import focal_point
from missions import services
from missions.enums import MaterialKind
from missions.models import Material, Mission
from missions.tests import factories as make

pytestmark = pytest.mark.django_db

TERMS = {
    "tor_background": "Why it takes place",
    "tor_input": "What to bring",
    "tor_result": "What remains",
    "agenda": "Day 1",
}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def url(name, thing):
    return reverse(f"missions:{name}", args=[thing.pk])


def text(response):
    return response.content.decode()


@pytest.fixture
def who():
    return make.people()


@pytest.fixture
def mission(who):
    return make.preparing(who)


def slides(name="slides.pdf", data=PDF):
    return SimpleUploadedFile(name, data, content_type="application/pdf")


def kept(mission, by, kind=MaterialKind.PRESENTATION, title="Slides"):
    return services.add_material(mission, by=by, kind=kind, title=title, upload=slides())


# Terms and agenda


@pytest.mark.parametrize("person", ["rocb", "secretariat", "expert_user"])
def test_the_offices_and_the_leader_write_terms_and_agenda(client, who, mission, person):
    client.force_login(getattr(who, person))
    page = client.get(url("preparation", mission))
    saved = client.post(url("preparation", mission), TERMS | {"version": page.context["version"]})
    fresh = Mission.objects.get()
    assert saved.status_code == 302
    assert {name: getattr(fresh, name) for name in TERMS} == TERMS


@pytest.mark.parametrize("person", ["beneficiary", "home"])
def test_the_administrations_read_and_do_not_write(client, who, mission, person):
    services.prepare(mission, by=who.rocb, version=mission.version, **TERMS)
    client.force_login(getattr(who, person))
    page = client.get(url("preparation", mission))
    assert [words in text(page) for words in TERMS.values()] == [True] * 4
    assert "<textarea" not in text(page)
    assert client.post(url("preparation", mission), TERMS).status_code == 403


def test_a_team_member_who_does_not_lead_reads(client, who):
    second = ExpertFactory(at_home_in="JP", accredited=True, login=True)
    mission = make.preparing(who, who.expert, second)
    other = next(i for i in mission.team() if i.pk != mission.leader_id)
    client.force_login(other.expert.user)
    assert "<textarea" not in text(client.get(url("preparation", mission)))
    assert client.post(url("preparation", mission), TERMS | {"version": mission.version}).status_code == 403


def test_a_stranger_does_not_find_it(client, mission):
    client.force_login(focal_point("NZ"))
    for name in ("preparation", "material-add", "record-end"):
        assert client.get(url(name, mission)).status_code == 404


def test_the_second_of_two_writers_is_told_and_keeps_the_text(client, who, mission):
    client.force_login(who.secretariat)
    page = client.get(url("preparation", mission))
    services.prepare(mission, by=who.rocb, version=mission.version, **TERMS | {"agenda": "By the colleague"})
    late = client.post(url("preparation", mission), TERMS | {"agenda": "By me", "version": page.context["version"]})
    assert late.status_code == 422
    assert "Somebody was faster" in text(late)
    assert late.context["form"]["agenda"].value() == "By me"
    assert Mission.objects.get().agenda == "By the colleague"
    client.post(url("preparation", mission), TERMS | {"agenda": "Both", "version": late.context["version"]})
    assert Mission.objects.get().agenda == "Both"


def test_terms_are_saved_while_they_are_typed_and_leave_no_trace_until_saved_by_hand(client, who, mission):
    client.force_login(who.expert_user)
    page = client.get(url("preparation", mission))
    assert f'data-autosave="{url("preparation-autosave", mission)}"' in text(page)
    traces = LogEntry.objects.count(), mission.history.count()
    one = client.post(url("preparation-autosave", mission), {"agenda": "Day", "version": page.context["version"]})
    two = client.post(url("preparation-autosave", mission), {"agenda": "Day 1", "version": one["X-Version"]})
    assert (one.status_code, two.status_code, Mission.objects.get().agenda) == (204, 204, "Day 1")
    assert (LogEntry.objects.count(), mission.history.count()) == traces
    late = client.post(url("preparation-autosave", mission), {"agenda": "Old", "version": page.context["version"]})
    assert (late.status_code, Mission.objects.get().agenda) == (409, "Day 1")
    client.post(url("preparation", mission), TERMS | {"version": two["X-Version"]})
    assert LogEntry.objects.first().title == "Terms of reference and agenda written"


def test_whoever_adds_a_file_while_writing_saves_the_text_on_the_way(client, who, mission):
    client.force_login(who.rocb)
    page = client.get(url("preparation", mission))
    assert '<button type="submit" form="preparation" name="add" value="1"' in text(page)
    assert f'href="{url("material-add", mission)}"' not in text(page)
    typed = {"agenda": "Half written", "version": page.context["version"], "add": "1"}
    assert client.post(url("preparation", mission), typed).url == url("material-add", mission)
    assert Mission.objects.get().agenda == "Half written"


@pytest.mark.parametrize("person", ["beneficiary", "home"])
def test_the_administrations_save_nothing_by_typing(client, who, mission, person):
    client.force_login(getattr(who, person))
    assert client.post(url("preparation-autosave", mission), TERMS | {"version": mission.version}).status_code == 403


def test_nothing_is_saved_by_typing_once_the_mission_has_begun(client, who):
    mission = make.under_way(who)
    client.force_login(who.rocb)
    refused = client.post(url("preparation-autosave", mission), TERMS | {"version": mission.version})
    assert (refused.status_code, Mission.objects.get().tor_background) == (409, "Why")


def test_the_form_steps_back_once_everything_is_written(client, who, mission):
    client.force_login(who.rocb)
    assert "<textarea" in text(client.get(url("preparation", mission)))
    services.prepare(mission, by=who.rocb, version=mission.version, **TERMS)
    assert "<textarea" not in text(client.get(url("preparation", mission)))
    assert "<textarea" in text(client.get(url("preparation", mission), {"edit": "1"}))


def test_terms_are_not_changed_any_more_once_the_mission_has_begun(client, who):
    mission = make.under_way(who)
    client.force_login(who.rocb)
    assert "<textarea" not in text(client.get(url("preparation", mission), {"edit": "1"}))
    assert client.post(url("preparation", mission), TERMS | {"version": mission.version}).status_code == 422
    assert Mission.objects.get().tor_background == "Why"


def test_what_is_missing_before_the_start_is_named_in_full(client, who, mission):
    client.force_login(who.rocb)
    assert client.get(url("preparation", mission)).context["missing"] == [
        "The terms of reference lack: background, required input, desired result.",
        "The agenda is not written yet.",
        f"Not yet acknowledged to act for the WCO: {who.expert.name}.",
    ]


def test_the_expert_finds_the_own_missing_word_and_gives_it(client, who, mission):
    client.force_login(who.expert_user)
    address = reverse("missions:invitation-do", args=[mission.team()[0].pk, "acknowledge_neutrality"])
    assert f'href="{address}"' in text(client.get(url("preparation", mission)))
    client.post(address, {})
    page = client.get(url("preparation", mission))
    assert f'href="{address}"' not in text(page)
    assert page.context["team"][0].neutrality_at is not None


def test_the_formal_contact_is_read_by_those_it_was_written_to(client, who, mission):
    act(mission, "write_to_team", by=who.rocb, contact_message="Welcome to the team")
    seen = {}
    for person in ("rocb", "expert_user", "home", "beneficiary"):
        client.force_login(getattr(who, person))
        seen[person] = "Welcome to the team" in text(client.get(url("preparation", mission)))
    assert seen == {"rocb": True, "expert_user": True, "home": True, "beneficiary": False}


# Material


def test_the_team_adds_material_and_every_party_of_the_mission_reads_it(client, who, mission):
    client.force_login(who.expert_user)
    client.post(url("material-add", mission), {"kind": "presentation", "title": "Slides", "upload": slides()})
    material = Material.objects.get()
    for person in (who.rocb, who.secretariat, who.beneficiary, who.home, who.expert_user):
        client.force_login(person)
        got = client.get(url("material", material))
        assert (got.status_code, b"".join(got.streaming_content)) == (200, PDF)
        assert got["Content-Disposition"] == 'attachment; filename="slides.pdf"'


def test_material_is_closed_to_strangers(client, who, mission):
    material = kept(mission, who.rocb)
    client.force_login(focal_point("NZ"))
    assert client.get(url("material", material)).status_code == 404
    assert client.post(url("material-remove", material)).status_code == 404


@pytest.mark.parametrize("person", ["beneficiary", "home"])
def test_the_administrations_add_and_remove_nothing(client, who, mission, person):
    material = kept(mission, who.rocb)
    client.force_login(getattr(who, person))
    typed = {"kind": "presentation", "title": "X", "upload": slides()}
    assert client.post(url("material-add", mission), typed).status_code == 403
    assert client.post(url("material-remove", material)).status_code == 403
    assert Material.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "data"), [("page.html", b"<html></html>"), ("slides.pdf", b"MZ this is no pdf"), ("slides.pdf", b"")]
)
def test_a_file_of_another_kind_is_refused_with_a_sentence(client, who, mission, name, data):
    client.force_login(who.rocb)
    page = client.post(url("material-add", mission), {"kind": "background", "title": "X", "upload": slides(name, data)})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["upload"]
    assert Material.objects.count() == 0


def test_removing_asks_first_and_the_history_keeps_the_name(client, who, mission):
    material = kept(mission, who.rocb)
    client.force_login(who.rocb)
    assert "Remove “Slides”" in text(client.get(url("material-remove", material)))
    assert Material.objects.count() == 1
    client.post(url("material-remove", material))
    assert Material.objects.count() == 0
    assert "Slides" in text(client.get(reverse("missions:mission-history", args=[mission.pk])))


def test_a_team_member_removes_the_own_file_only(client, who, mission):
    own, office = kept(mission, who.expert_user, title="Own"), kept(mission, who.rocb, title="Office")
    client.force_login(who.expert_user)
    assert client.post(url("material-remove", office)).status_code == 403
    assert client.post(url("material-remove", own)).status_code == 302
    assert list(Material.objects.values_list("title", flat=True)) == ["Office"]


def test_annexes_are_no_material_and_need_a_report_that_is_written(client, who):
    mission = make.under_way(who)
    client.force_login(who.rocb)
    typed = {"kind": "annex", "title": "Photos", "upload": slides()}
    assert client.post(url("material-add", mission), typed).status_code == 422
    ended = services.record_end(
        mission, by=who.rocb, actual_first_day=mission.first_day, actual_last_day=mission.last_day, away={}
    )
    client.post(url("material-add", ended), typed | {"upload": slides()})
    assert list(client.get(url("preparation", ended)).context["materials"]) == []
    assert [m.title for m in client.get(url("report", ended)).context["annexes"]] == ["Photos"]


def test_annexes_are_read_with_the_report_and_not_before(client, who):
    mission = make.completed(who)
    annex = kept(mission, who.expert_user, kind=MaterialKind.ANNEX)
    client.force_login(who.beneficiary)
    assert client.get(url("material", annex)).status_code == 404
    report = services.save_report(
        mission.report,
        by=who.rocb,
        version=0,
        purpose="P",
        participants="Q",
        activities="R",
        feedback="S",
        needs_note="None",
    )
    perform(report, "submit", by=who.rocb)
    act(report, "accept", by=who.rocb)
    assert b"".join(client.get(url("material", annex)).streaming_content) == PDF


@pytest.mark.parametrize("made", [make.under_way, make.reported])
def test_annexes_come_and_go_while_the_report_is_written_and_at_no_other_time(who, made):
    with pytest.raises(TransitionRefused, match="while the report is being written"):
        kept(made(who), who.rocb, kind=MaterialKind.ANNEX)


# The end


def ended(who, client, days_ago=1, **typed):
    """The page of the end of a mission that began ten days ago, and what its form would post as it stands."""
    mission = make.under_way(who, first_day=today() - dt.timedelta(days=0))
    first, last = today() - dt.timedelta(days=10), today() - dt.timedelta(days=6)
    Mission.objects.filter(pk=mission.pk).update(first_day=first, last_day=last, actual_first_day=first)
    mission.seats.update(release_first=first - dt.timedelta(days=1), release_last=last + dt.timedelta(days=1))
    page = client.get(url("record-end", mission))
    form = page.context["form"]
    return mission, page, {bound.html_name: bound.value().isoformat() for bound in form} | typed


def test_the_planned_days_stand_ready_and_become_used_days(client, who):
    client.force_login(who.expert_user)
    mission, _page, typed = ended(who, client)
    got = client.post(url("record-end", mission), typed)
    period = ServicePeriod.objects.get()
    assert got["Location"] == url("report", mission)
    assert (period.state, period.first_day, period.days) == ("used", today() - dt.timedelta(days=11), 7)
    assert Mission.objects.get().report.due_on == today() - dt.timedelta(days=6) + dt.timedelta(days=14)


def test_days_away_that_are_left_as_they_stand_move_with_the_mission(client, who):
    client.force_login(who.rocb)
    later = today() - dt.timedelta(days=4)
    mission, _page, typed = ended(who, client, actual_last_day=later.isoformat())
    client.post(url("record-end", mission), typed)
    assert (ServicePeriod.objects.get().last_day, Mission.objects.get().actual_last_day) == (
        later + dt.timedelta(days=1),
        later,
    )


def test_days_away_that_are_typed_stay_as_typed(client, who):
    client.force_login(who.rocb)
    mission, page, typed = ended(who, client)
    name = f"last_{page.context['form'].people[0].pk}"
    home = today() - dt.timedelta(days=2)
    client.post(url("record-end", mission), typed | {name: home.isoformat()})
    assert ServicePeriod.objects.get().last_day == home


def test_an_end_to_come_or_days_out_of_order_are_refused(client, who):
    client.force_login(who.rocb)
    mission, page, typed = ended(who, client)
    name = f"last_{page.context['form'].people[0].pk}"
    future = (today() + dt.timedelta(days=1)).isoformat()
    before = (today() - dt.timedelta(days=20)).isoformat()
    for wrong, field in [
        ({"actual_last_day": future}, "actual_last_day"),
        ({"actual_last_day": before}, "actual_last_day"),
        ({name: before}, name),
    ]:
        refused = client.post(url("record-end", mission), typed | wrong)
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field])
    assert ServicePeriod.objects.get().state == "reserved"


def test_whoever_did_not_come_is_recorded_first_and_asked_no_more(client, who):
    client.force_login(who.rocb)
    mission, page, _typed = ended(who, client)
    person = page.context["form"].people[0]
    address = reverse("missions:invitation-do", args=[person.pk, "record_no_show"])
    assert f'href="{address}?next={url("record-end", mission)}"' in text(page)
    perform(person, "record_no_show", by=who.rocb)
    again = client.get(url("record-end", mission))
    assert (again.context["form"].people, again.context["absent"]) == ([], [person])


def test_the_administrations_do_not_record_the_end(client, who):
    mission = make.under_way(who)
    for person in (who.beneficiary, who.home):
        client.force_login(person)
        assert client.get(url("record-end", mission)).status_code == 403


def test_an_end_that_is_recorded_is_not_recorded_twice(client, who):
    mission = make.completed(who)
    client.force_login(who.rocb)
    assert "This step is not open" in text(client.get(url("record-end", mission)))
