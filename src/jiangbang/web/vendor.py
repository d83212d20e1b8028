"""The few files of the npm packages that pages load. No Django here: `setup.py` reads it too."""

from __future__ import annotations

# static name → place in node_modules
VENDOR = {
    "vendor/tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/htmx.js": "htmx.org/dist/htmx.min.js",
    "vendor/echarts.js": "echarts/dist/echarts.min.js",
}
