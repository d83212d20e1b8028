"""What is asked of programmes and editions."""

from __future__ import annotations

from jiangbang.kernel.edition import EditionSpec, UnitSpec
from jiangbang.programme.models import Edition


def default_edition() -> Edition | None:
    """The edition that is meant when none is named: the default of the programme loaded first."""
    return Edition.objects.defer("document").filter(is_default=True).order_by("pk").first()


def find_edition(name: str) -> Edition | None:
    """An edition by `programme/slug` or by slug alone where that is unambiguous."""
    programme, _, slug = name.replace("\0", "").rpartition("/")
    found = Edition.objects.defer("document").filter(slug=slug, **({"programme": programme} if programme else {}))[:2]
    return found[0] if len(found) == 1 else None


def find_unit(spec: EditionSpec, name: str) -> UnitSpec | None:
    """A unit by code, name, short name or alias; a prefix of the city and the words for "union" may be missing."""
    wanted = name.strip()
    for unit in spec.units:
        if wanted in {unit.code, unit.name, unit.short_name, unit.name_en, *unit.aliases}:
            return unit
    bare = _bare(wanted)
    hits = [unit for unit in spec.units if bare and bare in {_bare(unit.name), _bare(unit.short_name)}]
    return hits[0] if len(hits) == 1 else None


def _bare(name: str) -> str:
    for prefix in ("浙江省", "杭州市", "杭州", "市"):
        name = name.removeprefix(prefix)
    for suffix in ("总工会", "工会", "委员会"):
        name = name.removesuffix(suffix)
    return name[:-1] if len(name) > 2 and name[-1] in "区县市" else name
