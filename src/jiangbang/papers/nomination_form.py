"""The nomination form (annex 2): read from Word and written in the official layout; `read(write(record)) == record`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from jiangbang.kernel.form import FormSpec, Record
from jiangbang.papers.docx import Document, Picture, Table, read_document
from jiangbang.papers.docx_writer import PROPERTY_PREFIX, write_form
from jiangbang.papers.findings import Finding
from jiangbang.papers.form_flow import Layout
from jiangbang.papers.form_labels import OPINIONS, Labels, labels_of
from jiangbang.papers.form_layout import lay_out
from jiangbang.papers.form_values import gender_beside, lists_of, opinion_of, value_of
from jiangbang.papers.package import PackageError
from jiangbang.papers.photo import describe_photo, photo_value
from jiangbang.papers.reading import FormReading, Photo

__all__ = ["read_form", "read_form_tables", "write_form"]

# Of the fields on the paper, the share of labels that must be there for it to be this form.
_LABELS_NEEDED = 3
_MISSING_NAMED = 6


def read_form(data: bytes, form: FormSpec, *, source: str) -> FormReading:
    """Read one form from the bytes of a `.docx`. Never raises for what the bytes contain: that becomes findings.

    The findings are about the paper as a whole (unreadable, encrypted, macros, no form, two forms); after any of them that
    blocks with an empty record, `check_record` has nothing to say. Values are judged by `form_checks.check_record`.
    """
    try:
        return _read_document(read_document(data), form, source)
    except PackageError as error:
        return _refused(form, source, error)
    except RecursionError:
        return _refused(form, source, PackageError("packet.member_unreadable", "文档嵌套过深"))


def _refused(form: FormSpec, source: str, error: PackageError) -> FormReading:
    params = {"name": source} if error.code in ("packet.encrypted", "packet.macro") else {"reason": error.reason}
    return FormReading(source, form.empty_record(), None, (Finding(error.code, where=source, params=params),))


def _read_document(document: Document, form: FormSpec, source: str) -> FormReading:
    body = document.body
    labels = labels_of(form)
    layout = lay_out(body.tables, body.paragraphs, body.pictures, labels)
    photo = _choose_photo(layout, labels, document.picture_bytes)
    if photo is None and layout.answers:
        photo = _photo_of_header(document)
    findings = () if photo else _unusable_photo(layout, labels, document.picture_bytes, source)
    return _finish(layout, labels, source, photo, document.properties, findings)


def read_form_tables(
    tables: Sequence[Table], form: FormSpec, *, source: str, photo: bytes | None = None, paragraphs: Sequence[str] = ()
) -> FormReading:
    """Read one form from tables (and loose paragraphs) that another reader has taken from its file.

    `photo` is used where no cell holds a picture. Cells are changed in reading: hand over tables of your own.
    """
    labels = labels_of(form)
    layout = lay_out(tables, paragraphs, (), labels)
    found = _choose_photo(layout, labels, lambda picture: picture.data)
    if found is None and photo is not None:
        found = describe_photo(photo)
    return _finish(layout, labels, source, found, {})


def _finish(
    layout: Layout,
    labels: Labels,
    source: str,
    photo: Photo | None,
    properties: dict[str, str],
    findings: tuple[Finding, ...] = (),
) -> FormReading:
    form = labels.form
    if finding := _not_the_form(layout, labels, source):
        return FormReading(source, form.empty_record(), None, (finding,))
    record: Record = {}
    answers = layout.answers
    lists = lists_of(labels.lists, answers, labels)
    for spec in form:
        key = spec.key
        if spec.kind == "items":
            record[key] = lists[key]
        elif spec.kind == "image":
            record[key] = photo_value(photo) if photo else None
        elif spec.kind == "opinions":
            record[key] = _opinions(key, layout, properties)
        elif (answer := answers.get(key)) is not None and answer.filled:
            record[key] = value_of(spec, answer)
        else:
            record[key] = gender_beside(answers["name"]) if spec.kind == "gender" and "name" in answers else None
        if not spec.on_form and record[key] is None:
            record[key] = properties.get(PROPERTY_PREFIX + key) or None
    return FormReading(source, record, photo, (*_repeated(layout, source), *findings))


def _not_the_form(layout: Layout, labels: Labels, source: str) -> Finding | None:
    if layout.is_roster:
        return Finding("form.layout_unknown", where=source, params={"reason": "这是一份汇总表"})
    on_form, answers = labels.on_paper, layout.answers
    found = [spec for spec in on_form if spec.key in answers]
    if len(found) * _LABELS_NEEDED >= len(on_form):
        return None
    missing = "、".join(spec.label for spec in on_form if spec.required and spec not in found)
    names = missing.split("、")
    if len(names) > _MISSING_NAMED:
        missing = "、".join(names[:_MISSING_NAMED]) + "等"
    return Finding("form.layout_unknown", where=source, params={"reason": f"找不到{missing or '应有'}栏目"})


def _repeated(layout: Layout, source: str) -> tuple[Finding, ...]:
    """Two different names: two people share a file, and only the first was read."""
    if "name" not in layout.repeated:
        return ()
    reason = "一个文件里有两份以上的推荐表，只读了第一份，请一人一份"
    return (Finding("form.layout_unknown", where=source, params={"reason": reason}),)


def _opinions(key: str, layout: Layout, properties: dict[str, str]) -> dict[str, Any] | None:
    """The three opinions; None where the paper has no place for them, or our writer noted that the record had none."""
    names = [f"{key}.{name}" for name in OPINIONS]
    if not any(name in layout.answers for name in names):
        return None
    sealed = {place for _, place in layout.pictures}
    found = {
        name: opinion_of(layout.answers.get(full), full in sealed) for name, full in zip(OPINIONS, names, strict=True)
    }
    if properties.get(PROPERTY_PREFIX + key) == "none" and not any(any(one.values()) for one in found.values()):
        return None
    return found


# -- the photo -----------------------------------------------------------------------------------------------------------


def _choose_photo(layout: Layout, labels: Labels, load: Callable[[Picture], bytes | None]) -> Photo | None:
    """The portrait among the pictures: the one in the photo's cell, else the likeliest by place and shape."""
    best: tuple[int, Photo] | None = None
    for picture, kind in _candidates(layout, labels):
        data = load(picture)
        photo = describe_photo(data) if data else None
        if photo is None:
            continue
        score = _likeness(photo, kind, picture.floating)
        if score > 0 and (best is None or score > best[0]):
            best = (score, photo)
    return best[1] if best else None


