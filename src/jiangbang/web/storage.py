"""Static files under hashed names, compressed; ES modules included, source maps left out."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HouseStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Rewrites `import` in our modules, and does not look for the source maps that vendor files name."""

    support_js_module_import_aggregation = True
    patterns = tuple(
        (glob, tuple(p for p in rules if "sourceMappingURL" not in (p if isinstance(p, str) else p[0])))
        for glob, rules in CompressedManifestStaticFilesStorage.patterns
    )

    def stored_name(self, name: str) -> str:
        """The hashed name; the plain one where `collectstatic` has not run (tests, a checkout being worked on)."""
        return str(super().stored_name(name)) if self.hashed_files else name
