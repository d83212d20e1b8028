"""Word documents as a neutral model: tables of cells, loose paragraphs, pictures, and the package behind them."""

from __future__ import annotations

from dataclasses import dataclass

from jiangbang.papers.docx_walk import Walker
from jiangbang.papers.grid import SECTION_STOP, Cell, Picture, Table
from jiangbang.papers.package import MAX_PICTURE, Package, PackageError

__all__ = ["SECTION_STOP", "Cell", "Document", "Picture", "Table", "read_document"]


@dataclass(slots=True)
class Document:
    """A Word document. `body` holds what stands outside of tables, and the outermost tables."""

    body: Cell
    package: Package
    part: str
    properties: dict[str, str]

    @property
    def tables(self) -> list[Table]:
        return list(self.body.tables)

    def picture_bytes(self, picture: Picture) -> bytes | None:
        """The bytes of a picture; None where it is only linked, missing or damaged."""
        if picture.data is not None:
            return picture.data
        try:
            return self.package.read(picture.part, MAX_PICTURE) if picture.part in self.package else None
        except PackageError:
            return None

    def header_pictures(self) -> list[Picture]:
        """The pictures of headers and footers, read only when asked for: a photo may be anchored there."""
        found: list[Picture] = []
        for kind, target, external in self.package.relations(self.part).values():
            if kind in ("header", "footer") and not external and target in self.package:
                try:
                    found += _read_part(self.package, target, "").pictures
                except PackageError:
                    continue
        return found


def read_document(data: bytes) -> Document:
    """Read a `.docx` of either kind of OOXML. Raises PackageError (a code and a reason) where it cannot be read."""
    package = Package(data)
    if package.has_macros:
        raise PackageError("packet.macro")
    part = _main_part(package)
    return Document(_read_part(package, part, "document"), package, part, _properties(package))


def _main_part(package: Package) -> str:
    for kind, target, external in package.relations("").values():
        if kind == "officeDocument" and not external:
            if target not in package:
                break
            return target
    raise PackageError("packet.member_unreadable", "其中没有 Word 正文")


def _read_part(package: Package, part: str, root_name: str) -> Cell:
    root = package.xml(part)
    if root_name and root.tag.rpartition("}")[2] != root_name:
        raise PackageError("packet.member_unreadable", "不是 Word 文档")
    walker = Walker(package, part)
    body = Cell()
    for child in root if root_name else (root,):
        if not root_name or child.tag.endswith("}body"):
            walker.block(child, body)
    body.paragraphs.extend([walker.carried] if walker.carried else [])
    return body


def _properties(package: Package) -> dict[str, str]:
    """The custom document properties, name → text."""
    if "docprops/custom.xml" not in package:
        return {}
    try:
        root = package.xml("docprops/custom.xml")
    except PackageError:
        return {}
    return {prop.get("name") or "": "".join(map(str, prop.itertext())) for prop in root}