def _candidates(layout: Layout, labels: Labels) -> Iterator[tuple[Picture, str | None]]:
    """The pictures that may be the photo, with the kind of the field in whose cell they stand.

    Not those in an opinion's cell (seals), nor those set into a long text or a list (certificates shown as evidence).
    """
    for picture, place in layout.pictures:
        kind = labels.kinds.get(place.partition(".")[0]) if place else None
        if kind != "opinions" and (picture.floating or kind not in ("items", "long_text")):
            yield picture, kind


def _likeness(photo: Photo, kind: str | None, floating: bool) -> int:
    """How likely a picture is the portrait, by the cell where it stands and its shape (one-inch photos are 25 × 35 mm)."""
    if kind == "image":
        return 100
    shape = photo.height / photo.width
    if not 0.95 <= shape <= 2:
        return 5 if kind is None and not floating and shape > 0.6 else 0
    return (
        (40 if 1.15 <= shape <= 1.65 else 15)
        + (10 if kind is None else 0)
        + (0 if min(photo.width, photo.height) < 60 else 5)
    )


def _unusable_photo(
    layout: Layout, labels: Labels, load: Callable[[Picture], bytes | None], source: str
) -> tuple[Finding, ...]:
    """A picture that may be the photo is there but cannot be used: say so, besides that the photo is missing."""
    spec = next((spec for spec in labels.form if spec.kind == "image"), None)
    for picture, _ in _candidates(layout, labels):
        if spec is not None and ((data := load(picture)) is None or describe_photo(data) is None):
            reason = "图片已损坏、只是链接，或格式不受支持"
            where = f"{source} · {spec.label}"
            return (
                Finding(
                    "field.format",
                    spec.key,
                    where=where,
                    params={"label": spec.label, "label_en": spec.label_en, "reason": reason},
                ),
            )
    return ()


def _photo_of_header(document: Document) -> Photo | None:
    """A portrait anchored in a header or footer. Logos are wider than high."""
    for picture in document.header_pictures():
        data = document.picture_bytes(picture)
        photo = describe_photo(data) if data else None
        if photo is not None and 1.15 <= photo.height / photo.width <= 1.65:
            return photo
    return None
