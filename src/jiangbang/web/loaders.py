"""Finds the house's templates before those of any installed package, so that ours override allauth's."""

from __future__ import annotations

from pathlib import Path

from django.template.loaders.filesystem import Loader as FilesystemLoader


class Loader(FilesystemLoader):
    def get_dirs(self) -> list[str | Path]:
        return [Path(__file__).parent / "templates"]
