"""What the architecture page promises, looked for in the source: floors, walls, one writer of states, nothing inline."""

import ast
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver, reverse
from importlinter.cli import lint_imports

from core import outbox
from core.workflow import bindings

ROOT = Path(settings.BASE_DIR)
FLOORS = ["core", "members", "experts", "centres", "candidates", "missions", "support", "gap_analysis", "rocb_portal"]
OURS = [name for name in FLOORS if (ROOT / name).is_dir()]
TEMPLATES = sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")])
PYTHON = sorted(
    path for app in OURS for path in (ROOT / app).rglob("*.py") if not {"tests", "migrations"} & set(path.parts)
)
VIEWS = [path for path in PYTHON if path.name == "views.py" or path.parent.name == "views"]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def template_name(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def places(found: Iterator[tuple[Path, ast.AST]]) -> list[str]:
    return [f"{name_of(path)}:{node.lineno}" for path, node in found]


# Floors


def test_imports_between_apps_and_between_files_run_downward(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename=str(ROOT / ".importlinter"), no_logo=True, no_cache=True) == 0


def test_relations_between_models_run_downward():
    """Foreign keys by name walk through the linter. The account that acted is known to everybody, as Django means it."""
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields(include_hidden=True)
        if field.is_relation
        and field.related_model
        and (field.concrete or field.many_to_many)
        and not field.auto_created
        if field.related_model._meta.label != settings.AUTH_USER_MODEL
        and field.related_model._meta.app_label in FLOORS
        and FLOORS.index(field.related_model._meta.app_label) > FLOORS.index(model._meta.app_label)
    ]
    assert upward == []


def test_nobody_listens_to_the_saving_of_models():
    words = re.compile(r"\b(pre_save|post_save|m2m_changed|pre_delete|post_delete)\b")
    assert [name_of(path) for path in PYTHON if words.search(path.read_text())] == []


# States

# Fields of the same name that are no workflow: jobs of the outbox and lines of the ledger. Past missions of the demo region are
# written as they ended.
OTHER_STATES = {"core/outbox.py", "core/imports.py", "experts/services/days.py"}


def _writes_state(node: ast.AST) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        return any(
            isinstance(part, ast.Attribute) and part.attr == "state"
            for target in targets
            if target is not None
            for part in ast.walk(target)
        )
    if not isinstance(node, ast.Call):
        return False
    named = isinstance(node.func, ast.Attribute) and node.func.attr in {"update", "update_or_create", "bulk_update"}
    by_name = isinstance(node.func, ast.Name) and node.func.id == "setattr" and len(node.args) > 1
    return (named and any(keyword.arg == "state" for keyword in node.keywords)) or (
        by_name and isinstance(node.args[1], ast.Constant) and node.args[1].value == "state"
    )


def test_the_engine_alone_writes_a_state():
    outside = [p for p in PYTHON if name_of(p) not in OTHER_STATES | {"core/workflow.py"} and "demo" not in p.parts]
    assert places((path, node) for path in outside for node in nodes(path) if _writes_state(node)) == []


def _judges_state(node: ast.AST) -> bool:
    """A comparison with `.state`, or a filter by it."""
    if isinstance(node, ast.Compare):
        return any(isinstance(part, ast.Attribute) and part.attr == "state" for part in [node.left, *node.comparators])
    return isinstance(node, ast.Call) and any((k.arg or "").split("__")[0] == "state" for k in node.keywords if k.arg)


def test_no_view_judges_a_state():
    helpers = {"get_context_data", "render", "dict", "Line"}
    found = [
        (path, node)
        for path in VIEWS
        for node in nodes(path)
        if _judges_state(node) and not (isinstance(node, ast.Call) and _called(node) in helpers)
    ]
    assert places(found) == []


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_no_view_knows_the_names_of_states():
    known = {
        "RequestState", "MissionState", "InvitationState", "ReportState", "CorrectionState", "NominationState", "CallState",
        "NomineeState", "ImportState", "OpportunityState",
    }  # fmt: skip
    found = [
        (path, node)
        for path in VIEWS
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and known & {alias.name for alias in node.names}
    ]
    assert places(found) == []


def test_no_template_compares_a_state():
    """`link.state` is how a column is sorted."""
    compares = re.compile(r"(?<!\blink)\.state(?:\.value)?\s*(?:==|!=|\bin\b)|\bin\b[^%}]*\.state\b")
    found = {template_name(p): compares.findall(p.read_text()) for p in TEMPLATES if compares.search(p.read_text())}
    assert found == {}


# Tables


def rows():
    return [pytest.param(b, t, id=f"{b.machine.name}.{t.name}") for b in bindings() for t in b.machine.transitions]


@pytest.mark.parametrize(("binding", "row"), rows())
def test_a_row_names_states_pages_and_jobs_that_exist(binding, row):
    states = {state.value for state in binding.machine.states}
    assert {*row.sources, row.target or row.sources[0]} <= states
    assert set(row.effects) <= outbox.registered()
    key = uuid.uuid4()
    assert reverse(row.page, args=[key]) if row.page else reverse(binding.url_name, args=[key, row.name])


@pytest.mark.parametrize("binding", bindings(), ids=lambda binding: binding.machine.name)
def test_every_named_action_is_a_row_and_every_name_is_there_once(binding):
    names = [row.name for row in binding.machine.transitions]
    assert set(binding.actions) <= set(names)
    assert len(names) == len(set(names))


# Templates

# Names that packages look for; they are nowhere in our source.
LOOKED_FOR_BY_PACKAGES = ("account/", "allauth/", "bootstrap5/", "simple_history/", "admin/", "registration/")
LOOKED_FOR_BY_DJANGO = {"400.html", "403.html", "404.html", "500.html", "403_csrf.html"}


