"""The yearly confirmation, the lapse, the contact, the leaving: what is written and who is told."""

import datetime as dt
import re

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from candidates import queries, services
from candidates.enums import LeftKind, NominationState, Origin, Strength
from candidates.models import Listing, Nomination
from candidates.tasks import keep_fresh
from core import outbox
from core.clock import today
from core.errors import InvalidAnswers, LinkInvalid, SomebodyWasFaster
from core.inbox import inbox
from core.models import ActionLink, LogEntry, Message, OutboxJob
from experts.enums import ServiceState
from experts.models import Unavailability
from experts.tests.factories import AccreditationFactory, ExpertFactory, area, served
from members.tests.factories import administration, centre_head, focal_point, rocb, secretariat

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
NOW = dt.date(2026, 6, 15)
LONG_AGO = dt.date(2025, 6, 15)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(dt.datetime(2026, 6, 15, 5, 0, tzinfo=dt.UTC), tick=False):
        yield


def line(code="NII", home="JP", **fields):
    expert = fields.pop("expert", None) or ExpertFactory(at_home_in=home)
    return Listing.objects.create(
        **{"expert": expert, "area": area(code), "origin": Origin.ROCB, "listed_on": LONG_AGO, **fields}
    )


def fresh(listing):
    return Listing.objects.get(pk=listing.pk)


def deliver():
    for _round in range(3):
        outbox.sweep()
    return {address: message for message in Message.objects.all() for address in message.to}


# Confirming


def test_whoever_confirms_starts_the_year_anew():
    listing = line()
    home = focal_point("JP")
    services.confirm_listing(listing, by=home)
    services.confirm_listing(listing, by=home)
    assert (fresh(listing).confirmed_on, fresh(listing).confirm_by) == (NOW, dt.date(2027, 6, 15))
    assert [e.name for e in LogEntry.objects.filter(object_id=listing.pk)] == ["confirmed"]


def test_what_has_left_is_confirmed_no_more():
    with pytest.raises(SomebodyWasFaster):
        services.confirm_listing(line(left_on=NOW), by=rocb())


@pytest.mark.parametrize(
    ("confirmed", "reminded", "asked"),
    [
        (None, None, True),
        (dt.date(2025, 6, 16), None, False),
        (None, dt.date(2026, 6, 14), False),
        (dt.date(2025, 6, 1), dt.date(2025, 5, 1), True),
        # The second time, a month before the end of the second year.
        (dt.date(2024, 7, 15), dt.date(2025, 7, 15), True),
        (dt.date(2024, 7, 16), dt.date(2025, 7, 16), False),
        (dt.date(2024, 7, 15), dt.date(2026, 6, 15), False),
    ],
)
def test_lines_are_asked_about_when_the_year_is_over_and_once_before_they_lapse(confirmed, reminded, asked):
    listing = line(
        listed_on=dt.date(2024, 6, 1) if confirmed else LONG_AGO, confirmed_on=confirmed, reminded_on=reminded
    )
    assert services.remind_listings() == int(asked)
    assert (fresh(listing).reminded_on == NOW) is (asked or reminded == NOW)
    assert services.remind_listings() == 0


def test_one_email_an_administration_and_one_a_person_whatever_the_number_of_lines():
    home = focal_point("JP", email="focal@jp.example")
    person = ExpertFactory(at_home_in="JP", email="one@jp.example", family_name="Example")
    line(expert=person)
    line("K9", expert=person)
    line("INT", expert=ExpertFactory(at_home_in="JP", email="two@jp.example"))
    assert services.remind_listings() == 3
    sent = deliver()
    assert sorted(sent) == ["focal@jp.example", "one@jp.example", "two@jp.example"]
    assert sent[home.email].text.count("on the list since 15 Jun 2025") == 3
    assert area("NII").name in sent["one@jp.example"].text
    assert "Integrity" not in sent["one@jp.example"].text


def link_to(address):
    return re.search(r"/candidates/confirm/\S+", deliver()[address].text).group()


def test_the_link_opens_without_an_account_and_its_answer_uses_it_up(client):
    focal_point("JP", email="focal@jp.example")
    keeps, ends = line(), line("K9")
    services.remind_listings()
    url = link_to("focal@jp.example")
    page = client.get(url)
    assert page.status_code == 200
    assert fresh(keeps).confirmed_on is None
    answers = {f"line-{keeps.pk}": "right", f"line-{ends.pk}": "end", "reason": ""}
    assert client.post(url, answers).status_code == 422
    assert client.post(url, {**answers, "reason": "Retires"}).status_code == 302
    assert fresh(keeps).confirmed_on == NOW
    assert (fresh(ends).left_on, fresh(ends).left_kind, fresh(ends).left_reason) == (NOW, LeftKind.WISH, "Retires")
    assert "Japan, by the link" in LogEntry.objects.filter(object_id=keeps.pk).get().actor
    again = client.get(url)
    assert (again.status_code, "your answer is recorded" in again.content.decode()) == (200, True)
    with pytest.raises(LinkInvalid):
        services.answer_listings(confirmed=[ends], leaving=[], by="x", token=url.rstrip("/").rpartition("/")[2])


