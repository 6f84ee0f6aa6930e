"""Calls for nominations: the table, the sending, the answers, the reminders."""

import datetime as dt

import pytest
from django.urls import reverse

from candidates import queries, services
from candidates.enums import CallAnswer, CallState, NominationState, Origin
from candidates.models import Call, CalledMember, Nomination
from candidates.workflow import CALL
from core import outbox
from core.clock import now, today
from core.errors import InvalidAnswers, NotAllowed, SomebodyWasFaster, TransitionRefused
from core.inbox import inbox
from core.models import Message
from core.workflow import decide, perform
from experts.tests.factories import ExpertFactory, area
from members.enums import Subregion
from members.models import Administration
from members.tests.factories import administration, centre_head, focal_point, rocb, secretariat, user_of

pytestmark = pytest.mark.django_db

SOON = dt.timedelta(days=30)

EXPECTED = """
    send | draft | open | rocb
    close | open | closed | rocb
    drop | draft | dropped | rocb
"""


@pytest.fixture
def staff():
    return rocb(email="rocb@office.example")


def call_to(staff, *codes, **fields):
    values = {"title": "Scanning", "text": "Who reads images?", "areas": [area("NII")], "deadline": today() + SOON}
    return services.draft_call(by=staff, members=[administration(code) for code in codes], **{**values, **fields})


def sent_to(staff, *codes):
    call = call_to(staff, *codes)
    return services.send_call(call, by=staff, version=call.version)


def member(call, code):
    return call.members.get(administration__code=code)


def deliver():
    for _round in range(3):
        outbox.sweep()
    return sorted(address for message in Message.objects.all() for address in message.to)


def test_the_table_is_as_written_by_hand(staff):
    written = [tuple(cell.strip() for cell in row.split("|")) for row in EXPECTED.strip().splitlines()]
    found = [(r.name, " ".join(r.sources), r.target, " ".join(sorted(r.all_parties))) for r in CALL.transitions]
    assert found == written
    open_call, draft = sent_to(staff, "JP"), call_to(staff, "JP")
    users = {"rocb": staff, "secretariat": secretariat(), "home": focal_point("JP"), "expert": user_of("expert")}
    for name, source, _target, parties in written:
        for thing in (draft, open_call):
            for party, user in users.items():
                assert bool(decide(thing, user, name)) is (thing.state == source and party == parties)


def test_a_call_goes_out_once_to_each_administration_that_was_chosen(staff):
    for code in ("JP", "FJ", "NZ"):
        focal_point(code, email=f"focal@{code.lower()}.example")
    call = sent_to(staff, "JP", "FJ")
    assert (call.state, call.sent_at is not None) == (CallState.OPEN, True)
    assert deliver() == ["focal@fj.example", "focal@jp.example"]
    assert deliver() == ["focal@fj.example", "focal@jp.example"]
    message = Message.objects.first()
    assert (message.reply_to, "Who reads images?" in message.text) == ("rocb@office.example", True)
    with pytest.raises(SomebodyWasFaster):
        services.send_call(call, by=staff, version=call.version)


def test_a_call_to_nobody_without_an_area_or_for_a_day_gone_by_stays_a_draft(staff):
    for call in (
        call_to(staff),
        call_to(staff, "JP", areas=[]),
        call_to(staff, "JP", deadline=today()),
    ):
        with pytest.raises(TransitionRefused):
            services.send_call(call, by=staff, version=call.version)
    with pytest.raises(NotAllowed):
        perform(call_to(staff, "JP"), "send", by=secretariat())
    assert deliver() == []