def test_every_template_is_used():
    source = "\n".join(path.read_text() for path in [*PYTHON, *TEMPLATES])
    unused = [
        name
        for name in map(template_name, TEMPLATES)
        if name not in LOOKED_FOR_BY_DJANGO
        and not name.startswith(LOOKED_FOR_BY_PACKAGES)
        and name not in source
        and not (name.startswith("email/") and f'"{Path(name).stem}"' in source)
    ]
    assert unused == []


def test_every_component_says_what_it_takes():
    folder = ROOT / "templates" / "components"
    assert [path.name for path in folder.iterdir() if "{% comment %}" not in path.read_text()] == []


INLINE = {
    "a style": re.compile(r"<[a-z][^>]*\sstyle\s*=|<style\b", re.IGNORECASE),
    "a handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=|javascript:", re.IGNORECASE),
    "a script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
}


@pytest.mark.parametrize("what", INLINE)
def test_nothing_is_written_inline_that_the_security_policy_would_refuse(what):
    pages = [p for p in TEMPLATES if p.suffix == ".html" and not template_name(p).startswith("email/")]
    assert [template_name(p) for p in pages if INLINE[what].search(p.read_text())] == []


# Markup that is not escaped, each looked at: what goes in has been escaped before, or is drawn by ourselves.
UNESCAPED = {
    "core/templatetags/portal.py": "drawings of core.charts, which escapes every text it puts in",
    "templates/email/notice.html": "the words of the plain e-mail, escaped as a whole",
}


def test_nothing_goes_unescaped_but_what_was_looked_at():
    marks = re.compile(r"\bmark_safe\(|\bSafeString\(|\|\s*safe\b|\|\s*safeseq\b|autoescape off")
    found = {
        name_of(p) for p in [*PYTHON, *(t for t in TEMPLATES if t.suffix == ".html")] if marks.search(p.read_text())
    }
    assert found == set(UNESCAPED)


def test_every_form_that_posts_carries_the_tokens():
    forms = re.compile(r"<form\b[^>]*method=.post.[^>]*>(.*?)</form>", re.IGNORECASE | re.DOTALL)
    bare = [
        template_name(p)
        for p in TEMPLATES
        if any("{% form_token %}" not in body for body in forms.findall(p.read_text()))
    ]
    assert bare == []


# Walls

TENANTS = {
    "CapacityRequest",
    "Mission",
    "Seat",
    "Invitation",
    "Letter",
    "Material",
    "Report",
    "Expert",
    "CorrectionRequest",
    "Listing",
    "Nomination",
    "Call",
    "WorkshopNominee",
    "FieldMission",
    "Resource",
    "SheetImport",
    "SavedSearch",
    "Opportunity",
    "Notice",
    "User",
    "Proposal",
}
BARE = {
    "all",
    "get",
    "filter",
    "exclude",
    "first",
    "last",
    "values",
    "values_list",
    "count",
    "exists",
    "in_bulk",
    "order_by",
}

# Rows asked for without `visible_to`, each looked at.
KNOWN_ROWS = {
    "CapacityRequest.objects.get(pk=self.object.pk)": "the one that was seen, fresh",
    "User.objects.get(pk=self.request.user.pk)": "the own account",
    "User.objects.get(email=email)": "one of the published demo logins",
}


def _asks_bare(node: ast.AST) -> bool:
    """`Model.objects.get(…)` and the like, for a model whose rows not everybody may see."""
    called = node.func if isinstance(node, ast.Call) else None
    manager = called.value if isinstance(called, ast.Attribute) and called.attr in BARE else None
    return (
        isinstance(manager, ast.Attribute)
        and manager.attr in {"objects", "_default_manager"}
        and isinstance(manager.value, ast.Name)
        and manager.value.id in TENANTS
        and ast.unparse(node) not in KNOWN_ROWS
    )


def test_views_ask_for_rows_by_visible_to():
    assert places((path, node) for path in VIEWS for node in nodes(path) if _asks_bare(node)) == []


def test_every_page_of_ours_states_its_right():
    silent = sorted(name for name, view in _views(get_resolver()) if not isinstance(getattr(view, "action", None), str))
    assert silent == []


def _views(resolver, prefix=""):
    """Our class-based pages by name; functions say what they ask for themselves, and those of other packages theirs."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern, f"{prefix}{pattern.namespace or ''}:")
        else:
            view = getattr(pattern.callback, "view_class", None)
            if view is not None and view.__module__.split(".")[0] in FLOORS:
                yield f"{prefix}{pattern.name}", view


def test_no_file_has_a_name_that_says_nothing():
    assert [name_of(p) for p in PYTHON if {"utils", "helpers", "common"} & {*p.parts, p.stem}] == []


def test_locks_are_taken_in_one_place():
    found = [name_of(path) for path in PYTHON if "select_for_update" in path.read_text()]
    assert found == ["core/locks.py"]


def test_pdfs_are_drawn_in_one_place():
    words = re.compile(r"\b(?:from|import) weasyprint\b")
    assert [name_of(path) for path in PYTHON if words.search(path.read_text())] == ["core/pdf.py"]


def test_the_environment_is_read_in_one_place():
    words = re.compile(r"os\.environ|os\.getenv|environ\.Env\(")
    found = {name_of(path) for path in PYTHON if words.search(path.read_text())}
    assert found <= {
        "rocb_portal/settings/env.py",
        "rocb_portal/testing.py",
        "rocb_portal/celery.py",
        "rocb_portal/wsgi.py",
    }
