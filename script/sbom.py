"""The bill of materials: every package that the project is pinned to, as CycloneDX 1.6 in JSON.

    .venv/bin/python script/sbom.py [-o FILE]

What runs is `required`; what only builds and tests is `excluded`. Each package has the hashes of its pin and what wants it.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[1]
PIN = re.compile(r"^(?P<name>[\w.-]+)(?:\[[^\]]*\])?==(?P<version>[^\s\\;]+)")


@dataclass
class Pinned:
    """One package as the lock files have it. `wanted_by`: names of the same ecosystem; empty for what the project itself wants."""

    kind: str
    name: str
    version: str
    runs: bool
    hashes: list[tuple[HashAlgorithm, str]] = field(default_factory=list)
    wanted_by: set[str] = field(default_factory=set)


def python_packages(requirements: Path = ROOT / "requirements") -> Iterator[Pinned]:
    """What pip-compile pinned: the development set holds all of the base set at the same versions."""
    running = {name for name, _ in _blocks((requirements / "base.txt").read_text("utf-8"))}
    for name, block in _blocks((requirements / "dev.txt").read_text("utf-8")):
        pin = PIN.match(block)
        assert pin is not None
        via = re.findall(r"^ {4}# (?:via|  ) *(\S.*)$", block, re.MULTILINE)
        wanted_by = {one for one in via if one and not one.startswith("-r ")}
        hashes = [(HashAlgorithm.SHA_256, found) for found in re.findall(r"--hash=sha256:([0-9a-f]{64})", block)]
        yield Pinned("pypi", name, pin["version"], name in running, hashes, wanted_by)


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    for block in re.split(r"^(?=[\w.-]+(?:\[[^\]]*\])?==)", text, flags=re.MULTILINE)[1:]:
        pin = PIN.match(block)
        assert pin is not None
        yield pin["name"], block


def front_end_packages(lock: Path = ROOT / "package-lock.json") -> Iterator[Pinned]:
    """What npm locked. A package of one name may stand there in several versions."""
    packages: Mapping[str, Mapping[str, Any]] = json.loads(lock.read_text("utf-8"))["packages"]
    for place, package in packages.items():
        if place:
            name, algorithm, digest = _npm_name(place), *package["integrity"].partition("-")[::2]
            hashes = [(HashAlgorithm[algorithm.replace("sha", "SHA_")], base64.b64decode(digest).hex())]
            wanted_by = {
                _npm_name(by) for by, other in packages.items() if by and name in other.get("dependencies", {})
            }
            yield Pinned("npm", name, package["version"], not package.get("dev"), hashes, wanted_by)


def _npm_name(place: str) -> str:
    return place.rpartition("node_modules/")[2]


def bill(pins: list[Pinned], version: str) -> Bom:
    """The bill over all pins, with who wants whom."""
    bom, made = Bom(), {id(pin): _component(pin) for pin in pins}
    root = Component(name="jiangbang", version=version, type=ComponentType.APPLICATION, bom_ref="jiangbang")
    bom.metadata.component = root
    bom.components.update(made.values())
    direct = [made[id(pin)] for pin in pins if not pin.wanted_by]
    bom.register_dependency(root, direct)
    for pin in pins:
        needs = [made[id(other)] for other in pins if other.kind == pin.kind and pin.name in other.wanted_by]
        bom.register_dependency(made[id(pin)], needs)
    return bom


def _component(pin: Pinned) -> Component:
    scope, _, name = pin.name.rpartition("/")
    purl = PackageURL(pin.kind, scope or None, name, pin.version)
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(purl.to_string()),
        hashes=[HashType(alg=algorithm, content=digest) for algorithm, digest in pin.hashes],
    )
    return Component(
        name=name,
        group=scope or None,
        version=pin.version,
        type=ComponentType.LIBRARY,
        scope=ComponentScope.REQUIRED if pin.runs else ComponentScope.EXCLUDED,
        purl=purl,
        bom_ref=purl.to_string(),
        external_references=[files],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, help="where to write it; standard output without")
    output = parser.parse_args().output
    version = re.search(r'__version__ = "(.+)"', (ROOT / "src/jiangbang/__init__.py").read_text("utf-8"))
    assert version is not None
    pins = [*python_packages(), *front_end_packages()]
    text = JsonV1Dot6(bill(pins, version[1])).output_as_string(indent=1)
    if output is None:
        sys.stdout.write(text + "\n")
    else:
        output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
