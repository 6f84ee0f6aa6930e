"""Two records become one: nothing of any app is left behind, what both have becomes one, what a person must settle is said."""

import datetime as dt
import uuid

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils import timezone

from candidates.models import Listing
from core import history, outbox
from core.clock import today
from core.enums import JobState
from core.errors import SomebodyWasFaster, TransitionRefused
from core.models import ActionLink, LogEntry, Message, OutboxJob
from experts import services
from experts.models import (
    Accreditation,
    Expert,
    ExpertLanguage,
    MergedRecord,
    NotDuplicate,
    Publication,
    ServicePeriod,
    Unavailability,
)
from experts.queries import ordered
from experts.tests.factories import AccreditationFactory, ExpertFactory, area, served
from members.enums import Party
from members.services import add_membership
from members.tests.factories import administration, focal_point, rocb
from missions.models import Invitation
from missions.tests import factories as make
from rocb_portal.tests import world as worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return rocb()


def pair(**other):
    return ExpertFactory(family_name="Tanaka"), ExpertFactory(**{"family_name": "Tanaca", **other})


# Nothing is left behind


def models_that_point_at_people():
    """Every model of every app with a relation to a person, and the relation's name; found, not listed."""
    return sorted(
        (
            (model, field.name)
            for model in apps.get_models(include_auto_created=True)
            for field in model._meta.get_fields()
            if field.concrete and field.related_model is Expert and not field.many_to_many
        ),
        key=lambda found: (found[0]._meta.label, found[1]),
    )


def a_row(model, name, person):
    """A row of `model` that points at `person`: one that is there already, or one made of the least that the model wants."""
    kept = model._base_manager.exclude(**{f"{name}_id": person.pk}).order_by("pk").first()
    if kept is not None:
        model._base_manager.filter(pk=kept.pk).update(**{name: person.pk})
        return kept.pk
    return made(model, **{name: person}).pk


def made(model, **values):
    for field in model._meta.concrete_fields:
        is_empty = isinstance(field, models.CharField | models.TextField) and field.blank
        if field.name in values or field.has_default() or field.null or field.primary_key or is_empty:
            continue
        if getattr(field, "auto_now_add", False):
            continue
        values[field.name] = least(field)
    return model._base_manager.create(**values)


def least(field):
    if field.is_relation:
        if field.related_model is Expert:
            return ExpertFactory()
        return field.related_model._base_manager.order_by("pk").first() or made(field.related_model)
    if field.choices:
        return field.choices[0][0]
    for rule in field.model._meta.constraints:
        for key, allowed in getattr(getattr(rule, "condition", None), "children", ()):
            if key == f"{field.name}__in":
                return allowed[0]
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return today()
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.IntegerField):
        return 1
    return "x"


def test_nothing_of_any_app_is_left_behind(staff, tmp_path, settings):
    """One row of every model that points at a person, of every app, moves with the person; nothing goes with the old record."""
    settings.MEDIA_ROOT = tmp_path
    worlds.build()
    stays, goes = pair()
    found = [(model, name) for model, name in models_that_point_at_people()]
    assert len(found) > 15
    assert {model._meta.app_label for model, _name in found} >= {"experts", "centres", "candidates", "missions"}
    rows = [(model, name, a_row(model, name, goes)) for model, name in found if model is not NotDuplicate]
    before = {model: model._base_manager.count() for model, _name in found}
    services.merge_records(stays, goes, by=staff)
    assert not Expert.objects.filter(pk=goes.pk).exists()
    behind = [(m._meta.label, n) for m, n in found if m._base_manager.filter(**{f"{n}_id": goes.pk}).exists()]
    assert behind == []
    moved = [m._meta.label for m, n, pk in rows if m._base_manager.get(pk=pk).__dict__[f"{n}_id"] != stays.pk]
    assert moved == []
    after = {model: model._base_manager.count() for model, _name in found}
    grown = {model for model in after if model is MergedRecord or hasattr(model, "instance_type")}
    assert {m._meta.label: (before[m], n) for m, n in after.items() if n != before[m] and m not in grown} == {}


