"""`make test`: the whole suite on a PostgreSQL, Redis and Chromium of its own, and on SQLite what SQLite can show.

Both servers are children of this script, on free ports and with folders of their own, and are ended by their process
ids however the tests end. Nothing that runs on the machine already is used or touched. Arguments go to pytest;
--only=postgresql or --only=sqlite leaves the other run out.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
NO_TESTS_COLLECTED = 5
SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> bool:
    for _ in range(300):
        if process.poll() is not None:
            return False
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        time.sleep(0.1)
    print(log.read_text(), file=sys.stderr)
    return False


def end(process: subprocess.Popen[bytes], number: int) -> None:
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def folder(owner: str | None = None) -> Iterator[Path]:
    """A folder below /tmp, which every user may enter: TMPDIR or the clone may lie where only root may go."""
    path = Path(tempfile.mkdtemp(prefix="portal-test-", dir="/tmp"))
    try:
        if owner:
            account = pwd.getpwnam(owner)
            os.chown(path, account.pw_uid, account.pw_gid)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def postgresql_program(name: str) -> str:
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    found = str(newest[-1]) if newest else shutil.which(name)
    if not found:
        sys.exit(f"PostgreSQL's {name} is not installed. `make setup` installs the package postgresql.")
    return found


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL that forgets everything; gives its address. It refuses root, who runs it as user postgres."""
    account = "postgres" if os.geteuid() == 0 else None
    group = {"user": account, "group": account, "extra_groups": []} if account else {}
    with folder(account) as home:
        password = secrets.token_hex(16)
        passwords = home / "password"
        passwords.write_text(password)
        passwords.chmod(0o644)
        data, log = home / "data", home / "log"
        initdb = [postgresql_program("initdb"), "-D", str(data), "-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8"]
        initdb += ["--locale=C.UTF-8", "--no-sync", f"--pwfile={passwords}"]
        subprocess.run(initdb, cwd=home, stdout=subprocess.DEVNULL, check=True, **group)
        for _ in range(3):
            port = free_port()
            options = {
                "port": port,
                "listen_addresses": "127.0.0.1",
                "unix_socket_directories": home,
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "jit": "off",
                "max_connections": 100,
                "timezone": "UTC",
                "autovacuum_naptime": "10min",
            }
            command = [postgresql_program("postgres"), "-D", str(data)]
            command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
            with log.open("wb") as stream:
                process = subprocess.Popen(
                    command, cwd=home, stdout=stream, stderr=stream, start_new_session=True, **group
                )
            try:
                if wait_for_port(port, process, log):
                    yield f"postgres://postgres:{password}@127.0.0.1:{port}"
                    return
            finally:
                end(process, signal.SIGINT)
        sys.exit(f"PostgreSQL did not start:\n{log.read_text()}")


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A Redis that keeps nothing; gives its address."""
    program = shutil.which("redis-server")
    if not program:
        sys.exit("redis-server is not installed. `make setup` installs it.")
    with folder() as home:
        log = home / "log"
        for _ in range(3):
            port = free_port()
            command = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(home), "--save", ""]
            command += ["--appendonly", "no", "--databases", "64", "--maxmemory-policy", "noeviction"]
            with log.open("wb") as stream:
                process = subprocess.Popen(command, cwd=home, stdout=stream, stderr=stream, start_new_session=True)
            try:
                if wait_for_port(port, process, log):
                    yield f"redis://127.0.0.1:{port}/0"
                    return
            finally:
                end(process, signal.SIGTERM)
        sys.exit(f"Redis did not start:\n{log.read_text()}")


def begin(arguments: list[str], log: IO[bytes] | None = None, **addresses: str) -> subprocess.Popen[bytes]:
    """Start the tests, on the terminal or into a file."""
    inherited = {
        k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "MEDIA_ROOT"}
    }
    inherited |= {"DJANGO_SETTINGS_MODULE": "rocb_portal.settings.test", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=inherited | addresses, stdout=log, stderr=log)


@contextlib.contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """When this script is told to stop, the tests clean up behind themselves first."""
    try:
        yield process
    except BaseException as reason:
        # Ctrl-C at a terminal has reached the tests already, and a second one would cut their cleaning up short.
        if reason.args == (128 + signal.SIGINT,) and sys.stdin.isatty():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(60)
        end(process, signal.SIGINT)
        raise


@contextlib.contextmanager
def servers() -> Iterator[dict[str, str]]:
    """PostgreSQL and Redis; gives their addresses as the tests take them."""
    with postgresql() as postgresql_url, redis() as redis_url:
        yield {"DATABASE_URL": f"{postgresql_url}/portal", "REDIS_URL": redis_url}


def run(title: str, arguments: list[str], **addresses: str) -> int:
    print(f"== {title}", flush=True)
    with ended(begin(arguments, **addresses)) as process:
        return process.wait()


def on_postgresql(arguments: list[str]) -> list[int]:
    with servers() as addresses:
        return [run("On PostgreSQL, with Redis, a worker and a browser", arguments, **addresses)]


def on_sqlite(arguments: list[str]) -> list[int]:
    return [run("On SQLite", arguments)]


def on_both(arguments: list[str]) -> list[int]:
    """Side by side, as there are two cores: PostgreSQL's tests, and beside them those on SQLite and then those that drive
    servers of their own. What the first one says is shown when the second lane has ended."""
    with (
        servers() as addresses,
        tempfile.TemporaryFile() as log,
        ended(begin([*arguments, "--lane=tables"], log, **addresses)) as beside,
    ):
        # Django makes its test database from this name; the two runs on one server need one each.
        own = addresses | {"DATABASE_URL": addresses["DATABASE_URL"] + "_beside"}
        results = [
            run("On SQLite", arguments),
            run("Browser and worker, on PostgreSQL and Redis", [*arguments, "--lane=servers"], **own),
            beside.wait(),
        ]
        log.seek(0)
        print("== On PostgreSQL, at the same time", flush=True)
        sys.stdout.buffer.write(log.read())
        sys.stdout.flush()
    return results


def stop(number: int, _frame: object) -> None:
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    sys.exit(128 + number)


def main(arguments: list[str]) -> int:
    for number in SIGNALS:
        signal.signal(number, stop)
    only = next((a.removeprefix("--only=") for a in arguments if a.startswith("--only=")), "")
    arguments = [a for a in arguments if not a.startswith("--only=")]
    runs = {"postgresql": on_postgresql, "sqlite": on_sqlite}
    results = runs.get(only, on_both)(arguments)
    # A selection may leave a lane without a test; a run of everything may not.
    if arguments and set(results) == {0, NO_TESTS_COLLECTED}:
        return 0
    return next((result for result in results if result), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
