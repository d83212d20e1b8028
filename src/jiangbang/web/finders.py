"""Serves the few files that we need of the npm packages, and nothing else of node_modules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Warning
from django.core.files.storage import FileSystemStorage

from jiangbang.web.vendor import VENDOR


class VendorStorage(FileSystemStorage):
    """Gives a vendor file under its static name."""

    prefix = ""

    def path(self, name: str) -> str:
        return str(Path(self.location) / VENDOR[Path(name).as_posix()])


class NodePackagesFinder(BaseFinder):
    """Finds `VENDOR` in the folder that `npm ci` fills (`settings.NODE_MODULES`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.root = Path(settings.NODE_MODULES)
        self.storage = VendorStorage(location=str(self.root))
        super().__init__(*args, **kwargs)

    def check(self, **_: Any) -> list[CheckMessage]:
        missing = [place for place in VENDOR.values() if not (self.root / place).is_file()]
        if not missing:
            return []
        return [Warning(f"front-end packages are missing: {', '.join(missing)}", hint="Run npm ci.", id="web.W001")]

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        place = VENDOR.get(Path(path).as_posix())
        found = self.root / place if place else None
        if found is None or not found.is_file():
            return []
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, VendorStorage]]:  # noqa: ARG002 — Django's signature
        for name, place in VENDOR.items():
            if (self.root / place).is_file():
                yield name, self.storage
