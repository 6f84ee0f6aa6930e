import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from rocb_portal.settings import env

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "rocb_portal.settings.production",
    "SECRET_KEY": "n3QyV0c7rWb2kXz9LmT5sHgD8fJpA1eUiO4xC6vB-_R7tYwEqZs",
    "DATABASE_URL": "postgres://u:p@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "ALLOWED_HOSTS": "portal.example",
    "MAIL_FROM": "ROCB <portal@portal.example>",
}


def start(**changed: str | None) -> subprocess.CompletedProcess[str]:
    """Load the production settings in a process of their own and print a few of them."""
    values = {name: value for name, value in (PRODUCTION | changed).items() if value is not None}
    code = (
        "from django.conf import settings as s; print(s.PUBLIC_URL, s.SESSION_COOKIE_NAME, s.EMAIL_HOST, s.MAIL_DOMAIN)"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]} | values,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_what_it_needs():
    started = start()

    assert started.stdout == "https://portal.example __Host-sessionid 127.0.0.1 portal.example\n", started.stderr


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "DJANGO_SETTINGS_MODULE"])
def test_production_names_the_variable_it_misses(name):
    started = start(**{name: None})

    assert started.returncode != 0
    assert f"Set the environment variable {name};" in started.stderr


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"DEBUG": "on"}, "DEBUG is on."),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY must be"),
        ({"SECRET_KEY": settings.SECRET_KEY}, "SECRET_KEY must be"),
        ({"DATABASE_URL": "sqlite:////tmp/x.sqlite3"}, "DATABASE_URL must name a PostgreSQL database"),
    ],
)
def test_production_refuses_what_only_a_demo_may_have(changed, words):
    started = start(**changed)

    assert started.returncode != 0
    assert words in started.stderr


def test_demo_people_are_for_the_embedded_and_test_modes_only():
    code = "from django.conf import settings as s; print(s.DEMO_ALLOWED, s.KEEP_MESSAGE_LINKS)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]} | PRODUCTION,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "False False\n"


def test_the_environment_is_read_in_one_place():
    reads = re.compile(r"os\.environ(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")|os\.getenv|environ\.Env\(")
    apps = ["core", "members", "experts", "centres", "candidates", "missions", "support", "gap_analysis", "rocb_portal"]
    files = [path for app in apps for path in (settings.BASE_DIR / app).rglob("*.py")]
    found = {path.relative_to(settings.BASE_DIR).as_posix() for path in files if reads.search(path.read_text())}

    found = {name for name in found if "/tests/" not in name}
    assert found == {"rocb_portal/settings/env.py", "rocb_portal/testing.py"}


def test_a_generated_secret_is_made_once_and_read_by_its_owner_only(tmp_path: Path):
    key = tmp_path / "var" / "secret.key"
    made = env.generated_secret(key)

    assert len(made) >= 50
    assert env.generated_secret(key) == made
    assert key.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in key.parent.iterdir()] == ["secret.key"]


def test_a_mail_folder_and_a_mail_server_are_both_addresses():
    folder = env.mail("filemail:///var/mails")
    server = env.mail("smtp+tls://me:secret@mail.example:587")

    assert folder == {
        "EMAIL_FILE_PATH": "/var/mails",
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
    }
    assert (server["EMAIL_HOST"], server["EMAIL_PORT"], server["EMAIL_USE_TLS"]) == ("mail.example", 587, True)


@pytest.mark.django_db
def test_every_answer_carries_the_security_headers():
    headers = Client().get("/").headers

    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
