"""Real processes for tests: a web server and a worker on a copy of the demo database.

The demo region is built once (migrate, load_framework, load_demo, outbox emptied) into a template database of the PostgreSQL server
that `make test` started; each server gets a copy of it and of its documents, a Redis database and an e-mail folder.
"""

import contextlib
import email
import email.policy
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings

BASE_DIR = settings.BASE_DIR
TEMPLATE = "rocb_demo"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _administer(*statements: str) -> None:
    """Statements that PostgreSQL takes only outside a transaction, such as CREATE DATABASE."""
    database = settings.DATABASES["default"]
    connection = psycopg2.connect(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname="postgres",
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()


def _database_url(name: str) -> str:
    database = settings.DATABASES["default"]
    return f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{name}"


class DemoServers:
    """Starts servers, and builds the template they are copied from before the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count(1)
        self.running: list[DemoServer] = []
        self.failure: RuntimeError | None = None
        self.built = False

    def start(self, *, worker: bool = True, **web: str) -> "DemoServer":
        """A server of its own; `web` are variables for the web server alone, say a broker that is not there."""
        if self.failure:
            raise self.failure
        if not self.built:
            try:
                self._build()
            except RuntimeError as failure:
                self.failure = failure
                raise
            self.built = True
        number = next(self.numbers)
        server = DemoServer(self.folder / f"server{number}", number=number, media=self.folder / "template" / "media")
        self.running.append(server)
        server.start(worker=worker, **web)
        return server

    def stop_all(self) -> None:
        for server in self.running:
            server.stop()
        if self.built:
            _administer(f'DROP DATABASE IF EXISTS "{TEMPLATE}" WITH (FORCE)')

    def _build(self) -> None:
        template = self.folder / "template"
        (template / "media").mkdir(parents=True)
        _administer(f'DROP DATABASE IF EXISTS "{TEMPLATE}" WITH (FORCE)', f'CREATE DATABASE "{TEMPLATE}"')
        env = environment(
            DATABASE_URL=_database_url(TEMPLATE),
            MEDIA_ROOT=template / "media",
            EMAIL_URL=f"filemail://{template / 'mail'}",
        )
        for command in ("migrate", "load_framework", "load_demo"):
            run_manage(env, command)
        # The e-mails and documents of the demo region's past, so that no copy begins by catching up with them.
        run_manage(env, "shell", "-c", "from core.outbox import sweep\nwhile sweep(): pass")


def environment(**values: Any) -> dict[str, str]:
    return os.environ | {name: str(value) for name, value in values.items()}


def run_manage(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=BASE_DIR, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(
            f"manage.py {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        )
    return done.stdout


class DemoServer:
    """One web server with its worker. `url`, `mail_folder`, `logins`, `mails()`, `manage()`, `log()`."""

    def __init__(self, folder: Path, *, number: int, media: Path) -> None:
        self.folder = folder
        self.name = f"{TEMPLATE}_{number}"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.mail_folder = folder / "mail"
        self.media = folder / "media"
        self.mail_folder.mkdir(parents=True)
        shutil.copytree(media, self.media)
        self.redis_url = f"{settings.CELERY_BROKER_URL.rpartition('/')[0]}/{number % 63 + 1}"
        self.env = environment(
            DATABASE_URL=_database_url(self.name),
            REDIS_URL=self.redis_url,
            MEDIA_ROOT=self.media,
            EMAIL_URL=f"filemail://{self.mail_folder}",
            PUBLIC_URL=self.url,
            VAR_DIR=folder,
            LOG_LEVEL="WARNING",
        )
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *, worker: bool = True, **web: str) -> None:
        _administer(f'CREATE DATABASE "{self.name}" TEMPLATE "{TEMPLATE}"')
        self._spawn(
            "web",
            "gunicorn",
            "rocb_portal.wsgi",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--threads",
            "8",
            "--no-control-socket",
            **web,
        )
        if worker:
            self.start_worker()
        self._wait_until_healthy()

    def start_worker(self) -> None:
        beat = str(self.folder / "beat-schedule")
        self._spawn("worker", "celery", "-A", "rocb_portal", "worker", "-B", "-P", "solo", "-s", beat, "-l", "WARNING")

    def stop_worker(self, number: int = signal.SIGTERM) -> None:
        """End the worker; with SIGKILL also its clock, which would outlive it, as if the machine had lost its power."""
        process = self.processes.pop("worker")
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.send_signal(number)
        _wait_for(process)
        if number == signal.SIGKILL:
            for child in children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(child), number)

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        while self.processes:
            _wait_for(self.processes.popitem()[1])
        _administer(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def manage(self, *arguments: str) -> str:
        """What a management command prints on this server's database."""
        return run_manage(self.env, *arguments)

    @property
    def logins(self) -> list[dict[str, str]]:
        if not hasattr(self, "_logins"):
            self._logins = json.loads(self.manage("demo_logins", "--format", "json"))
        return self._logins

    def login(self, party: str, *, number: int = 0) -> dict[str, str]:
        return [login for login in self.logins if login["party"] == party][number]

    def mails(self) -> list[EmailMessage]:
        """Every e-mail sent so far, oldest first."""
        files = sorted(self.mail_folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        return [mail for path in files for mail in _messages(path.read_bytes())]

    def wait_for_mail(self, *, to: str, subject: str = "", seconds: float = 60) -> EmailMessage:
        """The newest e-mail to this address whose subject holds these words, waited for."""
        ends = time.monotonic() + seconds
        while True:
            for mail in reversed(self.mails()):
                if to in mail.get("To", "") and subject in mail["Subject"]:
                    return mail
            if time.monotonic() > ends:
                found = [(mail["To"], mail["Subject"]) for mail in self.mails()]
                raise AssertionError(
                    f"No e-mail to {to} about {subject!r} within {seconds} s, only {found}.\n{self.log()}"
                )
            time.sleep(0.3)

    def log(self) -> str:
        """The last lines that web server and worker wrote."""
        return "\n".join(f"--- {path.name}\n{path.read_text()[-4000:]}" for path in sorted(self.folder.glob("*.log")))

    def _spawn(self, name: str, module: str, *arguments: str, **variables: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=BASE_DIR,
                env=self.env | variables,
                stdout=log,
                stderr=log,
            )

    def _wait_until_healthy(self) -> None:
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            if self.processes["web"].poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:  # noqa: S310 (our own server)
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        log = self.log()
        self.stop()
        raise RuntimeError(f"The demo server did not come up.\n{log}")


def _wait_for(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _messages(data: bytes) -> list[EmailMessage]:
    """The messages in one file of the e-mail folder; a line of dashes ends each."""
    parts = data.split(b"\n" + b"-" * 79 + b"\n")
    return [email.message_from_bytes(part, policy=email.policy.default) for part in parts if part.strip()]
