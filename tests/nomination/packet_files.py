"""Real packet files of synthetic people: docx forms, an xlsx roster, zipped."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

from nomination.readings import person
from PIL import Image

from jiangbang.kernel.form import FormSpec, Record
from jiangbang.papers.nomination_form import write_form
from jiangbang.papers.roster_writer import write_roster


def portrait(number: int) -> bytes:
    """A plain JPEG of certificate size, different for each number."""
    picture = Image.effect_noise((413, 579), 40 + number % 20).convert("RGB")
    picture.putpixel((number % 413, number // 413), (200, 30, 40))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=60)
    return out.getvalue()


def make_packet(
    folder: Path, form: FormSpec, count: int, *, unit: str = "滨江", first: int = 0
) -> tuple[Path, list[Record]]:
    """Write `单位+数字工匠推荐.zip` with `count` people into `folder`; returns its path and the people's records."""
    records = []
    path = folder / f"{unit}+数字工匠推荐.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(first, first + count):
            photo = portrait(number)
            described = {
                "media_type": "image/jpeg",
                "width": 413,
                "height": 579,
                "sha256": hashlib.sha256(photo).hexdigest(),
            }
            record = person(number, photo=described)
            records.append(record)
            archive.writestr(f"附件2推荐表（{record['name']}）.docx", write_form(record, form, photo=photo))
        archive.writestr("附件3推荐信息汇总表.xlsx", write_roster(records, form, unit=f"{unit}区总工会", kind="xlsx"))
    return path, records
