"""The files that put the portal on a server hold together; no container is started here."""

import re

import pytest
import yaml
from django.conf import settings

from core.storage import HashedStaticFilesStorage

COMPOSE = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]


def test_the_services_are_these():
    assert set(SERVICES) == {"prepare", "web", "worker", "beat", "db", "redis"}


@pytest.mark.parametrize("name", ["worker", "beat", "db", "redis"])
def test_every_service_that_stays_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"]


def test_the_web_service_has_the_health_check_of_the_image():
    assert "healthcheck" not in SERVICES["web"]
    assert "HEALTHCHECK" in (settings.BASE_DIR / "Dockerfile").read_text()


def test_every_volume_is_declared_and_every_store_has_one():
    used = {volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}

    assert used == set(COMPOSE["volumes"]) == {"documents", "database", "broker"}
    assert all(SERVICES[name]["volumes"] for name in ("web", "worker", "beat", "db", "redis"))


@pytest.mark.parametrize("name", ["SECRET_KEY", "POSTGRES_PASSWORD", "EMAIL_URL", "MAIL_FROM", "ALLOWED_HOSTS"])
def test_no_secret_and_no_address_has_a_default(name):
    text = (settings.BASE_DIR / "docker-compose.yml").read_text()
    uses = re.findall(rf"\$\{{{name}([^}}]*)\}}", text)

    assert uses
    assert all(use.startswith(":?") for use in uses)


def test_the_variables_of_the_compose_file_are_those_the_portal_reads():
    known = set(
        re.findall(r"^([A-Z_]+):", (settings.BASE_DIR / "rocb_portal/settings/env.py").read_text(), re.MULTILINE)
    )

    assert set(SERVICES["web"]["environment"]) <= known


def test_who_waits_for_whom():
    waits = {name: set(service.get("depends_on", {})) for name, service in SERVICES.items()}

    assert waits == {
        "prepare": {"db"},
        "web": {"prepare", "redis"},
        "worker": {"prepare", "redis"},
        "beat": {"prepare", "redis"},
        "db": set(),
        "redis": set(),
    }


def test_the_locks_hold_what_the_requirements_ask_for():
    pins = re.findall(r"^([\w-]+)==(\S+)", (settings.BASE_DIR / "requirements.txt").read_text(), re.MULTILINE)
    for lock in ("run.lock", "dev.lock"):
        locked = dict(
            re.findall(r"^([\w-]+)==(\S+)", (settings.BASE_DIR / "requirements" / lock).read_text(), re.MULTILINE)
        )
        assert {name.lower(): locked.get(name.lower()) for name, _ in pins} == {name.lower(): v for name, v in pins}


def test_static_files_are_hashed_and_packed_with_gzip_alone(tmp_path):
    (tmp_path / "a.css").write_text("a { color: red }" * 200)
    storage = HashedStaticFilesStorage(location=str(tmp_path))
    list(storage.post_process({"a.css": (storage, "a.css")}))
    hashed = storage.stored_name("a.css")

    assert re.fullmatch(r"a\.[0-9a-f]{12}\.css", hashed)
    assert {path.name for path in tmp_path.iterdir()} == {
        "a.css",
        "a.css.gz",
        hashed,
        f"{hashed}.gz",
        "staticfiles.json",
    }
