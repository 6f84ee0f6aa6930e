"""The demo region: its counts, its story, and that everything in it hangs together. Loaded once for the whole file."""

import datetime as dt
import io
import json
import time
from collections import Counter
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from candidates.enums import NominationState
from candidates.models import Call, FieldMission, Listing, Nomination, WorkshopNominee
from centres.models import Centre
from core.clock import today
from core.enums import ImportState, JobState, RowVerdict
from core.inbox import inbox
from core.models import LogEntry, OutboxJob, SheetImport
from experts import ledger
from experts.enums import ServiceState
from experts.models import Area, CorrectionRequest, Expert, ServicePeriod
from experts.queries import pool_table
from gap_analysis.enums import ProposalState
from gap_analysis.models import GapSnapshot, Proposal, Survey
from gap_analysis.queries.dashboard import trend_to
from members.models import User
from missions.enums import InvitationState, MissionState, ReportState, RequestState
from missions.models import WITH_HOME, CapacityRequest, Invitation, Letter, Mission, Report
from rocb_portal.demo.loading import load_demo
from rocb_portal.demo.logins import LOGINS, PASSWORD, demo_logins
from rocb_portal.demo.past import FULL, OVER, WARNED

pytestmark = pytest.mark.django_db

T2 = {
    ("DF", None): (49, 0),
    ("CMA", None): (12, 11),
    ("AT", "HS"): (9, 0),
    ("AT", "VAL"): (12, 0),
    ("AT", "PCA"): (2, 0),
    ("AT", "ROO"): (2, 0),
    ("TOA", "AEO"): (3, 7),
    ("TOA", "RKC"): (4, 0),
    ("TOA", "IPR"): (5, 0),
    ("TOA", "DM"): (1, 1),
}


def numbers():
    """What has to be the same whenever the region is loaded for the same day."""
    return {
        "pool": pool_table(today()).as_dict(),
        "missions": sorted(Mission.objects.values_list("number", "title", "state", "first_day")),
        "invitations": sorted(Invitation.objects.values_list("expert__email", "mission__number", "state", "standing")),
        "days": sorted(ServicePeriod.objects.values_list("expert__email", "first_day", "last_day", "state", "source")),
        "letters": sorted(Letter.objects.exclude(number=None).values_list("number", "sent_on", "mission__number")),
        "people": sorted(User.objects.values_list("email", "name")),
    }


