"""Step 1 as people see it: the request, its list, its letter, the annual plan."""

import csv
import datetime as dt
import hashlib
import io
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import today
from core.errors import NotAllowed, TransitionRefused
from core.inbox import inbox
from core.models import LogEntry
from core.workflow import perform, state_of
from experts.tests.factories import area
from members.models import Membership
from members.tests.factories import administration, focal_point
from missions import services
from missions.enums import BearsCost, Mode
from missions.models import CapacityRequest, Mission
from missions.services import plan_year_of
from missions.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return make.people()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answers(**changes):
    """What a person types; dates as the browser sends them."""
    first = today() + dt.timedelta(days=100)
    typed = {
        "title": "Valuation workshop",
        "area": str(area("VAL").pk),
        "objective": "Officers value used vehicles alike.",
        "audience": "Twenty valuation officers.",
        "first_day": first.isoformat(),
        "last_day": (first + dt.timedelta(days=4)).isoformat(),
        "mode": Mode.ON_SITE,
        "place": "Suva",
        "bears_cost": BearsCost.PARTLY,
        "cost_note": "Local transport.",
        "origin": "ad_hoc",
        "contact_name": "Litia Contact",
        "contact_email": "litia@customs.example",
    }
    return {**typed, **changes}


def errors(response) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


# The form


def test_a_new_request_is_kept_as_a_draft_and_leads_to_the_answers(who):
    response = signed_in(who.beneficiary).post(reverse("missions:request-new"), answers())
    draft = CapacityRequest.objects.get()
    assert response.url == reverse("missions:request-file", args=[draft.pk])
    assert (state_of(draft).value, draft.beneficiary.code, draft.title) == ("draft", "FJ", "Valuation workshop")
    assert draft.created_by == who.beneficiary


@pytest.mark.parametrize("name", ["mode", "bears_cost"])
def test_nothing_is_preset_where_the_answer_must_be_the_persons_own(who, name):
    """Whether the beneficiary bears cost is always asked, never preset (§3.3)."""
    client, url = signed_in(who.beneficiary), reverse("missions:request-new")
    assert client.get(url).context["form"][name].value() is None
    assert list(errors(client.post(url, answers(**{name: ""}), follow=True))) == [name]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"cost_note": ""}, "cost_note"),
        ({"place": " "}, "place"),
        ({"last_day": "2020-01-10", "first_day": "2020-01-06"}, "last_day"),
        ({"first_day": "2099-01-10", "last_day": "2099-01-06"}, "last_day"),
    ],
)
def test_what_is_still_open_is_said_at_its_question_and_what_was_typed_is_kept(who, changes, field):
    client = signed_in(who.beneficiary)
    response = client.post(reverse("missions:request-new"), answers(**changes), follow=True)
    draft = CapacityRequest.objects.get()
    assert response.redirect_chain == [(f"{reverse('missions:request-edit', args=[draft.pk])}?open", 302)]
    assert list(errors(response)) == [field]
    assert response.context["form"]["objective"].value() == "Officers value used vehicles alike."
    assert draft.objective == "Officers value used vehicles alike."


@pytest.mark.parametrize(
    "typed",
    [
        {"title": "Valuation"},
        {"area": "VAL"},
        {"first_day": "2099-01-10", "last_day": "2099-01-06"},
        {"contact_email": "litia@"},
        {"bears_cost": "partly"},
    ],
)
def test_a_draft_is_kept_however_little_it_says(who, typed):
    """Members type on slow lines: what is still missing stands in the way of sending, never of keeping."""
    given = typed | ({"area": str(area("VAL").pk)} if "area" in typed else {})
    client = signed_in(who.beneficiary)
    response = client.post(reverse("missions:request-new"), given | {"later": "1"}, follow=True)
    draft = CapacityRequest.objects.get()
    assert response.redirect_chain == [(draft.get_absolute_url(), 302)]
    assert "nothing has been sent" in response.content.decode()
    form = client.get(reverse("missions:request-edit", args=[draft.pk])).context["form"]
    assert {name: form[name].value() for name in typed} == {
        name: dt.date.fromisoformat(value) if name.endswith("_day") else area("VAL").pk if name == "area" else value
        for name, value in given.items()
    }
    with pytest.raises(TransitionRefused, match="Still to answer"):
        perform(draft, "file", by=who.beneficiary)


