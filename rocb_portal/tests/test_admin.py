"""ROCB staff in the admin: everything is there, nothing goes round the rules."""

import datetime as dt

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.models import Listing
from core.clock import today
from core.dated_policy import policy
from core.models import LogEntry, OutboxJob, PolicyRow, Stateful
from experts.enums import ServiceState
from experts.models import Accreditation, Area, Expert, ServicePeriod
from experts.tests.factories import ExpertFactory, area, category, served
from members.models import User
from members.tests.factories import administration, centre_head, focal_point, rocb, secretariat
from missions.models import CapacityRequest, Letter, Mission
from missions.tests import factories as make

pytestmark = pytest.mark.django_db

OUR_APPS = {"core", "members", "experts", "centres", "candidates", "missions", "support", "gap_analysis", "rocb_portal"}
# Rows without a page of their own in the admin: they stand inside their record's page, or are of no interest to people.
INSIDE_OR_TECHNICAL = {
    "core.formkey", "members.membership", "members.absence", "experts.areacategory", "experts.expertlanguage",
    "experts.publication", "experts.unavailability", "experts.poolsnapshotrow", "centres.centrefocus",
    "centres.trainingperson", "candidates.calledmember",
    "candidates.attachment", "candidates.evidence", "candidates.judgement", "candidates.review", "core.importrow",
    "core.savedsearch", "support.notice", "gap_analysis.areaanswer", "gap_analysis.gapcell", "gap_analysis.gaprow",
    "gap_analysis.question", "gap_analysis.questionanswer", "gap_analysis.surveysummary",
}  # fmt: skip


@pytest.fixture
def staff(client):
    user = rocb()
    client.force_login(user)
    return user


