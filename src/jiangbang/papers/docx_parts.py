"""The unchanging parts of the Word documents that the house writes, and the zip around them.

The zip is made by hand: unchanging parts are compressed once, pictures are stored as they are, and every time stamp is the
same, so that the same record gives the same bytes.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE = "application/vnd.openxmlformats-officedocument"

_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;"}
# What XML 1.0 cannot hold at all; line feeds and tabs are handled by the callers.
_ESCAPES |= dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)], "")


def escape(text: str) -> str:
    """Text for an element or an attribute; characters that XML cannot hold are left out."""
    return text if text.isalnum() and text.isprintable() else text.translate(_ESCAPES)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the package, ready to be laid into a zip."""

    name: str
    packed: bytes
    size: int
    crc: int
    method: int


def pack(name: str, content: str | bytes, *, store: bool = False) -> Part:
    """Compress a part (or store it: pictures are compressed already)."""
    data = content.encode() if isinstance(content, str) else content
    if store:
        return Part(name, data, len(data), zlib.crc32(data), 0)
    deflater = zlib.compressobj(6, zlib.DEFLATED, -15)
    return Part(name, deflater.compress(data) + deflater.flush(), len(data), zlib.crc32(data), 8)


# 1 January 1980, the first day that a zip can name
_TIME, _DATE = 0, 0x21
_UTF8 = 0x800


def zip_parts(parts: list[Part]) -> bytes:
    """The package. Names are ASCII in all that we write; sizes stay far under the 4 GB of a plain zip."""
    chunks: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for part in parts:
        name = part.name.encode()
        common = struct.pack(
            "<HHHHLLLHH", _UTF8, part.method, _TIME, _DATE, part.crc, len(part.packed), part.size, len(name), 0
        )
        header = struct.pack("<4sH", b"PK\x03\x04", 20) + common + name
        directory.append(
            struct.pack("<4sHH", b"PK\x01\x02", 20, 20) + common + struct.pack("<HHHLL", 0, 0, 0, 0, offset) + name
        )
        chunks += (header, part.packed)
        offset += len(header) + len(part.packed)
    index = b"".join(directory)
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, len(parts), len(parts), len(index), offset, 0)
    return b"".join([*chunks, index, end])


_IMAGES = "".join(
    f'<Default Extension="{extension}" ContentType="image/{kind}"/>'
    for extension, kind in {
        "jpeg": "jpeg", "png": "png", "gif": "gif", "bmp": "bmp", "tiff": "tiff", "webp": "webp", "emf": "x-emf",
        "wmf": "x-wmf",
    }.items()
)  # fmt: skip

_CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    f'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{_IMAGES}'
    + "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>'
        for name, kind in (
            ("word/document.xml", f"{_OFFICE}.wordprocessingml.document.main+xml"),
            ("word/styles.xml", f"{_OFFICE}.wordprocessingml.styles+xml"),
            ("word/numbering.xml", f"{_OFFICE}.wordprocessingml.numbering+xml"),
            ("word/settings.xml", f"{_OFFICE}.wordprocessingml.settings+xml"),
            ("word/fontTable.xml", f"{_OFFICE}.wordprocessingml.fontTable+xml"),
            ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
            ("docProps/app.xml", f"{_OFFICE}.extended-properties+xml"),
            ("docProps/custom.xml", f"{_OFFICE}.custom-properties+xml"),
        )
    )
    + "</Types>"
)

_PACKAGE_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_RELATIONS}">'
    f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"'
    f' Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{R}/extended-properties" Target="docProps/app.xml"/>'
    f'<Relationship Id="rId4" Type="{R}/custom-properties" Target="docProps/custom.xml"/></Relationships>'
)

# Body text in 仿宋, headings in 黑体, the title in 方正小标宋, as official letters are set (GB/T 9704-2012); the second
# name of each stands in the font table for machines that lack the first.
BODY_FONT, LABEL_FONT, TITLE_FONT = "仿宋_GB2312", "黑体", "方正小标宋简体"

