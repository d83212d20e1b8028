"""Pictures as files: SVG that stands for itself, and PNG set from it."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from jiangbang.papers.fonts import SANS, printable
from jiangbang.papers.pdf import compile_png
from jiangbang.screening.pictures import Picture

COLOURS = {"ink": "#1f2328", "met": "#2f7d5b", "not_met": "#b3202a", "muted": "#a9a59b"}
INK, MUTED, PAPER = "#1f2328", "#5f6672", "#ffffff"
WIDTH, LABELS, FIGURES, ROW, BAR = 900, 260, 130, 30, 16
TOP, MARGIN = 84, 24
# A label longer than the column is cut; the table has it whole.
LONGEST_LABEL = 17


def as_svg(picture: Picture) -> str:
    """The picture as SVG with title and description. The same picture gives the same text."""
    height = TOP + ROW * max(1, len(picture.rows)) + MARGIN + (20 if picture.note or picture.guarded else 0)
    family = f"font-family={quoteattr(SANS + ', sans-serif')}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-labelledby="title desc" {family}>',
        f'<title id="title">{escape(picture.title)}</title><desc id="desc">{escape(_described(picture))}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        _text(MARGIN, 36, picture.title, size=18),
        *_legend(picture),
    ]
    for number, row in enumerate(picture.rows):
        y = TOP + ROW * number
        parts.append(_text(LABELS - 12, y + 13, _short(row.label), anchor="end"))
        x, room = float(LABELS), WIDTH - LABELS - FIGURES
        for count, tone in zip(picture.drawn(row), picture.tones, strict=True):
            width = room * count / picture.most if picture.most else 0
            if width:
                parts.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{COLOURS[tone]}"/>')
            x += width
        parts.append(_text(x + 8, y + 13, _figures(picture, row.parts), fill=MUTED))
    if said := picture.note:
        parts.append(_text(MARGIN, height - 14, said, size=12, fill=MUTED))
    return "".join([*parts, "</svg>"])


def as_png(picture: Picture) -> bytes:
    """The picture as PNG, twice as fine as it is drawn."""
    return compile_png("picture", {"svg": printable(as_svg(picture)), "width": WIDTH})


def _legend(picture: Picture) -> list[str]:
    if len(picture.columns) < 2:
        return []
    found, x = [], LABELS
    for column, tone in zip(picture.columns, picture.tones, strict=True):
        found.append(f'<rect x="{x}" y="52" width="12" height="12" fill="{COLOURS[tone]}"/>')
        found.append(_text(x + 18, 63, column, size=13, fill=MUTED))
        x += 40 + 14 * len(column)
    return found


def _figures(picture: Picture, parts: tuple[int, ...]) -> str:
    """The bar's figures in words: the whole, and its parts."""
    told = [str(picture.told(count)) for count in parts]
    return told[0] if len(told) == 1 else " / ".join(told)


def _described(picture: Picture) -> str:
    names = " / ".join(picture.columns)
    return f"{names}：" + "；".join(f"{row.label} {_figures(picture, row.parts)}" for row in picture.rows)


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def _text(x: float, y: float, said: str, *, size: int = 14, anchor: str = "start", fill: str = INK) -> str:
    where = f'x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}"'
    return f"<text {where}>{escape(said)}</text>"