def url(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def fields_of(response):
    """What the form of a change page would post as it stands."""
    form = response.context["adminform"].form
    data = {}
    formsets = [wrapped.formset for wrapped in response.context["inline_admin_formsets"]]
    forms = [form, *(one for formset in formsets for one in (formset.management_form, *formset))]
    for one in forms:
        for bound in one:
            value = bound.value()
            if value is not None and value is not False:
                data[bound.html_name] = value
    return data


def ours():
    return {m for m in apps.get_models() if m._meta.app_label in OUR_APPS and not hasattr(m, "instance_type")}


def test_every_model_has_its_place_in_the_admin():
    missing = {m._meta.label_lower for m in ours() if m not in admin.site._registry}
    assert missing == INSIDE_OR_TECHNICAL


@pytest.mark.parametrize("person", [secretariat, focal_point, centre_head, lambda: ExpertFactory(login=True).user])
def test_the_admin_is_for_rocb_alone(client, person):
    client.force_login(person())
    for address in (reverse("admin:index"), url(Expert), url(PolicyRow, "add")):
        assert client.get(address).status_code == 302


@pytest.mark.parametrize(
    "model", sorted(admin.site._registry, key=lambda m: m._meta.label), ids=lambda m: m._meta.label
)
def test_every_list_and_record_opens(client, staff, model):
    who = make.people()
    mission = make.reported(who)
    make.letter_ready(who)
    Listing.objects.create(
        expert=who.expert, area=area("IPR"), origin="own_knowledge", listed_on=today(), listed_by=staff
    )
    assert client.get(url(model), {"q": "a"}).status_code == 200
    row = model._default_manager.first()
    if row is None:
        assert model._meta.label_lower in {
            "candidates.call",
            "candidates.fieldmission",
            "candidates.nomination",
            "candidates.workshopnominee",
            "experts.correctionrequest",
            "experts.mergedrecord",
            "experts.notduplicate",
            "core.sheetimport",
            "gap_analysis.gapsnapshot",
            "gap_analysis.proposal",
            "gap_analysis.response",
            "gap_analysis.scenario",
            "gap_analysis.survey",
            "support.opportunity",
            "centres.resource",
            "centres.training",
            "missions.confirmation",
            "missions.material",
            "core.message",
            "core.actionlink",
            "core.storedfile",
        }
        return
    assert client.get(url(model, "change", row.pk)).status_code == 200
    assert client.get(url(model, "history", row.pk)).status_code == 200
    assert mission.state == "reported"


def test_no_form_writes_a_state(rf, staff):
    request = rf.get("/")
    request.user = staff
    writable = {
        model._meta.label_lower
        for model, page in admin.site._registry.items()
        if issubclass(model, Stateful) and "state" in page.get_form(request, model()).base_fields
    }
    assert writable == set()


def test_a_posted_state_changes_nothing_and_the_page_says_what_can_follow(client, staff):
    mission = make.searching(make.people())
    page = client.get(url(Mission, "change", mission.pk))
    client.post(url(Mission, "change", mission.pk), fields_of(page) | {"state": "closed", "title": "Renamed"})
    fresh = Mission.objects.get(pk=mission.pk)
    assert (fresh.state, fresh.title, fresh.version) == ("searching", "Renamed", mission.version + 1)
    assert f'href="{reverse("missions:mission-do", args=[mission.pk, "finalise_shortlist"])}"' in page.content.decode()


def test_an_edit_raises_the_version_and_leaves_a_line_with_the_actor(client, staff):
    expert = ExpertFactory(accredited=True)
    page = client.get(url(Expert, "change", expert.pk))
    client.post(url(Expert, "change", expert.pk), fields_of(page) | {"office": "Valuation office"})
    fresh = Expert.objects.get(pk=expert.pk)
    line = LogEntry.objects.get(object_id=expert.pk)
    assert (fresh.office, fresh.version) == ("Valuation office", expert.version + 1)
    assert (line.by, line.answers) == (staff, {"office": "Valuation office"})
    assert fresh.history.first().history_user == staff


def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(client, staff):
    expert = ExpertFactory()
    page = client.get(url(Expert, "change", expert.pk))
    Expert.objects.filter(pk=expert.pk).update(office="First", version=expert.version + 1)
    typed = fields_of(page) | {"office": "Second"}
    refused = client.post(url(Expert, "change", expert.pk), typed)
    assert "Somebody was faster" in refused.content.decode()
    assert refused.context["adminform"].form["office"].value() == "Second"
    assert Expert.objects.get(pk=expert.pk).office == "First"
    client.post(url(Expert, "change", expert.pk), fields_of(refused))
    assert Expert.objects.get(pk=expert.pk).office == "Second"


def test_what_has_a_past_is_not_deleted(client, staff):
    mission = make.reported(make.people())
    rows = [
        mission,
        mission.report,
        mission.request,
        mission.team()[0].expert,
        administration("FJ"),
        staff,
        area("AEO"),
    ]
    for row in rows:
        assert client.post(url(type(row), "delete", row.pk), {"post": "yes"}).status_code == 403
    assert Mission.objects.filter(pk=mission.pk).exists()


def test_a_version_of_the_past_is_shown_and_not_brought_back(client, staff):
    expert = ExpertFactory(office="Old")
    expert.office = "New"
    expert.save()
    old = reverse("admin:experts_expert_simple_history", args=[expert.pk, expert.history.last().pk])
    assert client.get(old).status_code == 200
    assert client.post(old, {"office": "Old"}).status_code == 403
    assert Expert.objects.get(pk=expert.pk).office == "New"


# Policy


def test_a_policy_row_that_has_begun_is_read_only(client, staff):
    row = PolicyRow.objects.get(key="cap.days")
    response = client.post(
        url(PolicyRow, "change", row.pk), {"key": "cap.days", "value": "90", "valid_from": "2012-05-01"}
    )
    assert response.status_code == 403
    assert policy("cap.days") == 84


def test_a_new_figure_is_a_new_row_from_its_day_on(client, staff):
    begins = today() + dt.timedelta(days=30)
    typed = {"key": "cap.days", "value": "90", "unit": "days", "valid_from": begins.isoformat(), "origin": "house"}
    client.post(url(PolicyRow, "add"), typed)
    assert (policy("cap.days"), policy("cap.days", begins)) == (84, 90)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"valid_from": "2020-01-01"}, "valid_from"), ({"value": '"ninety"'}, "value"), ({"key": "cap.dayz"}, "key")],
)
def test_a_figure_of_the_past_of_another_kind_or_of_no_known_key_is_refused(client, staff, change, field):
    typed = {"key": "cap.days", "value": "90", "valid_from": today().isoformat(), "origin": "house"} | change
    page = client.post(url(PolicyRow, "add"), typed)
    assert list(page.context["adminform"].form.errors) == [field]
    assert PolicyRow.objects.filter(key="cap.days").count() == 1