def test_a_draft_is_rocbs_alone_and_what_is_sent_stays_as_it_is(staff):
    draft, sent = call_to(staff, "JP"), sent_to(staff, "JP")
    put_away = perform(call_to(staff, "JP"), "drop", by=staff)
    assert decide(put_away, staff, "send").reason
    seen = {
        name: set(Call.objects.visible_to(user).values_list("pk", flat=True))
        for name, user in (
            ("rocb", staff), ("secretariat", secretariat()), ("asked", focal_point("JP")), ("its centre", centre_head("JP")),
            ("other", focal_point("FJ")), ("expert", user_of("expert")),
        )
    }  # fmt: skip
    assert seen == {
        "rocb": {draft.pk, sent.pk, put_away.pk}, "secretariat": {sent.pk}, "asked": {sent.pk}, "its centre": {sent.pk},
        "other": set(), "expert": set(),
    }  # fmt: skip
    fields = {"title": "x", "text": "y", "areas": [area("K9")], "deadline": today() + SOON, "members": []}
    with pytest.raises(TransitionRefused):
        services.edit_call(sent, by=staff, version=sent.version, **fields)
    edited = services.edit_call(draft, by=staff, version=draft.version, **fields)
    assert (edited.title, edited.members.count(), [a.code for a in edited.areas.all()]) == ("x", 0, ["K9"])
    with pytest.raises(SomebodyWasFaster):
        services.edit_call(draft, by=staff, version=draft.version, **fields)


def test_an_administration_answers_for_itself_and_rocb_on_its_behalf(staff):
    call, home = sent_to(staff, "JP", "FJ"), focal_point("JP")
    services.answer_call(member(call, "JP"), by=home, answer=CallAnswer.NOBODY, note=" In a year ")
    assert (member(call, "JP").note, member(call, "JP").answered_by) == ("In a year", home)
    with pytest.raises(NotAllowed):
        services.answer_call(member(call, "FJ"), by=home, answer=CallAnswer.NOBODY)
    services.answer_call(member(call, "FJ"), by=staff, answer=CallAnswer.NOMINATES, on_behalf=True)
    with pytest.raises(InvalidAnswers):
        services.answer_call(member(call, "FJ"), by=staff, answer="perhaps", on_behalf=True)
    assert [a.words for a in queries.answers_to(call)] == ["nominates", "nobody to nominate"]
    perform(call, "close", by=staff)
    with pytest.raises(TransitionRefused):
        services.answer_call(member(call, "JP"), by=home, answer=CallAnswer.NOMINATES)


def nominated(call, code, **fields):
    expert = ExpertFactory(at_home_in=code)
    return Nomination.objects.create(
        **{
            "origin": Origin.ADMINISTRATION, "home": expert.administration, "expert": expert, "call": call,
            "given_name": "An", "family_name": "Example", "state": NominationState.SUBMITTED, "submitted_at": now(),
            **fields,
        }
    )  # fmt: skip


def test_a_nomination_is_an_answer_and_its_draft_is_none(staff):
    call = sent_to(staff, "JP", "FJ", "NZ", "MY")
    sent = nominated(call, "JP")
    nominated(call, "FJ", state=NominationState.DRAFT)
    nominated(call, "NZ", state=NominationState.WITHDRAWN)
    nominated(call, "MY", origin=Origin.CENTRE, centre_host=administration("MY"))
    found = {a.member.administration.code: (a.is_silent, a.nominations) for a in queries.answers_to(call)}
    assert found == {"FJ": (True, []), "JP": (False, [sent]), "MY": (True, []), "NZ": (True, [])}
    [row] = queries.calls_with_answers([call], frozenset({administration("JP").pk}))
    assert (row.asked, row.answered, row.nominating, row.own_words) == (4, 1, 1, "has nominated")


def test_the_inbox_holds_the_call_until_it_is_answered_or_closed(staff):
    call, home = sent_to(staff, "JP", "FJ"), focal_point("JP")

    def waits(user):
        return [(i.due, i.url) for i in inbox(user, "administration") if i.object_id == call.pk]

    assert waits(home) == [(call.deadline, call.get_absolute_url())]
    assert waits(focal_point("NZ")) == []
    services.answer_call(member(call, "JP"), by=home, answer=CallAnswer.NOBODY)
    assert waits(home) == []
    other = focal_point("FJ")
    assert len(waits(other)) == 1
    nominated(call, "FJ")
    assert waits(other) == []


def test_rocb_is_asked_to_close_when_the_time_is_over(staff):
    call = sent_to(staff, "JP")
    assert [i for i in inbox(staff, "rocb") if i.object_id == call.pk] == []
    Call.objects.filter(pk=call.pk).update(deadline=today() - dt.timedelta(days=1))
    assert len([i for i in inbox(staff, "rocb") if i.object_id == call.pk and i.mine]) == 1