def test_a_link_speaks_for_its_own_lines_alone(client):
    focal_point("JP", email="focal@jp.example")
    own, foreign = line(), line(home="FJ")
    services.remind_listings()
    client.post(link_to("focal@jp.example"), {f"line-{own.pk}": "right", f"line-{foreign.pk}": "end", "reason": "x"})
    assert (fresh(own).confirmed_on, fresh(foreign).left_on) == (NOW, None)


def test_a_link_that_is_over_says_so_and_an_unknown_one_too(client):
    focal_point("JP", email="focal@jp.example")
    line()
    services.remind_listings()
    url = link_to("focal@jp.example")
    ActionLink.objects.update(expires_at=dt.datetime(2026, 6, 1, tzinfo=dt.UTC))
    page = client.get(url)
    assert (page.status_code, "could be used until" in page.content.decode()) == (410, True)
    assert client.get(reverse("candidates:link-confirm", args=["nonsense"])).status_code == 410


def test_signed_in_the_home_administration_and_the_person_answer_their_own_lines(client):
    home = focal_point("JP")
    person = ExpertFactory(at_home_in="JP", login=True)
    listing, other = line(expert=person), line(home="FJ")
    for user in (home, person.user):
        client.force_login(user)
        assert [row.pk for row in client.get(reverse("candidates:confirm")).context["lines"]] == [listing.pk]
    client.post(reverse("candidates:confirm"), {f"line-{listing.pk}": "right", f"line-{other.pk}": "right"})
    assert (fresh(listing).confirmed_on, fresh(other).confirmed_on) == (NOW, None)
    assert client.get(reverse("candidates:confirm")).context["lines"] == []


def test_the_inbox_asks_the_home_administration_and_the_person_and_rocb_waits():
    home = focal_point("JP")
    person = ExpertFactory(at_home_in="JP", login=True)
    line(expert=person)
    line("K9", expert=person)
    line(home="FJ", confirmed_on=NOW)
    url = reverse("candidates:confirm")
    [asked] = [i for i in inbox(home, "administration") if i.url == url]
    assert (asked.sentence, asked.due) == (
        "Confirm 1 person of Japan on the candidate list, or take the line off",
        dt.date(2027, 6, 15),
    )
    assert [i.mine for i in inbox(person.user, "expert") if i.url == url] == [True]
    assert [i.url for i in inbox(focal_point("FJ"), "administration") if i.url == url] == []
    [waits] = [i for i in inbox(rocb(), "rocb") if "wait to be confirmed" in i.sentence]
    assert (waits.mine, waits.who) == (False, "1 home administration")


# Lapse


@pytest.mark.parametrize(
    ("listed", "reminded", "ends"),
    [
        (dt.date(2024, 6, 15), dt.date(2026, 5, 16), True),
        (dt.date(2024, 6, 16), dt.date(2026, 5, 16), False),
        (dt.date(2024, 6, 15), dt.date(2026, 5, 17), False),
        (dt.date(2020, 6, 15), None, False),
    ],
)
def test_a_line_lapses_after_two_years_and_never_unasked(listed, reminded, ends):
    listing = line(listed_on=listed, reminded_on=reminded)
    assert services.lapse_listings() == int(ends)
    assert fresh(listing).left_kind == (LeftKind.LAPSED if ends else "")
    assert services.lapse_listings() == 0


def test_a_confirmation_after_the_question_keeps_from_lapsing():
    listing = line(listed_on=dt.date(2020, 1, 1), confirmed_on=dt.date(2024, 6, 1), reminded_on=dt.date(2024, 5, 1))
    assert services.lapse_listings() == 0
    assert fresh(listing).left_on is None


def test_the_nightly_task_does_nothing_twice():
    line()
    line(listed_on=dt.date(2024, 6, 1), reminded_on=dt.date(2025, 6, 1))
    assert keep_fresh() == 2
    assert keep_fresh() == 0
    assert OutboxJob.objects.filter(kind="listing_left").count() == 1


