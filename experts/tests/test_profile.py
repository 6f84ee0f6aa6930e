"""The profile that a person keeps up: who may, what comes from ACE stays, the yearly word, who looked at the contact data."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core import outbox
from core.clock import months_after, today
from core.enums import JobState
from core.errors import InvalidAnswers, SomebodyWasFaster
from core.inbox import inbox
from core.models import ActionLink, LogEntry, Message, OutboxJob
from experts import queries, services
from experts.models import Expert
from experts.tests.factories import ExpertFactory
from members.tests.factories import focal_point, rocb, secretariat

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def expert():
    return ExpertFactory(accredited=True, login=True, speaks=["Japanese"])


def written(expert, **changes):
    """The form as it stands with `changes`."""
    languages = changes.pop("languages", [("Japanese", "native")])
    publications = changes.pop("publications", [])
    data = {
        "version": expert.version, "office": "Valuation", "email": expert.email, "phone": "+81 3", "customs_since": "1999",
        "specialisms": "Transfer pricing",
        "languages-TOTAL_FORMS": len(languages), "languages-INITIAL_FORMS": 0,
        "publications-TOTAL_FORMS": len(publications), "publications-INITIAL_FORMS": 0,
    }  # fmt: skip
    for n, (language, level) in enumerate(languages):
        data |= {f"languages-{n}-language": language, f"languages-{n}-level": level}
    for n, (title, year, url) in enumerate(publications):
        data |= {f"publications-{n}-title": title, f"publications-{n}-year": year, f"publications-{n}-url": url}
    return data | changes


def edit_url(expert):
    return reverse("experts:profile-edit", args=[expert.pk])


def test_the_person_keeps_up_the_profile(client, expert):
    client.force_login(expert.user)
    cv = SimpleUploadedFile("cv.pdf", PDF)
    data = written(
        expert, cv=cv, languages=[("Japanese", "native"), ("English", "working"), ("", "fluent")],
        publications=[("On value", 2015, "example.org/value")],
    )  # fmt: skip
    response = client.post(edit_url(expert), data)
    assert (response.status_code, response.url) == (302, reverse("experts:profile", args=[expert.pk]))
    fresh = Expert.objects.get(pk=expert.pk)
    assert (fresh.office, fresh.customs_since, fresh.specialisms) == ("Valuation", 1999, "Transfer pricing")
    assert [(row.language, row.level) for row in fresh.languages.all()] == [
        ("English", "working"),
        ("Japanese", "native"),
    ]
    assert [(row.title, row.year, row.url) for row in fresh.publications.all()] == [
        ("On value", 2015, "https://example.org/value")
    ]
    assert (fresh.cv.name, fresh.version) == ("cv.pdf", expert.version + 1)
    line = LogEntry.objects.get(object_id=expert.pk, name="profile")
    assert line.answers == {
        "changed": ["customs_since", "cv", "languages", "office", "phone", "publications", "specialisms"]
    }
    assert b"".join(client.get(reverse("experts:cv", args=[expert.pk])).streaming_content) == PDF


def test_nothing_changed_writes_nothing(client, expert):
    client.force_login(expert.user)
    client.post(edit_url(expert), written(expert))
    fresh = Expert.objects.get(pk=expert.pk)
    client.post(edit_url(expert), written(fresh))
    assert Expert.objects.get(pk=expert.pk).version == fresh.version
    assert LogEntry.objects.filter(object_id=expert.pk, name="profile").count() == 1


def test_an_old_form_is_refused_and_keeps_what_was_typed(client, expert):
    client.force_login(expert.user)
    response = client.post(edit_url(expert), written(expert, version=expert.version + 7, office="Typed"))
    assert response.status_code == 422
    assert 'value="Typed"' in response.content.decode()
    assert Expert.objects.get(pk=expert.pk).office == ""


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"customs_since": "3000"}, "Please write the year with four digits"),
        ({"customs_since": "99"}, "Please write the year with four digits"),
        ({"languages": [("French", "fluent"), ("french", "native")]}, "One language is written twice"),
        ({"publications": [("", 2015, "example.org")]}, "Please look at the publications again"),
        ({"email": "nobody"}, "Enter a valid email address"),
        ({"cv": SimpleUploadedFile("cv.pdf", b"MZ")}, "What is inside this file is not what its name says"),
    ],
)
def test_what_cannot_be_is_said_beside_the_question(client, expert, changes, sentence):
    client.force_login(expert.user)
    response = client.post(edit_url(expert), written(expert, **changes))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert Expert.objects.get(pk=expert.pk).version == expert.version


def test_what_comes_from_ace_is_shown_with_its_day_and_not_changed(client, expert):
    expert.provenance = {"email": {"as_of": "2024-05-01", "source": "Extract of May"}}
    expert.save()
    client.force_login(expert.user)
    page = client.get(edit_url(expert)).content.decode()
    assert 'name="email"' not in page
    assert "as of 1 May 2024" in page
    with pytest.raises(InvalidAnswers):
        services.edit_profile(
            expert, by=expert.user, version=expert.version, languages=[], publications=[], email="new@customs.example"
        )
    client.post(edit_url(expert), written(expert, email="sneaked@customs.example"))
    assert Expert.objects.get(pk=expert.pk).email == expert.email


def test_two_at_once_one_passes(expert):
    given = {"by": expert.user, "version": expert.version, "languages": [], "publications": []}
    services.edit_profile(expert, office="One", **given)
    with pytest.raises(SomebodyWasFaster):
        services.edit_profile(expert, office="Two", **given)


def test_how_much_is_there_and_what_is_missing(expert):
    whole = queries.completeness(expert, today())
    assert (whole.there, whole.percent) == (2, 25)
    assert [part.name for part in whole.missing] == [
        "phone",
        "office",
        "customs_since",
        "specialisms",
        "cv",
        "confirmed",
    ]
    assert queries.completeness(services.confirm_profile(expert, by=expert.user), today()).there == 3


# Once a year


def aged(expert, months, *, confirmed=False):
    """Opened, or confirmed, so many months ago."""
    day = months_after(today(), -months)
    Expert.objects.filter(pk=expert.pk).update(
        created_at=dt.datetime.combine(day, dt.time(12), dt.UTC), profile_confirmed_on=day if confirmed else None
    )


@pytest.mark.parametrize(
    ("months", "confirmed", "asked"), [(11, False, 0), (12, False, 1), (11, True, 0), (12, True, 1), (30, True, 1)]
)
def test_it_is_asked_once_a_year(expert, months, confirmed, asked):
    aged(expert, months, confirmed=confirmed)
    assert (services.ask_to_confirm_profiles(), services.ask_to_confirm_profiles()) == (asked, 0)


def test_whoever_left_is_in_no_pool_or_has_no_address_is_not_asked():
    left, nobody, unreachable = (
        ExpertFactory(accredited=True),
        ExpertFactory(),
        ExpertFactory(accredited=True, email=""),
    )
    Expert.objects.filter(pk=left.pk).update(left_on=today())
    for one in (left, nobody, unreachable):
        aged(one, 24)
    assert services.ask_to_confirm_profiles() == 0


def test_another_year_asks_again(expert):
    aged(expert, 12, confirmed=True)
    services.ask_to_confirm_profiles()
    aged(expert, 24, confirmed=True)
    assert services.ask_to_confirm_profiles() == 1


def deliver(kind):
    return [outbox.deliver(job.pk) for job in OutboxJob.objects.filter(kind=kind, state=JobState.QUEUED)]


def test_the_link_of_the_email_confirms_once_without_an_account(client, expert, settings):
    settings.KEEP_MESSAGE_LINKS = True
    aged(expert, 12)
    services.ask_to_confirm_profiles()
    deliver("profile_confirm")
    message = Message.objects.get()
    assert message.to == [expert.email]
    url = next(line for line in message.text.splitlines() if "/answer/profile/" in line).removeprefix(
        settings.PUBLIC_URL
    )
    assert client.get(url).status_code == 200
    assert Expert.objects.get(pk=expert.pk).profile_confirmed_on is None
    response = client.post(url, follow=True)
    assert "Thank you, it is noted" in response.content.decode()
    assert Expert.objects.get(pk=expert.pk).profile_confirmed_on == today()
    line = LogEntry.objects.get(name="profile_confirmed")
    assert (line.by, line.actor) == (None, f"{expert.name}, by the link of the e-mail")
    ActionLink.objects.update(used_at=None, ended_at=timezone.now())
    assert client.get(url).status_code == 410


def test_an_email_that_comes_too_late_says_nothing(expert):
    aged(expert, 12)
    services.ask_to_confirm_profiles()
    services.confirm_profile(expert, by=expert.user)
    deliver("profile_confirm")
    assert not Message.objects.exists()


def test_the_inbox_asks_and_one_click_confirms(client, expert):
    sentence = "Look through your profile and say that it is right"
    assert [item.sentence for item in inbox(expert.user, "expert")] == [sentence]
    client.force_login(expert.user)
    client.post(reverse("experts:profile-confirm", args=[expert.pk]))
    assert inbox(expert.user, "expert") == []
    aged(expert, 12, confirmed=True)
    assert [item.sentence for item in inbox(expert.user, "expert")] == [sentence]
    assert inbox(rocb(), "rocb") == []


# Who looked


def test_who_looks_at_contact_data_is_noted_once_a_day(client, expert):
    readers = rocb(), secretariat(), focal_point("JP")
    for user in (*readers, focal_point("KR"), expert.user):
        client.force_login(user)
        for _ in range(2):
            client.get(expert.get_absolute_url())
            client.get(reverse("experts:profile", args=[expert.pk]))
    lines = LogEntry.objects.filter(object_id=expert.pk, name=services.CONTACT_SEEN)
    assert sorted(line.by.email for line in lines) == sorted(user.email for user in readers)


def test_the_person_and_rocb_read_who_looked_and_the_history_stays_free_of_it(client, expert):
    office, home = secretariat(), focal_point("JP")
    client.force_login(office)
    client.get(expert.get_absolute_url())
    url = reverse("experts:profile", args=[expert.pk])
    heading = "Who looked at the contact data"
    client.force_login(expert.user)
    assert str(office) in client.get(url).content.decode().partition(heading)[2]
    client.force_login(home)
    assert heading not in client.get(url).content.decode()
    client.force_login(rocb())
    page = client.get(expert.get_absolute_url())
    assert "contact_seen" not in {line.name for line in page.context["entries"]}


def test_whoever_opens_the_cv_is_noted(client, expert):
    services.edit_profile(
        expert,
        by=expert.user,
        version=expert.version,
        languages=[],
        publications=[],
        cv=SimpleUploadedFile("cv.pdf", PDF),
    )
    client.force_login(rocb())
    assert b"".join(client.get(reverse("experts:cv", args=[expert.pk])).streaming_content) == PDF
    assert [sight.what for sight in queries.sights(expert)] == ["Curriculum vitae opened"]
