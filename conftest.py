"""The rules of every test run: what is collected on which database, what data is there, no skips in CI."""

import io
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.test import override_settings

# What SQLite or a single process cannot show is not collected there, so that it never counts as skipped.
ONLY_ON_POSTGRESQL = ("postgres", "browser", "worker")
# These have databases and servers of their own and may run beside the others.
WITH_SERVERS = ("browser", "worker")
BLOCKER: pytest.StashKey[Any] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    # Playwright's synchronous interface runs an event loop in the test's thread; Django would refuse its database.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    # A deadline would measure how busy the machine is.
    hypothesis.settings.register_profile("portal", deadline=None)
    hypothesis.settings.load_profile("portal")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lane", choices=["tables", "servers"], help="without, or only, the browser and worker tests")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    def has(item: pytest.Item, markers: tuple[str, ...]) -> bool:
        return any(item.get_closest_marker(name) for name in markers)

    lane = config.getoption("--lane")
    on_postgresql = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    left_out = [
        item
        for item in items
        if (lane and has(item, WITH_SERVERS) != (lane == "servers"))
        or (not on_postgresql and has(item, ONLY_ON_POSTGRESQL))
    ]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


@pytest.fixture(scope="session", autouse=True)
def documents_of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("media"))):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, request: pytest.FixtureRequest) -> None:
    """The framework's areas, members, tables and policy rows are in the test database of every test."""
    request.config.stash[BLOCKER] = django_db_blocker
    with django_db_blocker.unblock():
        _load_framework()


def _load_framework() -> None:
    call_command("load_framework", stdout=io.StringIO())


@pytest.fixture
def empty_tables(db: None) -> None:
    """For tests of loading: nothing is there yet. The framework's data is back when the test's transaction is undone."""
    own = [app.label for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    tables = [model._meta.db_table for label in own for model in apps.get_app_config(label).get_models()]
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), tables, allow_cascade=True):
            cursor.execute(statement)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, Any, Any]:
    """A test with real transactions ends by emptying every table: the framework's data comes back for the next."""
    outcome = yield
    if nextitem is not None and BLOCKER in item.config.stash and _empties_tables(item):
        with item.config.stash[BLOCKER].unblock():
            _load_framework()
    return outcome


def _empties_tables(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or bool(
        {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    )


def _skipped_in_ci(config: pytest.Config) -> list[Any]:
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or reporter is None:
        return []
    return reporter.stats.get("skipped", [])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if _skipped_in_ci(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for report in _skipped_in_ci(config):
        terminalreporter.write_line(f"FAILED (skipped, and CI skips nothing): {report.nodeid}", red=True)


@pytest.fixture(scope="session")
def demo_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Makes servers on copies of the demo database, which is built once a session: `demo_servers.start()`."""
    from rocb_portal.testing import DemoServers

    servers = DemoServers(tmp_path_factory.mktemp("demo"))
    try:
        yield servers
    finally:
        servers.stop_all()


@pytest.fixture(scope="module")
def demo_server(demo_servers: Any) -> Iterator[Any]:
    """One server, worker and copy of the demo database for all tests of a module."""
    server = demo_servers.start()
    yield server
    server.stop()


@pytest.fixture
def fresh_demo_server(demo_servers: Any) -> Iterator[Any]:
    """A server of this test alone, for a test that changes much."""
    server = demo_servers.start()
    yield server
    server.stop()
