import os
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings


def run_tool(name, *arguments, **env):
    return subprocess.run(
        [sys.executable, f"tools/{name}", *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "rocb_portal.settings.embedded"} | env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("port", ["abc", "99999", ""])
def test_what_is_no_port_is_said_in_a_sentence(tmp_path, port):
    done = run_tool("run.py", PORT=port, VAR_DIR=str(tmp_path / "var"))
    assert (done.returncode, "is no port. Choose one from 1024 to 65535" in done.stderr) == (1, True)


def test_a_busy_port_is_said_in_a_sentence_before_anything_is_loaded(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_tool("run.py", PORT=str(port), VAR_DIR=str(tmp_path / "var"))

    assert done.returncode == 1
    assert done.stderr.startswith(
        f"Port {port} cannot be used (Address already in use). Choose another: make run PORT="
    )
    assert done.stdout == ""
    assert not (tmp_path / "var").exists()


@pytest.mark.worker
def test_the_worker_of_a_server_ends_with_it(demo_servers):
    server = demo_servers.start()
    pids = [process.pid for process in server.processes.values()]
    assert len(pids) == 2
    server.stop()

    ends = time.monotonic() + 10
    while any(os.path.exists(f"/proc/{pid}") for pid in pids) and time.monotonic() < ends:  # noqa: PTH110 (no files)
        time.sleep(0.1)
    assert [pid for pid in pids if os.path.exists(f"/proc/{pid}")] == []  # noqa: PTH110 (no files)