def test_a_mistake_of_ours_loses_nothing(staff, monkeypatch):
    """Should a relation not be walked, the record is not deleted with what hangs on it."""
    stays, goes = pair()
    served(goes, dt.date(2024, 1, 1), 3)
    monkeypatch.setattr("experts.services.merging.related_to", lambda model: iter(()))
    with pytest.raises(RuntimeError, match="ServicePeriod"):
        services.merge_records(stays, goes, by=staff)
    assert ServicePeriod.objects.filter(expert=goes).exists()


def test_what_names_a_record_by_its_bare_key_follows(staff):
    stays, goes = pair()
    history.record(goes, "added", "Record opened", by=staff)
    child = Listing.objects.create(expert=goes, area=area("NII"), origin="rocb", listed_on=today())
    history.record(child, "listed", "Put on the list", by=staff)
    Message.objects.create(to=["x@y.example"], subject="S", text="T", about_id=goes.pk)
    ActionLink.objects.create(
        token_hash="x", purpose="profile", object_id=goes.pk, recipient="x@y.example", expires_at=timezone.now()
    )
    job = outbox.enqueue("profile_confirm", object_id=goes.pk)
    services.merge_records(stays, goes, by=staff)
    assert set(LogEntry.objects.filter(object_id=stays.pk).values_list("name", flat=True)) == {"added", "merged"}
    assert LogEntry.objects.get(name="listed").parent_id == stays.pk
    assert Message.objects.get(subject="S").about_id == stays.pk
    assert not ActionLink.objects.exists()
    assert OutboxJob.objects.get(pk=job.pk).payload["object_id"] == str(stays.pk)


# What both have


def test_the_same_accreditation_becomes_one_with_every_step_known(staff):
    stays, goes = pair()
    early, late = dt.date(2019, 5, 1), dt.date(2021, 5, 1)
    mine = AccreditationFactory(
        expert=stays, first_step_on=early, accredited_on=None, ace_entered_on=None, as_of=early, source="A list"
    )
    AccreditationFactory(
        expert=goes, first_step_on=None, accredited_on=late, ace_entered_on=late, as_of=late, source="ACE"
    )
    only = AccreditationFactory(expert=goes, area=area("IPR"))
    services.merge_records(stays, goes, by=staff)
    one = Accreditation.objects.get(expert=stays, area=area("AEO"))
    assert (one.pk, one.first_step_on, one.accredited_on, one.ace_entered_on) == (mine.pk, early, late, late)
    assert (one.as_of, one.source) == (late, "ACE")
    assert Accreditation.objects.get(area=area("IPR")).pk == only.pk
    said = MergedRecord.objects.get(kept=stays).said
    assert ("Tanaca" in said["name"], len(said["rows"])) == (True, 1)


def test_an_accreditation_that_lives_in_one_record_does_not_end(staff):
    stays, goes = pair()
    AccreditationFactory(expert=stays)
    AccreditationFactory(expert=goes, ended_on=dt.date(2024, 1, 1), gone_since=dt.date(2024, 1, 1))
    services.merge_records(stays, goes, by=staff)
    one = Accreditation.objects.get(expert=stays)
    assert (one.ended_on, one.gone_since) == (None, None)


def test_what_hangs_on_a_row_that_became_one_moves_to_the_one(staff):
    stays, goes = pair()
    mine, theirs = AccreditationFactory(expert=stays), AccreditationFactory(expert=goes)
    correction = services.raise_correction(
        goes, by=staff, field="accredited_on", accreditation=theirs, should_say="2020-01-01", reason="The certificate."
    )
    services.merge_records(stays, goes, by=staff)
    correction.refresh_from_db()
    assert (correction.expert_id, correction.accreditation_id) == (stays.pk, mine.pk)