def test_home_and_person_are_told_of_the_end_in_e_mails_of_their_own():
    focal_point("JP", email="focal@jp.example")
    listing = line(expert=ExpertFactory(at_home_in="JP", email="one@jp.example"))
    services.leave_list(listing, reason="Moved on", kind=LeftKind.OTHER, by=rocb(), version=listing.version)
    sent = deliver()
    assert sorted(sent) == ["focal@jp.example", "one@jp.example"]
    assert "Moved on" in sent["one@jp.example"].text
    assert len(mail.outbox) == 2


# Contact, leaving, renewal


def test_a_contact_stands_in_all_lines_of_the_person_and_its_note_is_for_the_offices():
    person = ExpertFactory()
    one, two, other = line(expert=person), line("K9", expert=person, contacted_on=NOW), line("INT")
    services.note_contact(one, by=rocb(), on=NOW - DAY, note="Met in Suva")
    assert [fresh(x).contacted_on for x in (one, two, other)] == [NOW - DAY, NOW, None]
    assert LogEntry.objects.get(object_id=one.pk).private
    with pytest.raises(InvalidAnswers):
        services.note_contact(one, by=rocb(), on=NOW + DAY)


def test_somebody_accredited_in_the_area_is_proposed_to_rocb_and_ended_by_nobody_else(client):
    person = ExpertFactory(at_home_in="JP")
    listing, kept = line("AEO", expert=person), line("NII", expert=person)
    AccreditationFactory(expert=person)
    gone = line(expert=ExpertFactory(left_on=NOW))
    staff = rocb()
    assert {x.pk for x in queries.lines_to_close(NOW)} == {listing.pk, gone.pk}
    [item] = [i for i in inbox(staff, "rocb") if i.object_id == listing.pk]
    assert "is accredited in Authorized Economic Operator now" in item.sentence
    assert [i for i in inbox(secretariat(), "secretariat") if i.object_id == listing.pk] == []
    services.lapse_listings()
    assert fresh(listing).left_on is None
    client.force_login(staff)
    form = client.get(item.url).context["form"]
    assert form.initial["kind"] == LeftKind.ACCREDITED
    assert fresh(kept).is_open(NOW)


def test_a_first_step_alone_closes_nothing():
    person = ExpertFactory(at_home_in="JP", first_step=True)
    line("AEO", expert=person)
    assert list(queries.lines_to_close(NOW)) == []


def nomination(expert, **fields):
    return Nomination.objects.create(
        **{
            "origin": Origin.ADMINISTRATION, "home": expert.administration, "expert": expert,
            "given_name": expert.given_name, "family_name": expert.family_name, "state": NominationState.SUBMITTED,
            "submitted_at": dt.datetime(2026, 6, 1, tzinfo=dt.UTC), **fields,
        }
    )  # fmt: skip


def test_a_nomination_that_renews_confirms_the_open_line_and_adds_the_new_areas():
    person = ExpertFactory(at_home_in="JP")
    old = line(expert=person)
    renewal = nomination(person, renews=old)
    same = services.list_candidate(
        expert=person, area=area("NII"), origin=Origin.ADMINISTRATION, by=rocb(), nomination=renewal
    )
    new = services.list_candidate(
        expert=person, area=area("K9"), origin=Origin.ADMINISTRATION, by=rocb(), nomination=renewal
    )
    assert (same.pk, same.nomination, same.confirmed_on) == (old.pk, renewal, NOW)
    assert (new.pk != old.pk, new.nomination) == (True, renewal)


def test_a_nomination_that_renews_nothing_doubles_no_line():
    person = ExpertFactory(at_home_in="JP")
    line(expert=person)
    with pytest.raises(InvalidAnswers):
        services.list_candidate(
            expert=person, area=area("NII"), origin=Origin.ADMINISTRATION, by=rocb(), nomination=nomination(person)
        )


def test_an_objection_after_the_listing_ends_the_lines_of_the_nomination_alone():
    person = ExpertFactory(at_home_in="JP")
    objected = line(expert=person, nomination=nomination(person))
    other = line("K9", expert=person)
    assert services.leave_after_objection(objected.nomination, by=focal_point("JP")) == 1
    assert (fresh(objected).left_kind, fresh(other).left_on) == (LeftKind.OBJECTED, None)


# The list


