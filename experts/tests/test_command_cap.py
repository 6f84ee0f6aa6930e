import datetime as dt
import io
import json
import subprocess
import sys
import uuid

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from core.models import PolicyRow
from experts.enums import ServiceSource, ServiceState
from experts.tests.factories import ExpertFactory, served

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert():
    person = ExpertFactory(accredited=True, login=True, email="work@customs.example", ace_reference="ACE-77")
    person.user.email = "login@customs.example"
    person.user.save()
    served(person, dt.date(2025, 3, 3), 12)
    served(
        person,
        dt.date(2026, 12, 7),
        10,
        state=ServiceState.RESERVED,
        source=ServiceSource.MISSION,
        reference=uuid.uuid4(),
    )
    return person


def cap(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command("cap", *arguments, stdout=out, stderr=err)
    assert err.getvalue() == ""
    return out.getvalue()


def test_json_gives_the_figures_of_the_fullest_window_that_holds_the_day(expert):
    assert json.loads(cap("ace-77", "--on", "2026-11-25", "--format", "json")) == {
        "expert": "ace-77",
        "on": "2026-11-25",
        "limit": 84,
        "used": 12,
        "reserved": 10,
        "left": 62,
    }


def test_a_window_in_which_the_older_service_no_longer_lies(expert):
    figures = json.loads(cap("ACE-77", "--on", "2028-06-01", "--format", "json"))
    assert (figures["used"], figures["reserved"], figures["left"]) == (0, 10, 74)


@pytest.mark.parametrize("word", ["WORK@customs.example", "login@customs.example", "ACE-77", "id"])
def test_a_person_is_found_by_address_account_reference_and_id(expert, word):
    wanted = str(expert.pk) if word == "id" else word
    figures = json.loads(cap(wanted, "--on", "2026-11-25", "--format", "json"))
    assert (figures["expert"], figures["left"]) == (wanted, 62)


def test_today_is_the_day_if_none_is_given(expert):
    with time_machine.travel(dt.datetime(2026, 11, 24, 18, tzinfo=dt.UTC), tick=False):
        assert json.loads(cap("ACE-77", "--format", "json"))["on"] == "2026-11-25"


def test_text_says_whose_figures_these_are_and_whether_they_bind(expert):
    text = cap("ACE-77", "--on", "2026-11-25")
    assert expert.name in text
    assert "left       62 of 84 days" in text
    assert "bind nobody" not in text
    assert "bind nobody" in cap("ACE-77", "--on", "2019-06-01")


@pytest.mark.parametrize("word", ["nobody@customs.example", "ACE-7", str(uuid.uuid4()), " ", ""])
def test_an_unknown_person_is_an_error(expert, word):
    ExpertFactory(email="", ace_reference="")
    with pytest.raises(CommandError, match="No expert has"):
        cap(word)


def test_two_people_with_one_address_are_an_error(expert):
    ExpertFactory(email="work@customs.example")
    with pytest.raises(CommandError, match="More than one"):
        cap("work@customs.example")


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "0002-01-01", "9999-12-31"])
def test_an_odd_day_is_an_error(expert, day):
    with pytest.raises(CommandError, match="Not a day"):
        cap("ACE-77", "--on", day)


def test_missing_policy_is_an_error_that_says_what_to_do(expert):
    PolicyRow.objects.filter(key="cap.days").delete()
    with pytest.raises(CommandError, match="load_framework"):
        cap("ACE-77")


def test_an_error_goes_to_stderr_alone_and_ends_with_1(tmp_path):
    """In a process of its own, on an empty database."""
    done = subprocess.run(
        [sys.executable, "manage.py", "cap", "nobody@customs.example", "--on", "nonsense"],
        cwd=settings.BASE_DIR,
        env={"VAR_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "Not a day" in done.stderr
