"""What leaves the house when the broker is away or the worker dies: nothing is lost, and a formal letter never goes twice by itself."""

import email
import json
import re
import signal
import socket
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from email.message import Message
from http.cookiejar import CookieJar
from typing import Any

import pytest

from rocb_portal.testing import free_port

pytestmark = pytest.mark.worker

INVITE_MANY = """
from django.db import transaction
from members.services import invite_user
with transaction.atomic():
    for n in range({number}):
        invite_user(by=None, email=f"person{{n}}@example.org", name=f"Person {{n}}", party="expert")
"""
TIME_PASSES = """
import datetime as dt
from core.models import OutboxJob
from core.outbox import STUCK_AFTER, sweep
from django.db.models import F
OutboxJob.objects.filter(state="inflight").update(claimed_at=F("claimed_at") - STUCK_AFTER)
sweep()
"""
STATES = """
import json
from core.models import OutboxJob
print(json.dumps(list(OutboxJob.objects.filter(kind="{kind}").values_list("pk", "state")), default=str))
"""


class Visitor:
    """Somebody signed in without a browser: keeps cookies and fills in the form of a page."""

    def __init__(self, server: Any, party: str) -> None:
        self.url = server.url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        login = server.login(party)
        self.post("/account/login/", login=login["email"], password=login["password"])

    def get(self, path: str) -> str:
        with self.opener.open(self.url + path, timeout=30) as answer:
            return str(answer.read().decode())

    def post(self, path: str, **answers: str) -> str:
        """The page that follows."""
        form = self.get(path).partition("<main")[2]
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        data = urllib.parse.urlencode(hidden | answers).encode()
        with self.opener.open(self.url + path, data, timeout=30) as answer:
            return str(answer.read().decode())

    def finds(self, pattern: str, *, on: str) -> str:
        found = re.search(pattern, self.get(on))
        assert found, f"No {pattern} on {on}"
        return found[1]


def python(server: Any, code: str) -> str:
    return str(server.manage("shell", "--no-imports", "-c", code))


def states(server: Any, kind: str) -> list[list[str]]:
    return json.loads(python(server, STATES.format(kind=kind)))


def wait_until(happened: Callable[[], bool], *, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends, "It did not happen in time."
        time.sleep(0.02)


def test_a_broker_that_is_away_changes_nothing_for_the_user(demo_servers: Any) -> None:
    server = demo_servers.start(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    rocb = Visitor(server, "rocb")
    request = rocb.finds(r'href="(/requests/[0-9a-f-]+/)">Read it', on="/")
    began = time.monotonic()
    assert "checked by ROCB" in rocb.post(f"{request}do/check/", check_note="")
    assert time.monotonic() - began < 5
    assert "The broker did not take" in (server.folder / "web.log").read_text()

    # The clock of the worker finds it, not more than half a minute later.
    server.wait_for_mail(to=server.login("secretariat")["email"], subject="please enter a request", seconds=45)
    server.stop()


class FalteringMailServer:
    """Takes some e-mails, and of the next one all but says nothing: whoever sends cannot know whether it has left."""

    def __init__(self, *, takes: int = 0) -> None:
        self.takes = takes
        self.mails: list[Message] = []
        self.has_faltered = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            client, _address = self.listener.accept()
            with client, client.makefile("rwb") as lines:
                self.talk(lines)

    def talk(self, lines: Any) -> None:
        say(lines, b"220 here")
        for line in lines:
            if line.upper().startswith(b"DATA"):
                say(lines, b"354 go on")
                self.mails.append(email.message_from_bytes(b"".join(iter(lines.readline, b".\r\n"))))
                if len(self.mails) > self.takes:
                    self.has_faltered.set()
                    lines.read()
                    return
            say(lines, b"250 yes")


def say(lines: Any, words: bytes) -> None:
    lines.write(words + b"\r\n")
    lines.flush()


def test_a_worker_killed_in_a_burst_of_mails_loses_none_and_doubles_none(demo_servers: Any) -> None:
    number, mail_server = 40, FalteringMailServer(takes=5)
    server = demo_servers.start(worker=False)
    to_a_folder, server.env["EMAIL_URL"] = server.env["EMAIL_URL"], mail_server.url
    python(server, INVITE_MANY.format(number=number))
    server.start_worker()
    assert mail_server.has_faltered.wait(60)
    server.stop_worker(signal.SIGKILL)

    server.env["EMAIL_URL"] = to_a_folder
    server.start_worker()
    python(server, TIME_PASSES)
    wait_until(lambda: len(server.mails()) >= number - mail_server.takes)
    wait_until(lambda: {state for _key, state in states(server, "join")} == {"done"})
    sent = [(mail["To"], mail["Message-ID"]) for mail in [*mail_server.mails, *server.mails()]]
    assert len(sent) == number + 1, "The one in flight went twice, for nobody knew; no other did."
    assert len(set(sent)) == len({to for to, _key in sent}) == len({key for _to, key in sent}) == number
    server.stop()


def test_a_formal_letter_caught_in_flight_waits_for_a_person(demo_servers: Any) -> None:
    mail_server = FalteringMailServer()
    server = demo_servers.start(worker=False)
    to_a_folder, server.env["EMAIL_URL"] = server.env["EMAIL_URL"], mail_server.url
    server.start_worker()
    secretariat = Visitor(server, "secretariat")
    letter = secretariat.finds(r'href="(/letters/[0-9a-f-]+/)send/"', on=prepared_letter(secretariat))
    sent = secretariat.post(f"{letter}send/", how="email", signatory="Director")
    number = re.search(r"\d{4}-\d{2}/\d{4}", sent).group()
    assert mail_server.has_faltered.wait(60)
    server.stop_worker(signal.SIGKILL)
    [(key, state)] = [row for row in states(server, "letter") if row[1] != "done"]
    assert state == "inflight"

    # Neither a new worker nor the clock sends it again.
    server.env["EMAIL_URL"] = to_a_folder
    server.start_worker()
    python(server, TIME_PASSES)
    python(server, TIME_PASSES)
    assert dict(states(server, "letter"))[key] == "uncertain"
    assert [mail["Subject"] for mail in server.mails() if "letter" in mail["Subject"]] == []
    outbox = secretariat.get("/outbox/")
    assert f"Letter: {number}, " in outbox
    assert "1 entry needs a decision" in outbox
    assert f"/outbox/{key}/settle/" in outbox

    # A person does, and it is the same e-mail.
    secretariat.post(f"/outbox/{key}/settle/", again="yes", note="Called: nothing came.")
    wait_until(lambda: any(f"<{key}@" in mail["Message-ID"] for mail in server.mails()))
    assert [mail["Message-ID"].partition("@")[0] for mail in mail_server.mails] == [f"<{key}"]
    server.stop()


def prepared_letter(secretariat: Visitor) -> str:
    """The page of a letter that only waits to be sent, from the inbox."""
    return secretariat.finds(r'href="(/[^"]+)">Read and send the letter', on="/")