@pytest.mark.parametrize("more", [{}, {"later": "1"}])
def test_a_page_in_which_nothing_was_typed_begins_no_draft(who, more):
    client, url = signed_in(who.beneficiary), reverse("missions:request-new")
    untouched = {bound.html_name: bound.value() or "" for bound in client.get(url).context["form"]}
    assert untouched["contact_email"] == who.beneficiary.email
    refused = client.post(url, untouched | more)
    assert refused.status_code == 422
    assert {"title", "area", "bears_cost"} <= set(errors(refused))
    key = refused.context["key"]
    saved = client.post(reverse("missions:request-new-autosave"), untouched | {"draft": key})
    assert (saved.status_code, "X-Version" in saved) == (204, False)
    assert not CapacityRequest.objects.exists()


def test_an_unfinished_draft_waits_in_the_inbox_and_names_what_is_open_before_it_can_be_sent(who):
    client = signed_in(who.beneficiary)
    client.post(reverse("missions:request-new"), answers(area="", place="", contact_email="litia@") | {"later": "1"})
    draft = CapacityRequest.objects.get()
    edit, file = (reverse(f"missions:request-{name}", args=[draft.pk]) for name in ("edit", "file"))
    waiting = [item for item in inbox(who.beneficiary, "administration") if item.object_id == draft.pk]
    assert [(item.sentence, item.url) for item in waiting] == [("Go on with your request “Valuation workshop”", edit)]
    assert client.get(draft.get_absolute_url()).context["card"]["url"] == edit
    page = client.get(file)
    assert page.context["offer"].decision.reason == "Still to answer: area, place, contact's e-mail address."
    text = page.content.decode()
    assert '<span class="btn btn-blocked" aria-disabled="true">Send the request to ROCB</span>' in text
    assert "World Customs Organization" not in text
    assert client.post(file, {"version": draft.version}).status_code == 422
    draft.refresh_from_db()
    assert state_of(draft).value == "draft"


def test_a_draft_without_a_title_is_found_by_its_number(who):
    client = signed_in(who.beneficiary)
    client.post(reverse("missions:request-new"), {"audience": "Ten officers.", "later": "1"})
    draft = CapacityRequest.objects.get()
    for address in (
        reverse("missions:requests"),
        draft.get_absolute_url(),
        reverse("missions:request-file", args=[draft.pk]),
    ):
        page = client.get(address)
        assert page.status_code == 200
        assert draft.number in page.content.decode()
    assert "(no title yet)" in client.get(reverse("missions:requests")).content.decode()
    exported = client.get(reverse("missions:requests"), {"format": "csv"}).content.decode("utf-8-sig")
    assert draft.number in exported


# Saved while it is typed


def test_a_new_request_is_saved_while_it_is_typed_as_one_draft(who):
    client = signed_in(who.beneficiary)
    page = client.get(reverse("missions:request-new"))
    key, version = page.context["key"], page.context["version"]
    autosave = reverse("missions:request-new-autosave")
    assert f'data-autosave="{autosave}"' in page.content.decode()
    assert f'name="draft" value="{key}"' in page.content.decode()
    one = client.post(autosave, {"title": "Val", "draft": key, "version": version})
    typed = {"title": "Valuation", "first_day": "2099-01-10", "draft": key}
    two = client.post(autosave, typed | {"version": one["X-Version"]})
    draft = CapacityRequest.objects.get()
    assert (one.status_code, two.status_code, two["X-Page"]) == (204, 204, reverse("missions:request-edit", args=[key]))
    assert (draft.pk, draft.title, draft.first_day) == (key, "Valuation", dt.date(2099, 1, 10))
    assert list(LogEntry.objects.values_list("title", flat=True)) == ["Draft begun"]
    sent = answers(draft=key, version=two["X-Version"])
    assert client.post(reverse("missions:request-new"), sent).url == reverse("missions:request-file", args=[key])
    assert CapacityRequest.objects.get().objective == "Officers value used vehicles alike."


def test_an_answer_lost_on_a_slow_line_begins_no_second_draft(who):
    client = signed_in(who.beneficiary)
    key = client.get(reverse("missions:request-new")).context["key"]
    autosave = reverse("missions:request-new-autosave")
    client.post(autosave, {"title": "First", "draft": key, "version": "0"})
    again = client.post(autosave, {"title": "First and more", "draft": key, "version": "0"})
    assert again.status_code == 204
    assert [r.title for r in CapacityRequest.objects.all()] == ["First and more"]