def test_languages_and_open_lines_of_one_area_become_one(staff):
    stays, goes = pair()
    for person, names in ((stays, ["French"]), (goes, ["French", "Thai"])):
        for name in names:
            ExpertLanguage.objects.create(expert=person, language=name)
    lines = [
        Listing.objects.create(expert=person, area=area("NII"), origin="rocb", listed_on=day)
        for person, day in ((stays, dt.date(2024, 1, 1)), (goes, dt.date(2022, 1, 1)))
    ]
    Publication.objects.create(expert=goes, title="On value")
    services.merge_records(stays, goes, by=staff)
    assert [row.language for row in stays.languages.all()] == ["French", "Thai"]
    one = Listing.objects.get(expert=stays)
    assert (one.pk, one.listed_on) == (lines[0].pk, dt.date(2022, 1, 1))
    assert stays.publications.count() == 1


def test_a_line_that_left_stands_beside_the_open_one(staff):
    stays, goes = pair()
    Listing.objects.create(expert=stays, area=area("NII"), origin="rocb", listed_on=dt.date(2024, 1, 1))
    Listing.objects.create(
        expert=goes, area=area("NII"), origin="rocb", listed_on=dt.date(2020, 1, 1), left_on=dt.date(2021, 1, 1)
    )
    services.merge_records(stays, goes, by=staff)
    assert Listing.objects.filter(expert=stays).count() == 2


# What a person has to settle


def test_days_that_overlap_are_refused_with_a_sentence(staff):
    stays, goes = pair()
    served(stays, dt.date(2024, 1, 1), 10)
    served(goes, dt.date(2024, 1, 10), 5)
    with pytest.raises(TransitionRefused, match="days of service that overlap"):
        services.merge_records(stays, goes, by=staff)
    assert Expert.objects.filter(pk__in=[stays.pk, goes.pk]).count() == 2
    ServicePeriod.objects.filter(expert=goes).update(state="released")
    services.merge_records(stays, goes, by=staff)
    assert ServicePeriod.objects.filter(expert=stays).count() == 2


def test_two_open_cases_of_one_kind_are_refused_with_a_sentence(staff):
    who = make.people()
    stays, goes = ExpertFactory(accredited=True), ExpertFactory(accredited=True)
    mission = make.shortlisted(who, stays)
    make.services.shortlist(mission, expert=goes, seat=mission.seats.first(), standing="accredited", by=who.rocb)
    with pytest.raises(TransitionRefused, match="End one of the two first"):
        services.merge_records(stays, goes, by=staff)
    assert Invitation.objects.filter(expert=goes).count() == 1


def test_a_record_that_changed_since_it_was_looked_at_is_not_joined(staff):
    stays, goes = pair()
    with pytest.raises(SomebodyWasFaster):
        services.merge_records(stays, goes, by=staff, versions=(stays.version, goes.version + 1))


# The fields


def test_fields_are_taken_one_by_one_and_what_was_said_is_kept(staff):
    stays, goes = pair(ace_reference="ACE-1", at_home_in="FJ")
    goes.phone, goes.provenance, goes.ace_as_of = (
        "+679",
        {"family_name": {"as_of": "2024-05-01", "source": "X"}},
        today(),
    )
    goes.history_confirmed_from = dt.date(2020, 1, 1)
    goes.save()
    kept = services.merge_records(stays, goes, by=staff, take=["family_name", "ace_reference", "phone"])
    fresh = Expert.objects.get(pk=kept.pk)
    assert (fresh.family_name, fresh.ace_reference, fresh.phone) == ("Tanaca", "ACE-1", "+679")
    assert (fresh.administration.code, fresh.ace_as_of, fresh.provenance) == ("JP", today(), goes.provenance)
    assert fresh.history_confirmed_from is None
    said = MergedRecord.objects.get().said
    assert (said["ace_reference"], said["administration_id"]) == ("ACE-1", str(administration("FJ").pk))


def test_one_account_stays_and_the_other_is_closed(staff):
    stays, goes = ExpertFactory(login=True), ExpertFactory(login=True)
    mine, theirs = stays.user, goes.user
    services.merge_records(stays, goes, by=staff, take=["user"])
    assert Expert.objects.get(pk=stays.pk).user == theirs
    mine.refresh_from_db()
    assert (mine.is_active, theirs.is_active) == (False, True)


