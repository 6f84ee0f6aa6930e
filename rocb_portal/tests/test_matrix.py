"""Every URL of the portal, called as every party, by GET and by POST, and compared with the matrix."""

import re
from collections import Counter

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from rocb_portal.tests import world as worlds
from rocb_portal.tests.matrix import MATRIX, PUBLIC

pytestmark = pytest.mark.django_db


def lines():
    for line in MATRIX.strip().splitlines():
        name, obj, may, may_not, *reads = [cell.strip() for cell in line.split("|")]
        url_name, *words = name.split()
        yield url_name, words, obj.split(), set(may.split()), set(may_not.split()), set(" ".join(reads).split())


LINES = list(lines())


def routes(patterns=None, prefix=""):
    """Every named route but those of the admin, which has a test of its own."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        namespace = getattr(entry, "namespace", None)
        if hasattr(entry, "url_patterns"):
            if namespace != "admin":
                yield from routes(entry.url_patterns, f"{prefix}{namespace}:" if namespace else prefix)
        else:
            yield f"{prefix}{entry.name}", entry


def test_every_url_has_a_line_or_a_reason_to_be_public():
    ruled = {line[0] for line in LINES}
    found = Counter(name for name, _entry in routes())
    assert sorted(set(found) - ruled - set(PUBLIC)) == []
    assert sorted((ruled | set(PUBLIC)) - set(found)) == []
    assert [name for name, n in found.items() if n > 1] == []


def test_every_view_states_its_action():
    without = [
        name
        for name, entry in routes()
        if not name.startswith(("account_", "healthz"))
        and not getattr(getattr(entry.callback, "view_class", None), "action", "")
    ]
    assert without == []


def test_every_object_in_an_address_is_a_key_that_cannot_be_guessed():
    assert [str(entry.pattern) for _name, entry in routes() if "<int" in str(entry.pattern)] == []


def address(world, url_name, words, path):
    keys = []
    for dotted in path:
        thing = world
        for part in dotted.split("."):
            thing = getattr(thing, part)
        keys.append(thing.pk)
    return reverse(url_name, args=[*keys, *words])


def outcome(status, location=""):
    if status == 302 and "/account/login/" in location:
        return "sign-in"
    return {403: "may not", 404: "not there"}.get(status, "may" if status < 500 else f"error {status}")


def call(client, method, url):
    response = getattr(client, method)(url)
    if response.streaming:
        list(response.streaming_content)  # to its end, so that the file is closed
    return outcome(response.status_code, response.headers.get("Location", ""))


COLUMNS = ("url_name", "words", "path", "may", "may_not", "reads")


@pytest.mark.parametrize(COLUMNS, LINES, ids=[" ".join([x[0], *x[1], *x[2]]) for x in LINES])
def test_cells(world, url_name, words, path, may, may_not, reads):
    url = address(world, url_name, words, path)
    differing = []
    for party, client in world.clients.items():
        for method in ("get", "post"):
            allowed = may | reads if method == "get" else may
            expected = "may" if party in allowed else "may not" if party in may_not | reads else "not there"
            sid = transaction.savepoint()
            said = call(client, method, url)
            transaction.savepoint_rollback(sid)
            if said != expected:
                differing.append((party, method, said, expected))
    assert differing == []
    assert call(Client(), "get", url) == "sign-in"


@pytest.mark.parametrize(COLUMNS, [x for x in LINES if x[2]], ids=lambda x: str(x)[:40])
def test_what_does_not_exist_is_not_there_for_anybody(world, url_name, words, path, may, may_not, reads):
    url = reverse(url_name, args=[*[worlds.NOBODY] * len(path), *words])
    assert call(world.clients["rocb"], "get", url) == "not there"


def test_every_party_sees_some_page_and_not_another():
    """A matrix in which nobody is refused proves nothing."""
    parties = {party for line in LINES for party in line[3]}
    for party in parties - {"rocb"}:
        assert any(party not in line[3] for line in LINES)
    assert len(LINES) * len(parties) * 2 > 1000


def test_every_form_that_writes_carries_its_one_time_key(world):
    """Double clicks do nothing twice: no posting form of any page comes without the key."""
    without, forms = [], 0
    for url_name, words, path, may, _may_not, reads in LINES:
        for party in sorted(may | reads)[:2]:
            response = world.clients[party].get(address(world, url_name, words, path))
            page = b"".join(response).decode(errors="ignore") if response.status_code == 200 else ""
            for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", page, re.DOTALL):
                forms += 1
                if 'name="_key"' not in form or 'name="csrfmiddlewaretoken"' not in form:
                    without.append((url_name, form[:120]))
    assert without == []
    assert forms > 100
