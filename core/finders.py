"""Bootstrap comes from its Python package: four files under /static/bootstrap/, found where pip put them.

The package is no Django app, so a staticfiles finder serves them; the maps are there because the manifest storage follows them.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bootstrap_wrapper import get_bootstrap_dir
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

PREFIX = "bootstrap"
FILES = (
    "css/bootstrap.min.css",
    "css/bootstrap.min.css.map",
    "js/bootstrap.bundle.min.js",
    "js/bootstrap.bundle.min.js.map",
)


class BootstrapStorage(FileSystemStorage):
    """`collectstatic` puts the prefix before every name."""

    prefix = PREFIX


class BootstrapFinder(BaseFinder):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.root = Path(get_bootstrap_dir())
        self.storage = BootstrapStorage(location=self.root)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        name = Path(path).as_posix().removeprefix(f"{PREFIX}/")
        if path.startswith(f"{PREFIX}/") and name in FILES:
            found = str(self.root / name)
            return [found] if find_all else found
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, Any]]:
        return [(name, self.storage) for name in FILES]