def test_an_account_with_another_party_goes_on(staff):
    stays, goes = ExpertFactory(login=True), ExpertFactory(login=True)
    add_membership(goes.user, by=staff, party=Party.ADMINISTRATION, administration=administration("FJ"))
    services.merge_records(stays, goes, by=staff)
    goes.user.refresh_from_db()
    assert goes.user.is_active


def test_both_addresses_are_told_each_alone(staff):
    stays, goes = ExpertFactory(login=True, email="one@customs.example"), ExpertFactory(email="two@customs.example")
    services.merge_records(stays, goes, by=staff)
    for job in OutboxJob.objects.filter(kind="records_merged", state=JobState.QUEUED):
        outbox.deliver(job.pk)
    assert sorted(message.to for message in Message.objects.all()) == [["one@customs.example"], ["two@customs.example"]]
    assert "The account that opens it is one@customs.example" in Message.objects.first().text


# Pairs


def test_what_was_found_of_pairs_holds_for_the_record_that_stays(staff):
    stays, goes = pair()
    third, fourth = ExpertFactory(), ExpertFactory()
    for one, other in ((goes, third), (stays, third), (goes, fourth), (stays, goes)):
        services.note_two_people(one, other, by=staff)
    services.merge_records(stays, goes, by=staff)
    found = set(NotDuplicate.objects.values_list("first_id", "second_id"))
    assert found == {ordered(stays.pk, third.pk), ordered(stays.pk, fourth.pk)}


# The pages


def test_compared_side_by_side_joined_and_the_old_address_leads_on(client, staff):
    stays, goes = pair(accredited=True, email="new@customs.example")
    Unavailability.objects.create(expert=goes, first_day=today(), last_day=today())
    client.force_login(staff)
    url = reverse("experts:compare", args=[stays.pk, goes.pk])
    page = client.get(url)
    assert set(page.context["form"].fields) == {"family_name", "email", "other_version"}
    response = client.post(
        url, {"version": stays.version, "other_version": goes.version, "family_name": "kept", "email": "other"}
    )
    assert (response.status_code, response.url) == (302, stays.get_absolute_url())
    fresh = Expert.objects.get(pk=stays.pk)
    assert (fresh.family_name, fresh.email) == ("Tanaka", "new@customs.example")
    for name in ("experts:expert", "experts:cap", "experts:profile"):
        old = client.get(reverse(name, args=[goes.pk]))
        assert (old.status_code, old.url) == (302, reverse(name, args=[stays.pk]))
    client.force_login(ExpertFactory(login=True).user)
    assert client.get(reverse("experts:expert", args=[goes.pk])).status_code == 404


def test_a_refusal_is_a_sentence_on_the_page(client, staff):
    stays, goes = pair()
    served(stays, dt.date(2024, 1, 1), 10)
    served(goes, dt.date(2024, 1, 10), 5)
    client.force_login(staff)
    response = client.post(
        reverse("experts:compare", args=[stays.pk, goes.pk]),
        {"version": stays.version, "other_version": goes.version, "family_name": "kept", "email": "kept"},
    )
    assert response.status_code == 422
    assert "days of service that overlap" in response.content.decode()


def test_two_people_are_remembered(client, staff):
    one, other = ExpertFactory(family_name="Tanaka"), ExpertFactory(family_name="Tanaka")
    client.force_login(staff)
    url = reverse("experts:duplicates")
    assert client.get(url).context["total"] == 1
    client.post(reverse("experts:two-people", args=[one.pk, other.pk]), {"note": "Cousins"})
    assert client.get(url).context["total"] == 0
    row = NotDuplicate.objects.get()
    assert (row.first_id, row.second_id, row.note, row.by) == (*ordered(one.pk, other.pk), "Cousins", staff)


def test_the_other_record_is_found_by_name(client, staff):
    one, other = ExpertFactory(family_name="Tanaka"), ExpertFactory(family_name="Tanaka-Ono", at_home_in="FJ")
    client.force_login(staff)
    page = client.get(reverse("experts:duplicate-pick", args=[one.pk]))
    assert page.context["found"] == [other]
    client.force_login(focal_point("JP"))
    assert client.get(reverse("experts:duplicate-pick", args=[one.pk])).status_code == 403