def test_what_cannot_be_read_is_named_and_the_rest_is_saved(who):
    draft = make.drafted(who)
    answer = signed_in(who.beneficiary).post(
        reverse("missions:request-autosave", args=[draft.pk]),
        answers(title="x" * 161, objective="New words.", version=draft.version),
    )
    assert (answer.status_code, answer.content.decode()) == (200, "Saved, but not yet: “What should it be called?”")
    draft.refresh_from_db()
    assert (draft.title, draft.objective) == ("AEO validation workshop", "New words.")


def test_saving_while_typing_says_when_a_colleague_was_there(who):
    draft = make.drafted(who)
    url = reverse("missions:request-autosave", args=[draft.pk])
    signed_in(focal_point("FJ")).post(url, answers(title="Theirs", version=draft.version))
    late = signed_in(who.beneficiary).post(url, answers(title="Mine", version=draft.version))
    assert (late.status_code, "Somebody else has saved" in late.content.decode()) == (409, True)
    draft.refresh_from_db()
    assert draft.title == "Theirs"


def test_the_address_that_saves_does_not_open_as_a_page_and_says_so_in_words(who):
    draft = make.drafted(who)
    response = signed_in(who.beneficiary).get(reverse("missions:request-autosave", args=[draft.pk]))
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "This address does not open as a page" in response.content.decode()


@pytest.mark.parametrize(("name", "status"), [("home", 404), ("rocb", 404), ("expert_user", 404)])
def test_nobody_else_writes_on_a_draft(who, name, status):
    draft = make.drafted(who)
    url = reverse("missions:request-autosave", args=[draft.pk])
    assert signed_in(getattr(who, name)).post(url, answers(version=draft.version)).status_code == status


@pytest.mark.parametrize("name", ["rocb", "expert_user"])
def test_only_an_administration_begins_a_draft_by_typing(who, name):
    url = reverse("missions:request-new-autosave")
    assert signed_in(getattr(who, name)).post(url, answers(draft=uuid.uuid4())).status_code == 403


def test_a_key_that_is_anothers_begins_nothing_and_changes_nothing(who):
    draft = make.drafted(who)
    for name in ("request-new-autosave", "request-new"):
        typed = answers(draft=draft.pk, version=draft.version)
        assert signed_in(who.home).post(reverse(f"missions:{name}"), typed).status_code == 403
    assert [r.title for r in CapacityRequest.objects.all()] == ["AEO validation workshop"]


def test_a_sent_request_is_not_saved_any_more(who):
    sent = make.filed(who)
    url = reverse("missions:request-autosave", args=[sent.pk])
    assert signed_in(who.beneficiary).post(url, answers(version=sent.version)).status_code == 403
    with pytest.raises(TransitionRefused):
        services.edit_request(sent, by=who.beneficiary, version=sent.version, title="Other")


def test_a_returned_request_keeps_its_area_and_days_and_everything_else_that_was_typed(who):
    """Others count by them: the plan and the demand for an area."""
    returned = perform(make.filed(who), "return", by=who.rocb, returned_note="Which officers?")
    client = signed_in(who.beneficiary)
    typed = answers(area="", last_day="", audience="", objective="New words.", version=returned.version)
    saved = client.post(reverse("missions:request-autosave", args=[returned.pk]), typed)
    assert saved.content.decode() == "Saved, but not yet: “In which area?”, “First day wished”, “Last day wished”"
    first, last = returned.first_day, returned.last_day
    returned.refresh_from_db()
    assert (returned.area, returned.first_day, returned.last_day) == (area("AEO"), first, last)
    assert (returned.objective, returned.audience) == ("New words.", "")
    refused = client.post(
        reverse("missions:request-edit", args=[returned.pk]), typed | {"version": returned.version, "later": "1"}
    )
    assert sorted(errors(refused)) == ["area", "first_day", "last_day"]
    kept = client.post(
        reverse("missions:request-edit", args=[returned.pk]),
        answers(audience="", objective="New words.", version=returned.version) | {"later": "1"},
    )
    assert kept.status_code == 302
    assert LogEntry.objects.filter(name="edit").count() == 1


