"""What `make bench` says of its measurements; the measuring itself takes minutes and is not done here."""

import importlib.util

import pytest
from django.conf import settings


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("bench", settings.BASE_DIR / "tools" / "bench.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measured(**changes):
    row = {"page": "a:b", "party": "rocb", "seconds": 0.1, "bare": 0.02, "empty": 0.05, "queries": 9, "bytes": 20_000}
    return row | changes


@pytest.mark.parametrize(
    ("changes", "grows"),
    [
        ({}, False),
        ({"seconds": 0.299}, False),
        ({"seconds": 0.31}, True),
        ({"queries": 17}, False),
        ({"queries": 18}, True),
        ({"bytes": 199_000}, False),
        ({"bytes": 201_000}, True),
    ],
)
def test_a_page_that_grows_is_named(bench, changes, grows):
    lines, growing = bench._table([measured()], [measured(**changes)])
    assert bool(growing) == grows
    assert lines[-1].startswith("| **a:b** |" if grows else "| a:b |")


def test_a_page_without_a_small_twin_has_its_own_figures_alone(bench):
    lines, growing = bench._table([], [measured()])
    assert lines[-1] == "| a:b | rocb | 100 | 5.0 | 2.0 | 9 | 20 |  |  |  |"
    assert growing == []


def test_the_table_takes_the_place_of_the_one_before(bench, tmp_path, monkeypatch):
    report = tmp_path / "performance.md"
    report.write_text(f"# P\n\n{bench.BEGIN}\nold\n{bench.END}\n\nafter\n")
    monkeypatch.setattr(bench, "REPORT", report)
    bench._write(["new", "rows"])
    assert report.read_text() == f"# P\n\n{bench.BEGIN}\nnew\nrows\n{bench.END}\n\nafter\n"
