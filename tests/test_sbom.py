"""script/sbom.py: the bill of materials is whole."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_every_pinned_package_is_in_it(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    made = tmp_path / "bill.json"
    subprocess.run([sys.executable, "script/sbom.py", "-o", made], cwd=ROOT, check=True)
    bill = json.loads(made.read_text("utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "jiangbang"
    found = {one["purl"]: one for one in bill["components"]}
    pins = [
        f"pkg:pypi/{name}@{version}"
        for name, version in re.findall(
            r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s\\;]+)", (ROOT / "requirements/dev.txt").read_text("utf-8"), re.MULTILINE
        )
    ]
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    locked = [
        f"pkg:npm/{place.rpartition('node_modules/')[2].replace('@', '%40')}@{package['version']}"
        for place, package in lock.items()
        if place
    ]
    assert (len(pins) > 150, len(locked) > 3) == (True, True)
    assert set(found) == {*pins, *locked}
    # each with the hashes of its pin, whether it runs, and what wants it
    assert [purl for purl, one in found.items() if not one["externalReferences"][0]["hashes"]] == []
    scope = {purl.partition("@")[0]: one["scope"] for purl, one in found.items()}
    assert (scope["pkg:pypi/django"], scope["pkg:pypi/pytest"]) == ("required", "excluded")
    wanted = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    reached, waiting = set(), ["jiangbang"]
    while waiting:
        reached.add(one := waiting.pop())
        waiting += [other for other in wanted[one] if other not in reached]
    assert set(found) - reached == set()
    record_property("packages in the bill of materials", len(found))