def test_what_was_saved_while_typing_is_told_by_the_next_saving_by_hand(who):
    returned = perform(make.filed(who), "return", by=who.rocb, returned_note="Which officers?")
    client = signed_in(who.beneficiary)
    traces = returned.history.count()
    saved = client.post(
        reverse("missions:request-autosave", args=[returned.pk]), answers(audience="Ten.", version=returned.version)
    )
    assert (returned.history.count(), LogEntry.objects.filter(name="edit").count()) == (traces, 0)
    client.post(
        reverse("missions:request-edit", args=[returned.pk]), answers(audience="Ten.", version=saved["X-Version"])
    )
    assert (returned.history.count(), LogEntry.objects.filter(name="edit").count()) == (traces + 1, 1)


def test_for_whom_it_is_asked_can_be_changed_until_it_is_sent(who):
    tonga = administration("TO")
    Membership.objects.create(user=who.beneficiary, party="administration", administration=tonga)
    draft = make.drafted(who)
    client, url = signed_in(who.beneficiary), reverse("missions:request-edit", args=[draft.pk])
    client.post(url, answers(beneficiary=str(tonga.pk), version=draft.version))
    draft.refresh_from_db()
    assert draft.beneficiary == tonga
    with pytest.raises(NotAllowed):
        services.edit_request(draft, by=who.beneficiary, version=draft.version, beneficiary=administration("JP"))


def test_a_remote_request_needs_no_place_and_a_no_needs_no_note(who):
    signed_in(who.beneficiary).post(
        reverse("missions:request-new"), answers(mode=Mode.REMOTE, place="", bears_cost=BearsCost.NO, cost_note="")
    )
    assert CapacityRequest.objects.get().bears_cost == BearsCost.NO


def test_what_another_answer_makes_needless_is_not_kept(who):
    signed_in(who.beneficiary).post(reverse("missions:request-new"), answers(mode=Mode.REMOTE, bears_cost=BearsCost.NO))
    kept = CapacityRequest.objects.get()
    assert (kept.place, kept.cost_note) == ("", "")


def test_who_speaks_for_two_administrations_is_asked_for_which(who):
    tonga = administration("TO")
    Membership.objects.create(user=who.beneficiary, party="administration", administration=tonga)
    client = signed_in(who.beneficiary)
    assert next(iter(client.get(reverse("missions:request-new")).context["form"].fields)) == "beneficiary"
    client.post(reverse("missions:request-new"), answers(beneficiary=str(tonga.pk)))
    assert CapacityRequest.objects.get().beneficiary == tonga


def test_somebody_elses_administration_cannot_be_chosen(who):
    japan = focal_point("JP").party_rows[0].administration
    signed_in(who.beneficiary).post(reverse("missions:request-new"), answers(beneficiary=str(japan.pk)))
    assert CapacityRequest.objects.get().beneficiary.code == "FJ"


def test_of_two_editors_the_second_is_told_and_keeps_the_text(who):
    draft = make.drafted(who)
    url = reverse("missions:request-edit", args=[draft.pk])
    first, second = signed_in(who.beneficiary), signed_in(focal_point("FJ"))
    assert f'name="version" value="{draft.version}"' in first.get(url).content.decode()
    assert first.post(url, answers(title="First", version=draft.version)).status_code == 302
    refused = second.post(url, answers(title="Second", version=draft.version))
    assert refused.status_code == 422
    assert "Somebody was faster" in refused.content.decode()
    assert refused.context["form"]["title"].value() == "Second"
    draft.refresh_from_db()
    assert draft.title == "First"


def test_a_sent_request_is_not_edited(who):
    sent = make.filed(who)
    assert signed_in(who.beneficiary).get(reverse("missions:request-edit", args=[sent.pk])).status_code == 403


# Check your answers, then send


def test_the_answers_are_read_over_with_the_letter_before_anything_leaves(who):
    draft = make.drafted(who)
    page = signed_in(who.beneficiary).get(reverse("missions:request-file", args=[draft.pk])).content.decode()
    assert "Train validators of the new programme." in page
    assert "World Customs Organization" in page
    assert "bears part of the cost" in page
    draft.refresh_from_db()
    assert state_of(draft).value == "draft"


def test_sending_files_the_request_and_says_what_follows(who):
    draft = make.drafted(who)
    response = signed_in(who.beneficiary).post(
        reverse("missions:request-file", args=[draft.pk]), {"version": draft.version}, follow=True
    )
    draft.refresh_from_db()
    assert state_of(draft).value == "filed"
    assert "passed on to the Secretariat" in response.content.decode()


