import json
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from core.finders import FILES


@pytest.mark.parametrize("name", FILES)
def test_bootstrap_is_served_from_its_package(name):
    assert Path(finders.find(f"bootstrap/{name}")).is_file()


@pytest.mark.parametrize(
    "name",
    ["bootstrap/version.txt", "bootstrap/css/../version.txt", "bootstrap/css/bootstrap.css", "css/bootstrap.min.css"],
)
def test_nothing_else_of_the_package_is_served(name):
    assert finders.find(name) is None


def test_the_map_that_the_style_sheet_names_is_there():
    css = Path(finders.find("bootstrap/css/bootstrap.min.css")).read_text(encoding="utf-8")
    name = css.rpartition("sourceMappingURL=")[2].split()[0]
    assert json.loads(Path(finders.find(f"bootstrap/css/{name}")).read_text(encoding="utf-8"))["version"] == 3


def test_collectstatic_gets_the_same_files_under_the_prefix():
    finder = finders.get_finder("core.finders.BootstrapFinder")
    assert [f"{storage.prefix}/{name}" for name, storage in finder.list(None)] == [
        f"bootstrap/{name}" for name in FILES
    ]
