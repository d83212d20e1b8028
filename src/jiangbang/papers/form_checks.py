"""What one form's record says against the form's own rules: complete, readable, within limits, agreeing with itself.

Clauses, the roster and other people's forms are judged elsewhere. Findings hold no personal value: they are kept in clear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from jiangbang.kernel.edition import Choice
from jiangbang.kernel.form import FieldSpec, FormSpec, Record, Value
from jiangbang.kernel.identity import examine, region_name
from jiangbang.papers.findings import Finding

# A Chinese one-inch portrait (25 × 35 mm) at 300 dpi has 295 × 413 pixels: what passport and examination offices ask for,
# and the least that prints cleanly on a certificate.
MIN_PHOTO_WIDTH: Final = 295
MIN_PHOTO_HEIGHT: Final = 413

_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_CODE = re.compile(r"[0-9]{4}(?![0-9])")
_REASONS = {
    "gender": "应为“男”或“女”",
    "month": "应写成“1988.05”或“1988年5月”",
    "integer": "应为整数年数，如“11”",
    "identity": "应为18位身份证号",
    "mobile": "应为11位手机号码",
}


def check_record(
    record: Record, form: FormSpec, *, source: str, industry_classes: Sequence[Choice] = ()
) -> tuple[Finding, ...]:
    """Every finding about one record, in the order of the form. `source` names the paper in `where`."""
    findings: list[Finding] = []
    for spec in form:
        value = record.get(spec.key)
        if value is None or value in ("", []):
            if spec.required or spec.min_items:
                findings.append(_missing(spec, source))
        elif spec.kind == "items":
            findings += _check_items(spec, value, source)
        elif spec.kind == "image":
            findings += _check_photo(spec, value, source)
        elif spec.kind == "identity":
            findings += _check_identity(spec, str(value), record, form, source)
        elif spec.kind != "opinions" and not (spec.kind in _FREE and _is_plain(spec, value)):
            findings += _check_value(spec, value, source)
    findings += _check_industry(record, form, source, industry_classes)
    return tuple(findings)


def _finding(code: str, spec: FieldSpec, source: str, **params: str | int) -> Finding:
    if "label" in params:
        params["label_en"] = spec.label_en
    return Finding(code, field=spec.key, where=f"{source} · {spec.label}", params=params)


def _missing(spec: FieldSpec, source: str) -> Finding:
    if spec.kind == "image":
        return _finding("photo.missing", spec, source)
    return _finding("field.missing", spec, source, label=spec.label)


def _check_items(spec: FieldSpec, value: Value, source: str) -> Iterator[Finding]:
    items = [str(item) for item in value] if isinstance(value, list) else [str(value)]
    if len(items) < spec.min_items:
        yield _missing(spec, source)
    if spec.max_items is not None and len(items) > spec.max_items:
        yield _finding("field.too_many", spec, source, label=spec.label, count=len(items), limit=spec.max_items)
    yield from _check_length(spec, max(items, key=len), source)


def _check_photo(spec: FieldSpec, value: Value, source: str) -> Iterator[Finding]:
    """The shorter side counts as the width: a photo may be stored lying and turned when shown."""
    if not isinstance(value, Mapping):
        return
    width, height = int(value.get("width") or 0), int(value.get("height") or 0)
    if min(width, height) < MIN_PHOTO_WIDTH or max(width, height) < MIN_PHOTO_HEIGHT:
        yield _finding(
            "photo.too_small",
            spec,
            source,
            width=width,
            height=height,
            min_width=MIN_PHOTO_WIDTH,
            min_height=MIN_PHOTO_HEIGHT,
        )


def _check_identity(spec: FieldSpec, number: str, record: Record, form: FormSpec, source: str) -> Iterator[Finding]:
    """GB 11643. A wrong check digit is reported alone: any digit may be the wrong one, so the rest proves nothing."""
    examination = examine(number)
    if examination.problem == "format":
        reason = "15位旧号码已停用，应为18位" if re.fullmatch(r"[0-9]{15}", number) else _REASONS["identity"]
        yield _finding("field.format", spec, source, label=spec.label, reason=reason)
        return
    if examination.problem == "birth_date":
        yield _finding("field.format", spec, source, label=spec.label, reason="第7至14位不是真实日期")
        return
    if examination.problem == "checksum" or examination.identity is None:
        yield _finding("id_number.checksum", spec, source)
        return
    identity = examination.identity
    for other in form:
        written = record.get(other.key)
        if other.kind == "month" and isinstance(written, str) and _MONTH.fullmatch(written):
            if written != identity.birth.isoformat()[:7]:
                yield _finding("id_number.birth_mismatch", spec, source, label=other.label)
        elif other.kind == "gender" and written in ("male", "female") and written != identity.gender:
            yield _finding("id_number.gender_mismatch", spec, source, label=other.label)
    if not _region_known(identity.region):
        yield _finding("id_number.region_unknown", spec, source)


@lru_cache(maxsize=4096)
def _region_known(code: str) -> bool:
    return region_name(code) is not None


# Kinds of text that may say anything.
_FREE = ("text", "long_text")


def _is_plain(spec: FieldSpec, value: Value) -> bool:
    """Quick: a text that no rule speaks of, which most are."""
    short = spec.max_length is None or (isinstance(value, str) and len(value) <= spec.max_length)
    return short and spec.pattern is None


def _check_value(spec: FieldSpec, value: Value, source: str) -> Iterator[Finding]:
    if not _readable(spec, value):
        yield _finding("field.format", spec, source, label=spec.label, reason=_REASONS.get(spec.kind, "格式不符"))
    elif isinstance(value, str):
        yield from _check_length(spec, value, source)


def _readable(spec: FieldSpec, value: Value) -> bool:
    """Whether the value could be normalised: what could not is text as it was written."""
    if spec.kind == "gender":
        return value in ("male", "female")
    if spec.kind == "month":
        return isinstance(value, str) and _MONTH.fullmatch(value) is not None
    if spec.kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return spec.pattern is None or re.fullmatch(spec.pattern, str(value)) is not None


def _check_length(spec: FieldSpec, text: str, source: str) -> Iterator[Finding]:
    """Counted as a person counts: line breaks are no characters."""
    count = len(text) - text.count("\n")
    if spec.max_length is not None and count > spec.max_length:
        yield _finding("field.too_long", spec, source, label=spec.label, count=count, limit=spec.max_length)


def _check_industry(
    record: Record, form: FormSpec, source: str, industry_classes: Sequence[Choice]
) -> Iterator[Finding]:
    """A class written with a code must use one of the edition's codes; a name without code is left to people."""
    value = record.get("industry_class")
    if not industry_classes or not isinstance(value, str):
        return
    match = _CODE.match(value)
    if match and match[0] not in [choice.code for choice in industry_classes]:
        spec = form["industry_class"]
        yield _finding("field.format", spec, source, label=spec.label, reason="行业代码不在本届的分类表中")