def test_what_changed_after_reading_over_is_not_sent_unread(who):
    draft = make.drafted(who)
    seen = draft.version
    signed_in(focal_point("FJ")).post(
        reverse("missions:request-edit", args=[draft.pk]), answers(title="Other", version=seen)
    )
    refused = signed_in(who.beneficiary).post(reverse("missions:request-file", args=[draft.pk]), {"version": seen})
    assert refused.status_code == 422
    draft.refresh_from_db()
    assert state_of(draft).value == "draft"


def test_a_request_with_dates_gone_by_says_so_instead_of_offering_the_button(who):
    gone = today() - dt.timedelta(days=10)
    draft = make.drafted(who, first_day=gone)
    page = signed_in(who.beneficiary).get(reverse("missions:request-file", args=[draft.pk])).content.decode()
    assert "The dates wished have passed" in page
    assert '<span class="btn btn-blocked" aria-disabled="true">Send the request to ROCB</span>' in page
    assert '<form method="post" class="form"' not in page


def test_sending_twice_is_told_in_a_sentence(who):
    sent = make.filed(who)
    response = signed_in(who.beneficiary).post(
        reverse("missions:request-file", args=[sent.pk]), {"version": sent.version}
    )
    assert response.status_code == 422
    assert "Only a draft or a returned request can be sent." in response.content.decode()


# The page


def test_the_page_says_whom_it_waits_for(who):
    sent = make.filed(who)
    url = reverse("missions:request", args=[sent.pk])
    own, office = signed_in(who.rocb).get(url), signed_in(who.beneficiary).get(url)
    assert own.context["card"]["label"] == "Pass it to the Secretariat"
    assert (office.context["card"]["who"], office.context["card"]["url"]) == ("ROCB A/P", "")


def test_returning_brings_the_words_back_to_the_beneficiary(who):
    sent = make.filed(who)
    url = reverse("missions:request-do", args=[sent.pk, "return"])
    assert signed_in(who.rocb).post(url, {"returned_note": ""}).status_code == 422
    signed_in(who.rocb).post(url, {"returned_note": "Please say how many officers."})
    page = signed_in(who.beneficiary).get(reverse("missions:request-edit", args=[sent.pk])).content.decode()
    assert "Please say how many officers." in page


def test_a_step_is_told_as_done_with_the_words_that_were_given(who):
    sent = make.filed(who)
    url = reverse("missions:request-do", args=[sent.pk, "return"])
    page = signed_in(who.rocb).post(url, {"returned_note": "Please say how many officers."}, follow=True)
    assert [str(m) for m in page.context["messages"]] == ["Request returned for completion."]
    line = LogEntry.objects.get(name="return")
    assert (line.title, line.note) == ("Request returned for completion", "Please say how many officers.")
    seen = signed_in(who.beneficiary).get(sent.get_absolute_url())
    assert [line.title for line in seen.context["lines"]] == [
        "Request returned for completion",
        "Request sent to ROCB",
        "Draft begun",
    ]
    assert '<p class="timeline-note">Please say how many officers.</p>' in seen.content.decode()


def test_the_general_page_explains_the_step_and_shows_from_and_to(who):
    sent = make.filed(who)
    page = signed_in(who.rocb).get(reverse("missions:request-do", args=[sent.pk, "check"]))
    text = page.content.decode()
    assert "What happens next" in text
    assert "filed with ROCB" in text
    assert "checked by ROCB" in text


def test_the_general_page_says_that_a_step_is_not_open(who):
    planned = make.checked(who)
    response = signed_in(who.rocb).get(reverse("missions:request-do", args=[planned.pk, "check"]))
    assert "This step is not open" in response.content.decode()
    assert "<textarea" not in response.content.decode()


def test_withdrawing_for_the_beneficiary_names_the_true_actor(who):
    sent = make.filed(who)
    url = reverse("missions:request-do", args=[sent.pk, "withdraw"])
    assert "on behalf of: beneficiary administration" in signed_in(who.rocb).get(url).content.decode()
    page = signed_in(who.rocb).post(url, {"note": "Told by telephone."}, follow=True).content.decode()
    assert "on behalf of beneficiary administration" in page
    assert LogEntry.objects.get(name="withdraw").by == who.rocb


def test_rocbs_remark_is_for_the_offices(who):
    sent = perform(make.filed(who), "check", by=who.rocb, check_note="Only after the elections.")
    url = reverse("missions:request", args=[sent.pk])
    assert "Only after the elections." in signed_in(who.secretariat).get(url).content.decode()
    assert "Only after the elections." not in signed_in(who.beneficiary).get(url).content.decode()


