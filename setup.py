"""Builds the wheel (`script/wheel`). The bundled programmes and the front end's packages travel inside it, with their licences."""

from __future__ import annotations

import runpy
import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
MODULES = ROOT / "node_modules"
VENDOR = runpy.run_path(str(ROOT / "src" / "jiangbang" / "web" / "vendor.py"))["VENDOR"]
# whole, for the oldest rar archives: a program that Node runs
UNRAR = "node-unrar-js"
TRANSLATIONS = ROOT / "src" / "jiangbang" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"


class BuildWithBundle(build_py):
    """Adds `jiangbang/bundled`, where `jiangbang.beside` looks first."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            bundle(Path(self.build_lib) / "jiangbang" / "bundled")


def bundle(target: Path) -> None:
    """Lay programmes, served files and licences into `target`; ends with a sentence where something has not been fetched or made."""
    missing = [place for place in (*VENDOR.values(), f"{UNRAR}/package.json") if not (MODULES / place).is_file()]
    if missing or not TRANSLATIONS.is_file():
        sys.exit(
            f"not there: {', '.join([*missing, TRANSLATIONS.name])}; script/wheel fetches and makes what a wheel needs"
        )
    shutil.rmtree(target, ignore_errors=True)
    for programme in sorted((ROOT / "programmes").glob("*/*.toml")):
        copy(programme, target / "programmes" / programme.parent.name / programme.name)
    for place in VENDOR.values():
        copy(MODULES / place, target / "node_modules" / place)
        package = place.split("/dist/")[0]
        # package.json names the licence where no file does
        for words in [
            file for name in ("LICENSE*", "NOTICE*", "package.json") for file in (MODULES / package).glob(name)
        ]:
            copy(words, target / "node_modules" / package / words.name)
    shutil.copytree(MODULES / UNRAR, target / "node_modules" / UNRAR)


def copy(source: Path, target: Path) -> None:
    """Copy one file, making the folders above it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


setup(cmdclass={"build_py": BuildWithBundle})
