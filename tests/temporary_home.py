"""Loaded before the settings (pyproject: `-p temporary_home`): each test process has a JIANGBANG_HOME of its own.

The settings read the environment when they are imported, which is before any conftest. Subprocesses that a test starts
inherit this home, so no test touches the developer's ./var.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

home = tempfile.mkdtemp(prefix="jiangbang-tests-")
os.environ["JIANGBANG_HOME"] = home
# collectstatic has not run here; whitenoise warns where its folder is missing
(Path(home) / "static").mkdir()
atexit.register(shutil.rmtree, home, ignore_errors=True)