def test_a_draft_is_the_beneficiarys_own(who):
    draft = make.drafted(who)
    url = reverse("missions:request", args=[draft.pk])
    assert [signed_in(u).get(url).status_code for u in (who.beneficiary, who.rocb, who.home)] == [200, 404, 404]


def test_the_letter_is_drawn_once_even_if_the_worker_has_not_come_to_it(who):
    draft = make.drafted(who)
    url = reverse("missions:request-letter", args=[draft.pk])
    client = signed_in(who.beneficiary)
    assert client.get(url).url == draft.get_absolute_url()
    perform(draft, "file", by=who.beneficiary)
    served = b"".join(client.get(url).streaming_content)
    assert served.startswith(b"%PDF-")
    kept = CapacityRequest.objects.get(pk=draft.pk).letter_pdf
    assert kept.sha256 == hashlib.sha256(served).hexdigest()
    assert b"".join(client.get(url).streaming_content) == served
    assert CapacityRequest.objects.get(pk=draft.pk).letter_pdf == kept
    assert signed_in(who.home).get(url).status_code == 404


# The list


def test_offices_list_what_was_filed_and_members_their_own(who):
    make.drafted(who, title="A draft")
    make.filed(who, title="Filed")
    url = reverse("missions:requests")
    titles = {
        name: {row.title for row in signed_in(getattr(who, name)).get(url).context["rows"]}
        for name in ("rocb", "secretariat", "beneficiary", "home")
    }
    assert titles == {"rocb": {"Filed"}, "secretariat": {"Filed"}, "beneficiary": {"A draft", "Filed"}, "home": set()}
    assert signed_in(who.expert_user).get(url).status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "checked"}, {"Checked one"}),
        ({"area": "VAL"}, {"Filed one"}),
        ({"beneficiary": "JP"}, set()),
        ({"q": "one checked"}, {"Checked one"}),
        ({"q": "one filed checked"}, set()),
        ({"sort": "nonsense"}, {"Checked one", "Filed one"}),
    ],
)
def test_the_list_is_narrowed(who, query, found):
    make.checked(who, title="Checked one")
    make.filed(who, title="Filed one", area=area("VAL"))
    rows = signed_in(who.rocb).get(reverse("missions:requests"), query).context["rows"]
    assert {row.title for row in rows} == found


def test_members_are_not_asked_for_the_beneficiary(who):
    form = signed_in(who.beneficiary).get(reverse("missions:requests")).context["filterset"].form
    assert list(form.fields) == ["q", "state", "area"]


def test_a_swapped_list_is_the_same_as_the_reloaded_one(who):
    make.filed(who)
    client, url = signed_in(who.rocb), reverse("missions:requests")
    whole = client.get(url).content.decode()
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert part.strip() in whole


