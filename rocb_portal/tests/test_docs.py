import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from core.workflow import bindings
from rocb_portal import workflow_docs

DOCS = Path(settings.BASE_DIR) / "docs"
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def test_the_workflow_page_is_current():
    call_command("workflow_docs", "--check", stdout=io.StringIO())


def test_a_stale_workflow_page_is_noticed(monkeypatch, tmp_path):
    stale = tmp_path / "workflow.md"
    stale.write_text(workflow_docs.written().replace("draft", "sketch"))
    monkeypatch.setattr("rocb_portal.management.commands.workflow_docs.PATH", stale)
    with pytest.raises(CommandError, match="stale"):
        call_command("workflow_docs", "--check")
    call_command("workflow_docs")
    call_command("workflow_docs", "--check")


def test_every_act_and_every_state_of_the_tables_stands_on_the_page():
    text = (DOCS / "workflow.md").read_text()
    machines = [binding.machine for binding in bindings()]
    assert [name for m in machines for name in [t.name for t in m.transitions] if f"`{name}`" not in text] == []
    assert [value for m in machines for value in [s.value for s in m.states] if f"`{value}`" not in text] == []


@pytest.mark.parametrize("page", sorted([*DOCS.rglob("*.md"), DOCS.parent / "README.md"]), ids=lambda page: page.name)
def test_links_between_the_pages_lead_somewhere(page):
    broken = [
        link for link in LINK.findall(page.read_text()) if "://" not in link and not (page.parent / link).exists()
    ]
    assert broken == []


def test_the_architecture_page_names_every_folder_at_the_top():
    text = (DOCS / "architecture.md").read_text() + (DOCS / "architecture.svg").read_text()
    folders = {
        path.name
        for path in DOCS.parent.iterdir()
        if path.is_dir() and not path.name.startswith((".", "__")) and path.name not in {"var", "staticfiles"}
    }
    assert {name for name in folders if name not in text} == set()


def test_one_page_is_one_page():
    lengths = {
        page.name: len(page.read_text().splitlines())
        for page in [DOCS / "architecture.md", *(DOCS / "adr").glob("*.md")]
    }
    assert {name: n for name, n in lengths.items() if n > 70} == {}
