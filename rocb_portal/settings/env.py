"""The one place where the environment is read; every variable the portal knows stands here once, with its meaning.

Nothing here has a secret as its default. What a mode cannot do without, its own settings file demands by `required`.
"""

import contextlib
import os
import tempfile
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parents[2]

_env = environ.Env()

# Key that signs sessions and links; production demands one of at least 50 characters.
SECRET_KEY: str = _env.str("SECRET_KEY", default="")
# Developers only: error pages with source. Production refuses it.
DEBUG: bool = _env.bool("DEBUG", default=False)
# postgres://user:password@host:5432/name, or sqlite:////path/file.sqlite3
DATABASE_URL: str = _env.str("DATABASE_URL", default="")
# redis://host:6379/0, the broker of the background work and nothing else.
REDIS_URL: str = _env.str("REDIS_URL", default="")
# smtp://host:25, smtp+tls://user:password@host:587, or filemail:///folder
EMAIL_URL: str = _env.str("EMAIL_URL", default="")
# The sender of every e-mail.
MAIL_FROM: str = _env.str("MAIL_FROM", default="")
# Host names under which the portal answers, comma separated.
ALLOWED_HOSTS: list[str] = _env.list("ALLOWED_HOSTS", default=[])
# Where readers reach the portal, for links in e-mails and letters: https://portal.example.org
PUBLIC_URL: str = _env.str("PUBLIC_URL", default="").rstrip("/")
# Port of the embedded web server on 127.0.0.1.
PORT: int = _env.int("PORT", default=8000)
# Folder of everything the embedded mode keeps.
VAR_DIR: Path = Path(_env.str("VAR_DIR", default=str(BASE_DIR / "var")))
# Folder of the kept documents.
MEDIA_ROOT: str = _env.str("MEDIA_ROOT", default="")
# Folder that collectstatic fills in production.
STATIC_ROOT: str = _env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
# True when a proxy ends TLS and sets X-Forwarded-Proto itself.
BEHIND_TLS_PROXY: bool = _env.bool("BEHIND_TLS_PROXY", default=False)
# Number of proxies in front whose X-Forwarded-For entries can be believed; sign-in limits count by that address.
TRUSTED_PROXIES: int = _env.int("TRUSTED_PROXIES", default=0)
# Where the WCO's own database of accredited experts (ACE) is reached; records link to it.
ACE_URL: str = _env.str("ACE_URL", default="https://www.wcoomd.org/")
LOG_LEVEL: str = _env.str("LOG_LEVEL", default="INFO").upper()


def required(name: str) -> None:
    """Refuse to start, by name, without a variable this mode cannot do without."""
    if not globals()[name]:
        raise ImproperlyConfigured(f"Set the environment variable {name}; this mode does not start without it.")


def database(url: str) -> dict[str, object]:
    """Both databases, set up so that two writers meet in a lock that waits seconds and not for ever."""
    config: dict[str, object] = dict(environ.Env.db_url_config(url))
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        # Persistent connections instead of a pool: Django's pool option needs psycopg 3.
        config |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
        config["OPTIONS"] = {"connect_timeout": 5, "options": "-c lock_timeout=3000"}
    return config


def mail(url: str) -> dict[str, object]:
    """The EMAIL_* settings that an address such as smtp+tls://user:password@host:587 stands for."""
    found = environ.Env.email_url_config(url)
    if url.startswith("filemail:"):
        found["EMAIL_FILE_PATH"] = "/" + found["EMAIL_FILE_PATH"].lstrip("/")
    return {key: value for key, value in found.items() if key.startswith("EMAIL_") and value not in (None, "")}


def generated_secret(path: Path) -> str:
    """A random key made once and kept in a file that only its owner reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        made, name = tempfile.mkstemp(dir=path.parent)
        os.write(made, get_random_secret_key().encode())
        os.close(made)
        # A link is made whole or not at all, so that web server and worker starting together read the same key.
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
        Path(name).unlink()
    return path.read_text().strip()