def test_the_export_holds_what_the_list_holds(who):
    make.filed(who, title="=HYPERLINK(1)")
    make.filed(who, title="Other", area=area("VAL"))
    response = signed_in(who.rocb).get(reverse("missions:requests"), {"format": "csv", "area": "AEO"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["Title", "'=HYPERLINK(1)"]


def test_the_list_costs_the_same_for_one_and_for_three(who, django_assert_num_queries):
    make.filed(who)
    client, url = signed_in(who.rocb), reverse("missions:requests")
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    make.filed(who)
    make.filed(who)
    with django_assert_num_queries(len(one)):
        client.get(url)


# The annual plan


def plan_answers(request, **changes):
    return {
        "title": request.title,
        "place": "Suva",
        "first_day": request.first_day.isoformat(),
        "last_day": request.last_day.isoformat(),
        "mode": "on_site",
        "under_scheme": "yes",
        "financing": "wco",
        "donor": "",
        "deviations": "",
        "role": "1",
        "seats": "2",
        **changes,
    }


def test_entering_in_the_plan_opens_the_mission_with_its_particulars_and_seats(who):
    request = make.checked(who)
    url = reverse("missions:plan-entry", args=[request.pk])
    response = signed_in(who.secretariat).post(url, plan_answers(request, under_scheme="no", role="2"))
    mission = Mission.objects.get()
    assert response.url == mission.get_absolute_url()
    assert mission.seats.count() == 2
    assert (mission.under_scheme, mission.role, mission.financing, mission.mode) == (False, 2, "wco", "on_site")
    assert mission.plan_year == plan_year_of(request.first_day)
    request.refresh_from_db()
    assert state_of(request).value == "in_plan"


def test_who_finances_it_is_not_preset_and_a_donor_is_named(who):
    request = make.checked(who)
    url = reverse("missions:plan-entry", args=[request.pk])
    client = signed_in(who.secretariat)
    assert client.get(url).context["form"]["financing"].value() is None
    assert list(errors(client.post(url, plan_answers(request, financing="")))) == ["financing"]
    assert list(errors(client.post(url, plan_answers(request, financing="donor")))) == ["donor"]
    assert not Mission.objects.exists()


def test_a_donor_is_kept_where_one_takes_part(who):
    """Whoever stands as donor is asked for a yes to candidates (§3.1): none may be left over from a change of mind."""
    for financing, donor in [("shared", "ADB"), ("wco", ""), ("beneficiary", "")]:
        request = make.checked(who)
        typed = plan_answers(request, financing=financing, donor="ADB", deviations="None known.")
        signed_in(who.secretariat).post(reverse("missions:plan-entry", args=[request.pk]), typed)
        mission = Mission.objects.get(request=request)
        assert (mission.donor, bool(mission.deviations)) == (donor, financing != "wco")


def test_a_remote_request_is_planned_online(who):
    request = make.checked(who, mode=Mode.REMOTE, place="")
    page = signed_in(who.secretariat).get(reverse("missions:plan-entry", args=[request.pk]))
    assert page.context["form"]["place"].value() == "Online"


@pytest.mark.parametrize(("first_day", "year"), [("2027-06-30", "2026/27"), ("2027-07-01", "2027/28"), ("", None)])
def test_the_plan_year_follows_from_the_first_day_as_it_is_typed(who, first_day, year):
    request = make.checked(who)
    response = signed_in(who.secretariat).get(
        reverse("missions:plan-entry", args=[request.pk]), {"first_day": first_day}, headers={"HX-Request": "true"}
    )
    label = year or Mission(plan_year=plan_year_of(request.first_day)).plan_label
    assert f"<strong>{label}</strong>" in response.content.decode()
    assert "<html" not in response.content.decode()


def test_a_request_is_entered_once(who):
    request = make.checked(who)
    url = reverse("missions:plan-entry", args=[request.pk])
    client = signed_in(who.secretariat)
    client.post(url, plan_answers(request))
    again = client.post(url, plan_answers(request))
    assert again.status_code == 422
    assert "Somebody was faster" in again.content.decode()
    assert Mission.objects.count() == 1


def test_the_plan_shows_a_year_with_its_counts_and_what_waits(who):
    day = dt.date(today().year + 1, 9, 1)
    mission = make.planned(who, first_day=day)
    waiting = make.checked(who, first_day=day + dt.timedelta(days=30), title="Waiting")
    make.drafted(who, first_day=day, title="A draft")
    make.checked(who, first_day=day.replace(year=day.year + 1), title="Next year")
    plan = signed_in(who.rocb).get(reverse("missions:plan"), {"year": day.year}).context["plan"]
    assert [m.pk for m in plan.missions] == [mission.pk]
    assert [r.pk for r in plan.waiting] == [waiting.pk]
    assert [(state.value, number) for state, number in plan.by_state] == [("planned", 1)]


@pytest.mark.parametrize("year", ["20260", "abc", "-1", "１９９９"])
def test_an_odd_year_is_this_plan_year(who, year):
    response = signed_in(who.rocb).get(reverse("missions:plan"), {"year": year})
    assert response.context["plan"].year == plan_year_of(today())


def test_the_plan_is_exported_with_what_waits(who):
    day = dt.date(today().year + 1, 9, 1)
    mission = make.planned(who, first_day=day)
    waiting = make.checked(who, first_day=day)
    response = signed_in(who.secretariat).get(reverse("missions:plan"), {"year": day.year, "format": "csv"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[1:3] for row in rows[1:]] == [[mission.number, mission.request.number], ["", waiting.number]]


@pytest.mark.parametrize(("name", "status"), [("beneficiary", 403), ("expert_user", 403), ("rocb", 200)])
def test_the_plan_is_the_offices_own(who, name, status):
    assert signed_in(getattr(who, name)).get(reverse("missions:plan")).status_code == status
