"""Asks this container's own web server whether it is well; the exit code is the answer."""

import sys
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rocb_portal.settings import env

# The portal answers only under its own names, and that is as it should be, so the question is put under the first of them.
question = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": env.ALLOWED_HOSTS[0]})
with urllib.request.urlopen(question, timeout=8) as answer:  # noqa: S310 (our own server)
    sys.exit(answer.status != 200)
