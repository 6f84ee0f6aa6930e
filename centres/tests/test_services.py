import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from centres import services
from centres.enums import Audience, TrainingKind, TrainingRole
from centres.models import Centre, CentreFocus, Resource, Training, TrainingPerson
from centres.queries import focus_on
from core.clock import today
from core.errors import InvalidAnswers, SomebodyWasFaster, UploadRefused
from core.inbox import inbox
from core.models import LogEntry
from experts.tests.factories import ExpertFactory, area
from members.tests.factories import centre_head, focal_point, rocb, secretariat, user_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
PDF = b"%PDF-1.7\n%%EOF\n"


def centre(code="MY"):
    return Centre.objects.get(administration__code=code)


def upload(name="Handbook.pdf", data=PDF):
    return SimpleUploadedFile(name, data)


def training(of="MY", **fields):
    values = {"kind": TrainingKind.GIVEN, "title": "Valuation", "first_day": today(), "last_day": today()}
    return services.add_training(centre(of), by=rocb(), **{**values, **fields})


def test_an_area_holds_from_its_day_until_its_day():
    focus = services.add_focus(centre(), area=area("NII"), since=today() - 9 * DAY, by=rocb(), source="Letter of 3 May")
    with pytest.raises(InvalidAnswers):
        services.add_focus(centre(), area=area("NII"), since=today(), by=rocb())
    with pytest.raises(InvalidAnswers):
        services.end_focus(focus, until=focus.since, by=rocb())
    services.end_focus(focus, until=today(), by=rocb())
    with pytest.raises(SomebodyWasFaster):
        services.end_focus(focus, until=today(), by=rocb())
    held = {day: focus_on(day).filter(pk=focus.pk).exists() for day in (today() - 10 * DAY, today() - DAY, today())}
    assert list(held.values()) == [False, True, False]
    with pytest.raises(InvalidAnswers):
        services.add_focus(centre(), area=area("NII"), since=today() - DAY, by=rocb())
    services.add_focus(centre(), area=area("NII"), since=today(), by=rocb())
    assert CentreFocus.objects.filter(centre=centre(), area=area("NII")).count() == 2


def test_material_is_a_file_or_a_link_and_not_both():
    given = [{}, {"upload": upload(), "url": "https://x.example/"}]
    for fields in given:
        with pytest.raises(InvalidAnswers):
            services.add_resource(centre(), title="Handbook", by=rocb(), **fields)
    with pytest.raises(UploadRefused):
        services.add_resource(centre(), title="Handbook", by=rocb(), upload=upload("x.exe"))
    assert not Resource.objects.exists()
    assert services.add_resource(centre(), title="Handbook", by=rocb(), upload=upload()).file.size == len(PDF)
    assert services.add_resource(centre(), title="Page", by=rocb(), url="https://x.example/").file is None


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (Audience.EVERYBODY, "rocb secretariat centre host other other-centre expert"),
        (Audience.EXPERTS, "rocb secretariat centre host expert"),
        (Audience.HOST, "rocb secretariat centre host"),
    ],
)
def test_material_is_seen_by_those_it_is_meant_for(audience, expected):
    resource = services.add_resource(centre(), title="Page", by=rocb(), url="https://x.example/", audience=audience)
    users = {
        "rocb": rocb(), "secretariat": secretariat(), "centre": centre_head("MY"), "host": focal_point("MY"),
        "other": focal_point("FJ"), "other-centre": centre_head("JP"), "expert": user_of("expert"),
    }  # fmt: skip
    assert [n for n, u in users.items() if Resource.objects.visible_to(u).exists()] == expected.split()
    services.remove_resource(resource, by=users["centre"])
    assert [n for n, u in users.items() if Resource.objects.visible_to(u).exists()] == ["centre"]
    with pytest.raises(SomebodyWasFaster):
        services.remove_resource(resource, by=users["centre"])


def test_a_training_keeps_its_people_once_and_its_days_in_order():
    held = training()
    person = ExpertFactory()
    services.add_training_person(held, expert=person, role=TrainingRole.TRAINER, by=rocb())
    with pytest.raises(InvalidAnswers):
        services.add_training_person(held, expert=person, role=TrainingRole.PARTICIPANT, by=rocb())
    with pytest.raises(InvalidAnswers):
        training(first_day=today(), last_day=today() - DAY)
    fields = {"first_day": today(), "last_day": today(), "title": "New"}
    services.edit_training(held, by=rocb(), version=0, **fields)
    with pytest.raises(SomebodyWasFaster):
        services.edit_training(held, by=rocb(), version=0, **{**fields, "title": "Other"})
    services.remove_training(held, by=rocb())
    assert (Training.objects.count(), TrainingPerson.objects.count()) == (0, 0)
    names = LogEntry.objects.filter(object_id=centre().pk).values_list("name", flat=True)
    assert set(names) == {"training_added", "training_person", "training_removed"}


def test_who_stands_at_a_training_is_shown_as_far_as_the_person_may_be_seen():
    held = training()
    known, unknown = ExpertFactory(at_home_in="JP", accredited=True), ExpertFactory(at_home_in="TH")
    for person in (known, unknown):
        services.add_training_person(held, expert=person, role=TrainingRole.PARTICIPANT, by=rocb())

    def seen(user):
        return {line.expert_id for line in TrainingPerson.objects.visible_to(user)}

    assert seen(rocb()) == seen(centre_head("MY")) == seen(focal_point("TH")) == {known.pk, unknown.pk}
    assert seen(focal_point("FJ")) == seen(centre_head("JP")) == {known.pk}
    assert seen(user_of("expert")) == set()


def test_a_centre_is_asked_for_material_on_each_of_its_areas_until_it_is_there():
    head = centre_head("JP")

    def asked():
        return [i.sentence for i in inbox(head, "centre") if "/material/add/" in i.url]

    assert len(asked()) == 2
    resource = services.add_resource(centre("JP"), title="x", by=head, url="https://x.example/", area=area("AEO"))
    assert len(asked()) == 1
    services.remove_resource(resource, by=head)
    assert len(asked()) == 2
    assert [i for i in inbox(rocb(), "rocb") if "/material/add/" in i.url] == []