@pytest.fixture(scope="module")
def region(django_db_setup, django_db_blocker):
    """The region of today, kept open for every test here (they only read), after one that was loaded and taken back."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            load_demo()
            earlier = numbers()
            transaction.set_rollback(True)
        with transaction.atomic():
            began = time.process_time()
            call_command("load_demo", stdout=io.StringIO())
            yield SimpleNamespace(earlier=earlier, seconds=time.process_time() - began)
            transaction.set_rollback(True)


def output(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def on_one(table):
    return {(row["category"], row["area"]): (row["fully_accredited"], row["first_step"]) for row in table["rows"]}


def position_of(story):
    row, home, _trips = story
    rows = Expert.objects.with_ledger().filter(administration__code=home, accreditations__area__code=row, left_on=None)
    return max((ledger.position(expert) for expert in rows), key=lambda position: position.total)


def test_it_is_loaded_within_twenty_seconds(region):
    """Of its own work: what else the machine does meanwhile is not its fault."""
    assert region.seconds < 20


def test_two_loadings_of_one_day_give_the_same(region):
    assert numbers() == region.earlier


def test_a_second_run_looks_once_and_says_that_nothing_is_to_add(region):
    with CaptureQueriesContext(connection) as queries:
        assert output("load_demo") == "Demo region: already there, nothing to add.\n"
    assert sum("SELECT" in query["sql"] for query in queries) == 2


def test_todays_table_counts_as_the_published_one(region):
    table = pool_table(today()).as_dict()
    assert on_one(table) == T2
    assert table["grand_total"] == {"fully_accredited": 99, "first_step": 19, "total": 118}
    assert (table["distinct_people"], table["entry_pending"]) == (106, 2)


def test_the_pool_has_grown_over_the_years(region):
    totals = [pool_table(today() - dt.timedelta(days=365 * years)).fully_accredited for years in range(12)]
    assert totals == sorted(totals, reverse=True)
    assert totals[-1] == 0


def test_every_step_of_an_accreditation_comes_after_the_one_before(region):
    for person in Expert.objects.prefetch_related("accreditations"):
        for row in person.accreditations.all():
            days = [day for day in (row.first_step_on, row.accredited_on, row.ace_entered_on) if day]
            assert days == sorted(set(days)), person
            assert days[-1] < today()


def test_candidates_stand_in_the_areas_of_which_little_is_known(region):
    listings = Listing.objects.open(today())
    areas = Counter(listings.values_list("area__code", flat=True))
    assert 38 <= listings.count() <= 45
    assert [areas[code] for code in ("NII", "INT", "K9", "RM")] == [9, 7, 5, 7]
    assert listings.filter(expert__accreditations__isnull=False).exists()


def test_nobody_can_get_a_letter(region):
    addresses = [*User.objects.values_list("email", flat=True), *Expert.objects.values_list("email", flat=True)]
    assert {address.rpartition(".")[2] for address in addresses} == {"example"}
    assert len(set(User.objects.values_list("name", flat=True))) == User.objects.count()


def test_three_people_stand_at_the_cap_near_it_and_above_it(region):
    full, warned, over = (position_of(story) for story in (FULL, WARNED, OVER))
    assert (full.used, full.reserved, full.left) == (84, 0, 0)
    assert (warned.total, warned.is_near, warned.left) == (70, True, 14)
    assert (over.used, over.reserved, over.left) == (79, 9, 0)
    asked = Letter.objects.exclude(exception_reason="").get()
    said = next(one for one in asked.particulars["experts"] if one["over_cap"])
    assert (said["cap_before"], said["cap_after"]) == (79, 88)
    assert Invitation.objects.get(pk=said["invitation"]).grants_exception


def test_nobody_else_is_above_the_cap(region):
    above = [p for e in Expert.objects.with_ledger() if (p := ledger.position(e)).total > p.limit]
    assert len(above) == 1


def test_ledger_and_invitations_agree(region):
    """Every letter has reserved its days, and nothing else has."""
    periods = {p.reference: p for p in ServicePeriod.objects.exclude(reference=None)}
    invitations = Invitation.objects.exclude(letter_sent_at=None).select_related("seat", "mission")
    expected = {}
    for invitation in invitations:
        state = {
            InvitationState.LETTER_SENT: ServiceState.RESERVED,
            InvitationState.CONDITIONS: ServiceState.RESERVED,
            InvitationState.APPROVED: ServiceState.RESERVED,
            InvitationState.SERVED: ServiceState.USED,
        }.get(invitation.state, ServiceState.RELEASED)
        seat = invitation.seat
        expected[invitation.pk] = (
            invitation.expert_id, seat.release_first, seat.release_last, state, str(invitation.mission), invitation.counts
        )  # fmt: skip
    assert expected == {
        key: (p.expert_id, p.first_day, p.last_day, p.state, p.title, p.counts) for key, p in periods.items()
    }


def test_nobody_is_in_two_places_at_once(region):
    for person in Expert.objects.with_ledger():
        periods = sorted((p.first_day, p.last_day) for p in ledger.alive(person))
        assert all(a[1] < b[0] for a, b in pairwise(periods)), person


def test_every_state_occurs(region):
    found = {
        model: set(model.objects.values_list("state", flat=True))
        for model in (CapacityRequest, Mission, Invitation, Report)
    }
    assert found == {
        CapacityRequest: set(RequestState.values),
        Mission: set(MissionState.values),
        Invitation: set(InvitationState.values),
        Report: set(ReportState.values),
    }


def test_sixty_missions_are_over_with_letters_and_accepted_reports(region):
    closed = Mission.objects.filter(state=MissionState.CLOSED)
    assert 55 <= closed.count() <= 70
    assert closed.filter(report__state=ReportState.ACCEPTED).count() == closed.count()
    assert not closed.exclude(all_invitations__state=InvitationState.SERVED).exists()
    assert min(closed.values_list("first_day", flat=True)) < today() - dt.timedelta(days=1400)


def test_every_letter_that_left_says_what_it_said(region):
    for letter in Letter.objects.exclude(sent_at=None).prefetch_related("invitations"):
        assert letter.particulars["number"] == letter.number
        assert letter.particulars["demo"] is True
        assert {one["invitation"] for one in letter.particulars["experts"]} == {
            str(i.pk) for i in letter.invitations.all()
        }
    assert not Invitation.objects.filter(state__in=WITH_HOME, letter__sent_at=None).exists()


def test_numbers_follow_the_calendar(region):
    for model, day in ((CapacityRequest, "created_at__date"), (Letter, "sent_on")):
        days = list(model.objects.exclude(number=None).order_by("number").values_list(day, flat=True))
        assert days == sorted(days)
    numbers_of_year = Counter(
        number.rpartition("/")[0] for number in Letter.objects.exclude(number=None).values_list("number", flat=True)
    )
    assert all(
        Letter.objects.filter(number=f"{year}/{n:04d}").exists()
        for year, last in numbers_of_year.items()
        for n in range(1, last + 1)
    )


def test_history_is_complete_and_lies_in_the_past(region):
    """Every state was reached by a line of history, and nothing happened in the future or out of order."""
    last = {}
    for line in LogEntry.objects.exclude(to_state="").order_by("at", "created_at"):
        assert line.at.date() < today()
        if line.name != "start":
            assert last[line.object_id] == line.from_state, line
        last[line.object_id] = line.to_state
    for model in (CapacityRequest, Mission, Invitation, Report):
        for obj in model.objects.all():
            assert last[obj.pk] == obj.state, obj


@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login.label)
def test_everybody_of_the_story_finds_work_and_one_click_leads_to_it(region, client, login):
    user = User.objects.get(email=login.email)
    waiting = [item for item in inbox(user, login.party) if item.mine]
    assert bool(waiting) == (login.party != "centre")
    client.force_login(user)
    assert {item.sentence: client.get(item.url, follow=True).status_code for item in waiting} == {
        item.sentence: 200 for item in waiting
    }


def test_only_what_somebody_has_to_act_on_is_really_sent(region):
    """The rest is long done; a worker that starts has little to do."""
    waiting = Counter(OutboxJob.objects.filter(state=JobState.QUEUED).values_list("kind", flat=True))
    assert waiting == {
        "request_letter": 6, "consultation": 2, "letter": 1, "letter_reminder": 1, "letter_document": 3, "report_document": 1,
        "nominee_asked": 2, "home_told": 2, "nomination_letter": 1, "opportunity_reminder": 4, "proposal_sent": 1,
        "proposal_decided": 1, "proposal_documents": 1,
    }  # fmt: skip
    assert set(OutboxJob.objects.exclude(state=JobState.QUEUED).values_list("state", flat=True)) == {JobState.DONE}


def test_the_logins_open_with_the_password_that_is_printed(region):
    logins = json.loads(output("demo_logins", "--format", "json"))
    assert [set(login) for login in logins] == [{"party", "email", "password", "administration"}] * len(LOGINS)
    assert Counter(login["party"] for login in logins) == {
        "rocb": 1, "secretariat": 1, "administration": 3, "centre": 1, "expert": 3,
    }  # fmt: skip
    for login in logins:
        user = User.objects.get(email=login["email"])
        assert user.check_password(login["password"])
        assert login["party"] in user.parties
        home = {row.administration.name for row in user.party_rows if row.administration}
        assert login["party"] == "expert" or home == ({login["administration"]} - {None})
    assert PASSWORD in output("demo_logins")


def test_real_people_cannot_be_mixed_with_invented_ones(region, settings):
    settings.DEMO_ALLOWED = False
    assert demo_logins() == []
    for command in ("load_demo", "demo_logins"):
        with pytest.raises(CommandError):
            output(command)


def test_the_pool_s_own_work_stands_in_each_of_its_states(region):
    """Nominations in each state, an extract with each kind of row, a workshop with mixed outcomes, centres with material."""
    assert set(Nomination.objects.values_list("state", flat=True)) == set(NominationState.values)
    staged = SheetImport.objects.get(kind="ace", state=ImportState.STAGED)
    assert set(staged.rows.values_list("verdict", flat=True)) == set(RowVerdict.values)
    outcomes = WorkshopNominee.objects.filter(workshop__title="AEO experts").values_list("state", flat=True)
    assert Counter(outcomes) == {"passed": 8, "not_passed": 1, "to_repeat": 1, "absent": 1}
    assert Centre.objects.filter(resources__isnull=False).distinct().count() == 5
    assert Counter(Call.objects.values_list("state", flat=True)) == {"open": 1, "closed": 2}
    assert set(FieldMission.objects.values_list("assessment", flat=True)) == {"passed", "another"}
    assert CorrectionRequest.objects.count() == 2


def test_needs_and_gaps_stand_in_each_of_their_states_and_the_years_tell_one_story(region):
    """The areas of the printed table lose people who retire, and win new ones; none of them stands at nothing for long."""
    assert Counter(Survey.objects.values_list("state", flat=True)) == {"closed": 2, "open": 1}
    assert set(Proposal.objects.values_list("state", flat=True)) == set(ProposalState.values)
    snapshots = GapSnapshot.objects.good().order_by("as_of")
    assert [snapshot.published_at is not None for snapshot in snapshots] == [True] * 5
    areas = list(Area.objects.filter(code__in=["AEO", "PCA", "IPR", "ROO", "RKC", "VAL", "HS"]))
    trend = dict(trend_to(snapshots.last(), areas).areas)
    assert all(min(counts) > 0 and len(counts) == 6 for counts in trend.values())
    counts = trend[next(area for area in areas if area.code == "AEO")]
    assert counts[0] > min(counts[1:-1]) < counts[-1]