_STYLES = (
    f'{_HEAD}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
    f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{BODY_FONT}" w:cs="Times New Roman"/>'
    '<w:kern w:val="2"/><w:sz w:val="24"/><w:szCs w:val="24"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="a1"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>'
    '<w:semiHidden/><w:tblPr><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="jbTitle"><w:name w:val="表题"/><w:basedOn w:val="a"/>'
    '<w:pPr><w:spacing w:before="60" w:after="200"/><w:jc w:val="center"/></w:pPr>'
    f'<w:rPr><w:rFonts w:eastAsia="{TITLE_FONT}"/><w:sz w:val="40"/><w:szCs w:val="40"/></w:rPr></w:style>'
    f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="jbAnnex"><w:name w:val="附件"/><w:basedOn w:val="a"/>'
    f'<w:rPr><w:rFonts w:eastAsia="{LABEL_FONT}"/><w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr></w:style>'
    f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="jbLabel"><w:name w:val="栏目"/><w:basedOn w:val="a"/>'
    '<w:pPr><w:jc w:val="center"/></w:pPr>'
    f'<w:rPr><w:rFonts w:eastAsia="{LABEL_FONT}"/><w:sz w:val="22"/><w:szCs w:val="22"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:customStyle="1" w:styleId="jbValue"><w:name w:val="内容"/><w:basedOn w:val="a"/>'
    '<w:pPr><w:jc w:val="center"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:customStyle="1" w:styleId="jbText"><w:name w:val="正文栏"/><w:basedOn w:val="a"/>'
    '<w:pPr><w:spacing w:line="360" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr></w:style>'
    f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="jbHint"><w:name w:val="提示"/><w:basedOn w:val="a"/>'
    '<w:rPr><w:color w:val="5F6672"/><w:sz w:val="21"/><w:szCs w:val="21"/></w:rPr></w:style>'
    "</w:styles>"
)

_FONTS = (
    f'{_HEAD}<w:fonts xmlns:w="{W}">'
    + "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{alternative}"/><w:charset w:val="86"/><w:family w:val="{family}"/>'
        f'<w:pitch w:val="fixed"/></w:font>'
        for name, alternative, family in (
            (BODY_FONT, "仿宋", "modern"),
            (LABEL_FONT, "SimHei", "modern"),
            (TITLE_FONT, "FZXiaoBiaoSong-B05S", "script"),
        )
    )
    + "</w:fonts>"
)

_SETTINGS = (
    f'{_HEAD}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/>'
    "<w:doNotLeaveBackslashAlone/><w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)

_APP = (
    f'{_HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Jiangbang</Application></Properties>"
)


def _numbering(lists: int) -> str:
    """One numbered list `1. 2. 3.` for each list field, each beginning at one."""
    level = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="nothing"/><w:lvlText w:val="%1."/>'
        '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="300" w:hanging="300"/></w:pPr></w:lvl>'
    )
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{n}"><w:multiLevelType w:val="singleLevel"/>{level}</w:abstractNum>'
        for n in range(lists)
    )
    numbers = "".join(f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(lists))
    return f'{_HEAD}<w:numbering xmlns:w="{W}">{kinds}{numbers}</w:numbering>'


@lru_cache(maxsize=32)
def frame_parts(title: str, lists: int) -> tuple[Part, ...]:
    """The parts of a document that depend on its title and the number of its lists only."""
    core = (
        f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></cp:coreProperties>'
    )
    return (
        pack("[Content_Types].xml", _CONTENT_TYPES),
        pack("_rels/.rels", _PACKAGE_RELATIONS),
        pack("docProps/core.xml", core),
        pack("docProps/app.xml", _APP),
        pack("word/styles.xml", _STYLES),
        pack("word/numbering.xml", _numbering(lists)),
        pack("word/settings.xml", _SETTINGS),
        pack("word/fontTable.xml", _FONTS),
    )


@lru_cache(maxsize=16)
def document_relations(extension: str) -> Part:
    """The relationships of the document; `extension` is the photo's, empty for none."""
    kinds = ("styles", "numbering", "settings", "fontTable")
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{R}/{kind}" Target="{kind}.xml"/>' for n, kind in enumerate(kinds, 1)
    )
    if extension:
        relations += f'<Relationship Id="rIdPhoto" Type="{R}/image" Target="media/photo.{extension}"/>'
    return pack(
        "word/_rels/document.xml.rels", f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{relations}</Relationships>'
    )


def custom_properties(values: dict[str, str]) -> Part:
    """docProps/custom.xml with these text properties."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006"
    properties = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{pid}" name="{escape(name)}">'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for pid, (name, value) in enumerate(values.items(), 2)
    )
    return pack(
        "docProps/custom.xml",
        f'{_HEAD}<Properties xmlns="{space}/custom-properties" xmlns:vt="{space}/docPropsVTypes">{properties}</Properties>',
    )