# Accreditations


def accreditation(expert, **fields):
    return {
        "expert": expert.pk, "category": category("TOA").pk, "area": area("IPR").pk, "source": "letter", "as_of": "2024-01-01",
        "accredited_on": "2023-01-01", **fields,
    }  # fmt: skip


def test_nobody_types_a_full_accreditation_without_an_ace_reference(client, staff):
    expert = ExpertFactory()
    page = client.post(url(Accreditation, "add"), accreditation(expert, ace_entered_on="2023-02-01"))
    assert list(page.context["adminform"].form.errors) == ["ace_entered_on"]
    assert expert.accreditations.count() == 0


def test_with_the_reference_or_with_the_entry_pending_it_is_taken(client, staff):
    known, pending = ExpertFactory(ace_reference="ACE-1"), ExpertFactory()
    client.post(url(Accreditation, "add"), accreditation(known, ace_entered_on="2023-02-01"))
    client.post(url(Accreditation, "add"), accreditation(pending))
    stages = {a.expert_id: str(a.stage_on(today())) for a in Accreditation.objects.all()}
    assert stages == {known.pk: "full", pending.pk: "entry_pending"}


def test_the_reference_typed_on_the_same_page_counts(client, staff):
    expert = ExpertFactory()
    page = client.get(url(Expert, "change", expert.pk))
    row = {f"accreditations-0-{k}": v for k, v in accreditation(expert, ace_entered_on="2023-02-01").items()}
    posted = fields_of(page) | row | {"ace_reference": "ACE-7", "accreditations-TOTAL_FORMS": 1}
    client.post(url(Expert, "change", expert.pk), posted)
    assert [str(a.stage_on(today())) for a in expert.accreditations.all()] == ["full"]


# The ledger


def period(expert, **fields):
    return {
        "expert": expert.pk, "first_day": "2025-03-01", "last_day": "2025-03-07", "place": "Apia", "role": "1", "under_scheme": "on",
        "counts": "on", "source_note": "letter of 2025", **fields,
    }  # fmt: skip


def test_staff_record_service_from_before_the_portal(client, staff):
    expert = ExpertFactory()
    client.post(url(ServicePeriod, "add"), period(expert))
    row = ServicePeriod.objects.get()
    assert (row.days, row.source, row.state, row.recorded_by) == (7, "recorded", "used", staff)


def test_days_that_are_taken_are_refused(client, staff):
    expert = ExpertFactory()
    served(expert, dt.date(2025, 3, 7), 2)
    page = client.post(url(ServicePeriod, "add"), period(expert))
    assert list(page.context["adminform"].form.errors) == ["first_day"]
    assert ServicePeriod.objects.count() == 1


def test_a_recorded_line_is_corrected_by_the_service(client, staff):
    row = served(ExpertFactory(), dt.date(2025, 3, 7), 2, source_note="card")
    page = client.get(url(ServicePeriod, "change", row.pk))
    client.post(url(ServicePeriod, "change", row.pk), fields_of(page) | {"last_day": "2025-03-10"})
    fresh = ServicePeriod.objects.get()
    assert (fresh.days, fresh.version) == (4, row.version + 1)
    assert LogEntry.objects.get(object_id=row.expert_id).name == "past_service_corrected"


def test_a_line_of_a_mission_is_read_only(client, staff):
    make.letter_sent(make.people())
    row = ServicePeriod.objects.get(state=ServiceState.RESERVED)
    assert client.post(url(ServicePeriod, "change", row.pk), period(row.expert)).status_code == 403
    assert ServicePeriod.objects.get().first_day == row.first_day