def test_reminders_go_to_the_silent_alone_and_not_to_those_who_answer_meanwhile(staff):
    for code in ("JP", "FJ", "NZ"):
        focal_point(code, email=f"focal@{code.lower()}.example")
    call = sent_to(staff, "JP", "FJ", "NZ")
    deliver()
    Message.objects.all().delete()
    services.answer_call(member(call, "JP"), by=staff, answer=CallAnswer.NOBODY, on_behalf=True)
    assert services.remind_call(call, by=staff, silent=queries.silent_members(call)) == 2
    services.answer_call(member(call, "FJ"), by=staff, answer=CallAnswer.NOMINATES, on_behalf=True)
    assert deliver() == ["focal@nz.example"]
    services.answer_call(member(call, "NZ"), by=staff, answer=CallAnswer.NOBODY, on_behalf=True)
    with pytest.raises(TransitionRefused):
        services.remind_call(call, by=staff, silent=queries.silent_members(call))


# Pages


def post_new(client, **answers):
    body = {
        "title": "Scanning", "text": "Who?", "areas": [area("NII").pk], "deadline": str(today() + SOON), **answers,
    }  # fmt: skip
    return client.post(reverse("candidates:call-new"), body)


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        ({"groups": ["everybody"]}, "all"),
        ({"groups": [Subregion.SUBCONTINENT]}, "sub"),
        ({"groups": [Subregion.SUBCONTINENT], "members": "JP"}, "sub JP"),
        ({"members": "JP"}, "JP"),
        ({}, ""),
    ],
)
def test_everybody_a_sub_region_or_some_by_name_are_asked(client, staff, answers, codes):
    client.force_login(staff)
    wanted = set(codes.split()) - {"all", "sub"}
    if "all" in codes:
        wanted = set(Administration.objects.active().values_list("code", flat=True))
    if "sub" in codes:
        wanted |= set(Administration.objects.filter(subregion=Subregion.SUBCONTINENT).values_list("code", flat=True))
    if "members" in answers:
        answers = {**answers, "members": [administration(answers["members"]).pk]}
    done = post_new(client, **answers)
    call = Call.objects.get()
    assert done.headers["Location"] == reverse("candidates:call-send", args=[call.pk])
    assert set(call.members.values_list("administration__code", flat=True)) == wanted


def test_it_is_read_over_before_it_leaves_and_sent_from_there(client, staff):
    client.force_login(staff)
    call = call_to(staff, "JP")
    url = reverse("candidates:call-send", args=[call.pk])
    page = client.get(url)
    assert "Who reads images?" in page.content.decode()
    assert client.post(url, {"version": "99"}).status_code == 422
    assert client.post(url, {"version": page.context["version"]}).headers["Location"] == call.get_absolute_url()
    call.refresh_from_db()
    assert call.state == CallState.OPEN


def test_a_member_reads_the_call_and_says_that_there_is_nobody(client, staff):
    call, home = sent_to(staff, "JP", "FJ"), focal_point("JP")
    client.force_login(home)
    page = client.get(call.get_absolute_url()).content.decode()
    line = CalledMember.objects.get(call=call, administration__code="JP")
    url = reverse("candidates:call-answer", args=[line.pk])
    assert url in page
    assert "Fiji" not in page
    client.post(url, {"answer": "nobody", "note": "Next year"})
    line.refresh_from_db()
    assert (line.answer, line.note) == ("nobody", "Next year")
    assert client.get(reverse("candidates:call-answer", args=[member(call, "FJ").pk])).status_code == 404
    assert client.get(reverse("candidates:answers-export", args=[call.pk, "csv"])).status_code == 403


def test_the_lists_of_calls_and_answers_go_out(client, staff):
    call = sent_to(staff, "JP", "FJ")
    services.answer_call(member(call, "JP"), by=staff, answer=CallAnswer.NOBODY, note="=1+1", on_behalf=True)
    client.force_login(staff)
    sheet = client.get(reverse("candidates:answers-export", args=[call.pk, "csv"])).content.decode("utf-8-sig")
    assert [row.split(",")[0] for row in sheet.splitlines()] == ["Administration", "Fiji", "Japan"]
    assert "'=1+1" in sheet
    assert ",2,1," in client.get(reverse("candidates:calls-export", args=["csv"])).content.decode()
    client.force_login(focal_point("JP"))
    assert "nobody to nominate" in client.get(reverse("candidates:calls-export", args=["csv"])).content.decode()