@pytest.fixture
def people():
    person = ExpertFactory(family_name="Waived", at_home_in="JP")
    line("K9", expert=person, nomination=nomination(person, waiver="Nobody else in the region"), contacted_on=NOW)
    person = ExpertFactory(family_name="Met", at_home_in="FJ")
    line("INT", expert=person, nomination=nomination(person), confirmed_on=NOW, contacted_on=dt.date(2025, 6, 1))
    line("AEO", expert=ExpertFactory(family_name="Covered", at_home_in="JP"), confirmed_on=NOW)
    ExpertFactory(accredited=True, at_home_in="NZ")
    away = ExpertFactory(family_name="Away", at_home_in="JP")
    Unavailability.objects.create(expert=away, first_day=NOW + 10 * DAY, last_day=NOW + 12 * DAY)
    line("NII", expert=away, confirmed_on=NOW)
    busy = ExpertFactory(family_name="Busy", at_home_in="MY")
    served(busy, NOW + 90 * DAY, 3, state=ServiceState.RESERVED)
    served(busy, NOW + 5 * DAY, 3, state=ServiceState.RELEASED)
    line("NII", expert=busy, confirmed_on=NOW)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "Away Busy Met Waived Covered"),
        ("covered=yes", "Covered"),
        ("covered=no", "Away Busy Met Waived"),
        ("strength=waiver", "Waived"),
        ("strength=four_met", "Met"),
        ("free=no", "Away Busy"),
        ("free=yes", "Met Waived Covered"),
        ("contact=never", "Away Busy Covered"),
        ("contact=year", "Away Busy Met Covered"),
        ("waits=confirm", "Waived"),
        ("sort=contact&contact=", "Away Busy Covered Met Waived"),
    ],
)
def test_the_list_asks_by_evidence_days_contact_and_what_waits(client, people, query, expected):
    client.force_login(rocb())
    page = client.get(f"{reverse('candidates:listings')}?{query}")
    assert sorted(r.expert.family_name for r in page.context["rows"]) == sorted(expected.split())
    if not query:
        assert [r.expert.family_name for r in page.context["rows"]][-1] == "Covered"


def test_what_stands_beside_a_line(client, people):
    client.force_login(rocb())
    shown = {p.listing.expert.family_name: p for p in client.get(reverse("candidates:listings")).context["people"]}
    assert [p.strength for p in (shown["Waived"], shown["Met"], shown["Away"])] == [
        Strength.WAIVER, Strength.FOUR_MET, Strength.BEFORE,
    ]  # fmt: skip
    assert shown["Away"].busy == [(NOW + 10 * DAY, NOW + 12 * DAY)]
    assert shown["Busy"].busy == [(NOW + 90 * DAY, NOW + 90 * DAY)]
    assert shown["Waived"].to_confirm
    assert not shown["Met"].to_confirm


def test_days_and_contacts_are_not_for_centres(client):
    person = ExpertFactory(at_home_in="TH")
    Unavailability.objects.create(expert=person, first_day=NOW, last_day=NOW, reason="Surgery")
    listing = line(expert=person, origin=Origin.CENTRE, recommended_by=administration("MY"), contacted_on=NOW)
    client.force_login(centre_head("MY"))
    page = client.get(reverse("candidates:listings"), {"free": "yes", "contact": "never"})
    assert [p.busy for p in page.context["people"]] == [None]
    assert not {"free", "contact"} & set(page.context["filterset"].form.fields)
    assert "Surgery" not in client.get(listing.get_absolute_url()).content.decode()
    sheet = client.get(reverse("candidates:listings-export", args=["csv"])).content.decode()
    assert "Last contact" not in sheet


def test_a_known_person_is_found_by_words_to_be_put_on_the_list(client):
    client.force_login(rocb())
    known = ExpertFactory(family_name="Example", at_home_in="FJ")
    ExpertFactory(family_name="Other", at_home_in="FJ")
    page = client.get(reverse("candidates:listing-add"), {"find": "exam fiji"})
    assert [p.pk for p in page.context["found"]] == [known.pk]
    assert f"?expert={known.pk}" in page.content.decode()
    assert len(page.context["form"].fields["expert"].queryset) == 0


def test_the_candidates_of_a_centre_are_shown_to_those_who_may_see_them(client):
    from centres.models import Centre

    centre = Centre.objects.get(administration__code="JP")
    host = line("AEO", home="JP")
    recommended = line("IPR", home="FJ", origin=Origin.CENTRE, recommended_by=administration("JP"))
    line("NII", home="JP")
    url = reverse("candidates:of-centre", args=[centre.pk])

    def seen(user):
        client.force_login(user)
        return [x.pk for _area, lines in client.get(url).context["groups"] for x in lines]

    assert seen(rocb()) == [host.pk, recommended.pk]
    assert seen(centre_head("JP")) == [recommended.pk]
    assert seen(focal_point("JP")) == [host.pk]
    assert seen(focal_point("NZ")) == []
    assert today() == NOW
