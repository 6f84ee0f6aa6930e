"""`make run`: brings the embedded portal up to date, then runs its web server and its worker until Ctrl-C.

Nothing that is there already is loaded again, so the second start takes seconds and keeps all data.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def stop(number: int, _frame: object) -> None:
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    sys.exit(0 if number == signal.SIGINT else 128 + number)


def refuse_busy_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OverflowError:
            sys.exit(f"{port} is no port. Choose one from 1024 to 65535: make run PORT=8001")
        except OSError as error:
            sys.exit(f"Port {port} cannot be used ({error.strerror}). Choose another: make run PORT={port % 60000 + 1}")


def prepare() -> None:
    """Migrations, framework data and the demo region, as far as they are not there."""
    import django
    from django.core.management import call_command

    django.setup()
    from members.models import User

    print("Bringing the database up to date ...", flush=True)
    call_command("migrate", verbosity=0)
    call_command("load_framework", stdout=sys.stderr)
    if not User.objects.exists():
        print("Loading the fictional demo region (this happens once) ...", flush=True)
        call_command("load_demo", stdout=sys.stderr)


def wait_until_healthy(port: int, processes: list[subprocess.Popen[bytes]]) -> None:
    for _ in range(300):
        if any(process.poll() is not None for process in processes):
            return
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return
        time.sleep(0.1)


def announce(url: str, folder: Path) -> None:
    from django.core.management import call_command

    print(f"\nThe portal is at {url}  (Ctrl-C ends it; everything is kept in {folder})\n\nDemo logins:", flush=True)
    call_command("demo_logins")
    sys.stdout.flush()


def main() -> int:
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rocb_portal.settings.embedded")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    if not os.environ.get("PORT", "8000").isdecimal():
        sys.exit(f"{os.environ['PORT']!r} is no port. Choose one from 1024 to 65535: make run PORT=8001")
    from rocb_portal.settings import env

    for number in SIGNALS:
        signal.signal(number, stop)
    refuse_busy_port(env.PORT)
    prepare()

    web = [
        "gunicorn",
        "rocb_portal.wsgi",
        "--bind",
        f"127.0.0.1:{env.PORT}",
        "--threads",
        "8",
        "--log-level",
        "warning",
        "--no-control-socket",
        "--limit-request-line",  # an address may hold many steps of a what-if
        "8190",
    ]
    worker = ["celery", "-q", "-A", "rocb_portal", "worker", "-B", "-P", "solo", "-l", "WARNING"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    # Celery warns root by this name; on one's own machine, with tasks that carry one id as JSON, it has nothing to say.
    quiet = os.environ | {"PYTHONWARNINGS": "ignore::UserWarning:celery.platforms"}
    logs = env.VAR_DIR / "log"
    logs.mkdir(parents=True, exist_ok=True)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        # Sessions of their own, so that Ctrl-C reaches this script alone and it ends them in order.
        for command in (web, worker):
            with (logs / f"{command[0]}.log").open("w") as log:
                started = subprocess.Popen(
                    [sys.executable, "-m", *command], env=quiet, stdout=log, stderr=log, start_new_session=True
                )
            processes.append(started)
        wait_until_healthy(env.PORT, processes)
        if all(process.poll() is None for process in processes):
            announce(f"http://127.0.0.1:{env.PORT}/", env.VAR_DIR)
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
        for log in sorted(logs.glob("*.log")):
            print(f"--- {log}\n{log.read_text()[-2000:]}", file=sys.stderr)
        print("The web server or the worker ended by itself; what both said stands above.", file=sys.stderr)
        return 1
    finally:
        for process in processes:
            if process.poll() is None:
                process.terminate()
        for process in processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


if __name__ == "__main__":
    sys.exit(main())