# Letters, missions, people


def test_a_letter_is_read_only_once_it_has_left(client, staff):
    who = make.people()
    ready = make.letter_ready(who)
    page = client.get(url(Letter, "change", ready.pk))
    client.post(url(Letter, "change", ready.pk), fields_of(page) | {"opening": "Changed before"})
    sent = make.send(who, Letter.objects.get(pk=ready.pk))
    assert client.post(url(Letter, "change", sent.pk), {"opening": "Changed after"}).status_code == 403
    assert Letter.objects.get().opening == "Changed before"


def test_a_mission_that_is_over_stays_as_it_is(client, staff):
    mission = make.reported(make.people())
    assert client.post(url(Mission, "change", mission.pk), {"title": "Other"}).status_code == 403


def test_the_words_of_a_beneficiary_are_not_rewritten(client, staff):
    request = make.filed(make.people())
    page = client.get(url(CapacityRequest, "change", request.pk))
    posted = fields_of(page) | {"objective": "Something else", "contact_name": "B. Contact"}
    client.post(url(CapacityRequest, "change", request.pk), posted)
    fresh = CapacityRequest.objects.get()
    assert (fresh.objective, fresh.contact_name) == (request.objective, "B. Contact")


def test_an_account_is_opened_with_its_party_and_without_a_password(client, staff):
    inline = {
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 0,
        "absences-TOTAL_FORMS": 0,
        "absences-INITIAL_FORMS": 0,
    }
    row = {"memberships-0-party": "administration", "memberships-0-administration": administration("FJ").pk}
    client.post(url(User, "add"), {"email": "New@Customs.example", "name": "N. Ew", "is_active": "on", **inline, **row})
    user = User.objects.get(email="new@customs.example")
    assert (user.has_usable_password(), user.administration_ids()) == (False, {administration("FJ").pk})


def test_a_changed_address_is_told_to_the_old_one_and_stands_in_the_history(client, staff):
    user = focal_point("JP", email="old@customs.example")
    page = client.get(url(User, "change", user.pk))
    client.post(url(User, "change", user.pk), fields_of(page) | {"email": "New@customs.example", "name": "N. Ame"})
    fresh = User.objects.get(pk=user.pk)
    job = OutboxJob.objects.get(kind="address_changed")
    line = LogEntry.objects.get(object_id=user.pk)
    assert (fresh.email, fresh.name) == ("new@customs.example", "N. Ame")
    assert (job.payload["old"], line.by, line.name) == ("old@customs.example", staff, "address_changed")


def test_nobody_shuts_the_own_account(client, staff):
    page = client.get(url(User, "change", staff.pk))
    client.post(url(User, "change", staff.pk), {k: v for k, v in fields_of(page).items() if k != "is_active"})
    assert User.objects.get(pk=staff.pk).is_active


def test_words_of_an_area_are_typed_with_commas_and_found(client, staff):
    one = area("AEO")
    page = client.get(url(Area, "change", one.pk))
    client.post(url(Area, "change", one.pk), fields_of(page) | {"synonyms": "Trusted trader, Operator"})
    assert Area.objects.get(pk=one.pk).synonyms == ["Trusted trader", "Operator"]
    found = client.get(url(Area), {"q": "trusted"}).context["cl"].queryset
    assert list(found) == [one]


@pytest.mark.parametrize("model", [Expert, Accreditation, User, Mission, Letter])
def test_lists_cost_the_same_for_one_row_and_for_many(client, staff, model):
    costs = []
    for _more in range(2):
        who = make.people()
        make.letter_ready(who, who.expert, ExpertFactory(at_home_in="JP", accredited=True))
        client.get(url(model))
        with CaptureQueriesContext(connection) as queries:
            client.get(url(model))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_demo_region_is_marked_here_too(client, staff):
    assert "fictional" not in client.get(reverse("admin:index")).content.decode()
    PolicyRow.objects.create(key="portal.demo", value=True, valid_from=dt.date(2012, 5, 1), origin="house")
    assert "all people and missions here are fictional" in client.get(url(Expert)).content.decode()
