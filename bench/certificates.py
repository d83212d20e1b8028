"""Certificates as signed PDFs, beside WeasyPrint with the same text, frame and code, and LibreOffice with text and code.

Each maker works in a process of its own, whose memory is the maker's. Speeds are pages for a second of processor time, children included:
on a shared machine the clock on the wall measures the others. The slow makers make fewer sheets; how many stands in each row.
"""

from __future__ import annotations

import base64
import io
import multiprocessing
import random
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jiangbang.kernel.certificate import CertificateSpec
from jiangbang.kernel.statement import IssuerKey, Statement, Verdict, sign_statement
from jiangbang.papers import certificate as papers
from jiangbang.papers.certificate import Certificate, write_certificate
from jiangbang.papers.fonts import serif_path
from jiangbang.papers.issuing import new_signatory
from jiangbang.papers.qr import address_code
from jiangbang.papers.signature import check_pdf, sign_pdf

MANY, SOME, FEW = 10_000, 500, 40
ADDRESS = "https://jiangbang.example.org/verify/"
ISSUER = "杭州市数字经济行业工会联合会"
SPEC = CertificateSpec(bodies=("杭州市总工会政研室", "杭州市经信工会", ISSUER), chop="杭州数字工匠")
SEED = bytes(range(32))
COMMON = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建文斌玉红"
RARE = ("䶮", "𬱖", "𠅤", "喆", "堃", "镕", "㛃")
TARGETS = {"x WeasyPrint": 8.0, "signed x unsigned": 0.5, "KiB": 40.0}


def run() -> dict[str, Any]:
    """Make them all. Returns rows by maker, and the ratios that the targets are about."""
    makers: list[tuple[str, Callable[[int], dict[str, Any]], int]] = [
        ("typst, not signed", _unsigned, SOME),
        ("signed", _signed, MANY),
        ("signed, structure by pyHanko", _signed_by_pyhanko, SOME),
        ("WeasyPrint, not signed", _weasyprint, FEW),
    ]
    if shutil.which("soffice"):
        makers.append(("LibreOffice, one batch of .docx, no frame, not signed", _libreoffice, FEW))
    rows = [{"maker": name, "sheets": count, **_apart(maker, count)} for name, maker, count in makers]
    speed = {row["maker"]: row["pages/s of processor"] for row in rows}
    ratios = {
        f"signed x WeasyPrint (target {TARGETS['x WeasyPrint']:g})": speed["signed"] / speed["WeasyPrint, not signed"],
        f"signed x unsigned (target {TARGETS['signed x unsigned']:g})": speed["signed"] / speed["typst, not signed"],
        "signed x signed with pyHanko's structure": speed["signed"] / speed["signed, structure by pyHanko"],
    }
    return {
        "makers": rows,
        "ratios": {name: round(value, 2) for name, value in ratios.items()},
        "checking": _checking(),
    }


def _apart(maker: Callable[[int], dict[str, Any]], count: int) -> dict[str, Any]:
    """Let a maker work in a fresh process; says what it measured and how much memory it took at most."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (maker, count))


def _measured(maker: Callable[[int], dict[str, Any]], count: int) -> dict[str, Any]:
    told = maker(count)
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {**told, "peak MB": max(peaks) // 1024}


def _timed(count: int, made: Iterator[bytes]) -> dict[str, Any]:
    """Speed and size of the sheets as they come, and how many names are extracted as they were set."""
    next(made)
    before, began = _processor(), time.perf_counter()
    sizes, kept = [], []
    for number in range(1, count):
        pdf = next(made)
        sizes.append(len(pdf))
        if number % max(1, count // 40) == 0:
            kept.append((number, pdf))
    spent, passed = _processor() - before, time.perf_counter() - began
    whole = sum(_name(number) in _text(pdf) for number, pdf in kept)
    return {
        "pages/s of processor": round(len(sizes) / spent, 1),
        "pages/s on the wall": round(len(sizes) / passed, 1),
        "KiB mean": round(sum(sizes) / len(sizes) / 1024, 1),
        "KiB most": round(max(sizes) / 1024, 1),
        "names extracted": f"{whole} of {len(kept)}",
    }


def _processor() -> float:
    mine, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime


def _text(pdf: bytes) -> str:
    return pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()


# -- what is made ----------------------------------------------------------------------------------------------------------


def _name(number: int) -> str:
    source = random.Random(number)
    return (
        source.choice("王李张刘陈杨赵黄周吴")
        + source.choice(RARE if number % 4 == 0 else COMMON)
        + source.choice(COMMON)
    )


def _certificate(number: int) -> Certificate:
    stated = Statement(
        issuer=ISSUER,
        programme="杭州数字工匠",
        edition="首届“杭州数字工匠”认定",
        title="杭州数字工匠",
        number=f"杭数匠〔2023〕第{number:05}号",
        name=_name(number),
        unit="杭州某某数字科技股份有限公司",
        issued=date(2023, 5, 18),
    )
    return Certificate(
        stated, sign_statement(stated, SEED), ADDRESS, SPEC, "craftsman", title_en="Hangzhou Digital Craftsman"
    )


def _unsigned(count: int) -> dict[str, Any]:
    return _timed(count, (write_certificate(_certificate(number)) for number in range(count)))


def _signed(count: int) -> dict[str, Any]:
    signatory = new_signatory(ISSUER, date(2023, 1, 1), date(2027, 12, 31))

    def made() -> Iterator[bytes]:
        for number in range(count):
            one = _certificate(number)
            yield sign_pdf(write_certificate(one), signatory, address=ADDRESS, token=one.token)

    return _timed(count, made())


def _signed_by_pyhanko(count: int) -> dict[str, Any]:
    from asn1crypto import keys as asn1_keys
    from asn1crypto import x509 as asn1_x509
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    signatory = new_signatory(ISSUER, date(2023, 1, 1), date(2027, 12, 31))
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(signatory.certificates[0]),
        signing_key=asn1_keys.PrivateKeyInfo.load(signatory.private_key),
        cert_registry=SimpleCertificateStore(),
    )
    metadata = signers.PdfSignatureMetadata(
        field_name="S", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    pen = signers.PdfSigner(metadata, signer, new_field_spec=fields.SigFieldSpec("S"))

    def made() -> Iterator[bytes]:
        for number in range(count):
            pdf = write_certificate(_certificate(number))
            yield pen.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=4096).getvalue()

    return _timed(count, made())


def _checking() -> dict[str, Any]:
    """How fast a signed file is checked."""
    signatory = new_signatory(ISSUER, date(2023, 1, 1), date(2027, 12, 31))
    public = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()
    key = IssuerKey(ISSUER, public, date(2023, 1, 1), date(2027, 12, 31), certificates=signatory.certificates)
    one = _certificate(1)
    pdf = sign_pdf(write_certificate(one), signatory, address=ADDRESS, token=one.token)
    before = time.process_time()
    genuine = sum(check_pdf(pdf, [key]).verdict is Verdict.GENUINE for _ in range(SOME))
    return {"files/s of processor": round(SOME / (time.process_time() - before), 1), "genuine": f"{genuine} of {SOME}"}


# -- peers -----------------------------------------------------------------------------------------------------------------


def _said(one: Certificate) -> tuple[str, ...]:
    return (
        "荣誉证书",
        f"{one.statement.name} 同志：",
        f"在{one.statement.edition}中表现优异，被授予“{one.statement.title}”称号。特颁此证，以资褒扬。",
        f"{one.statement.name} is hereby awarded the title of {one.title_en}, in recognition of outstanding skill and contribution.",
        *SPEC.bodies,
        papers.chinese_date(one.statement.issued),
        one.statement.number,
    )


def _weasyprint(count: int) -> dict[str, Any]:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    frame = base64.b64encode(papers._frame().encode()).decode()
    style = CSS(
        string=f"@font-face {{ font-family: S; src: url('{Path(serif_path()).as_uri()}') }}"
        "@page { size: 297mm 210mm; margin: 33mm 46mm } body { font-family: S; font-size: 19pt }"
        f"@page {{ background: #fdfaf2 url('data:image/svg+xml;base64,{frame}') -46mm -33mm / 297mm no-repeat }}"
        "h1 { font-size: 45pt; color: #b3202a; text-align: center } img { width: 24mm; image-rendering: pixelated }"
        ".right { text-align: right; font-size: 15pt } .small { font-size: 10.5pt }",
        font_config=fonts,
    )

    def made() -> Iterator[bytes]:
        for number in range(count):
            one = _certificate(number)
            heading, name, text, english, *signed, day, numbered = _said(one)
            code = base64.b64encode(address_code(f"{ADDRESS}#", one.token)).decode()
            page = (
                f"<h1>{heading}</h1><p>{name}</p><p>{text}</p><p class=small>{english}</p>"
                f"<p class=right>{'<br>'.join(signed)}<br>{day}</p>"
                f"<img src='data:image/png;base64,{code}'><p class=small>{numbered}</p>"
            )
            yield HTML(string=page).write_pdf(stylesheets=[style], font_config=fonts)

    return _timed(count, made())


def _libreoffice(count: int) -> dict[str, Any]:
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            one = _certificate(number)
            document = docx.Document()
            section = document.sections[0]
            section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
            for said in _said(one):
                document.add_paragraph().add_run(said).font.size = Pt(19)
            document.add_picture(io.BytesIO(address_code(f"{ADDRESS}#", one.token)), Mm(24))
            document.save(str(Path(folder, f"{number:05}.docx")))
        before, began = _processor(), time.perf_counter()
        subprocess.run(
            [
                "soffice",
                "--headless",
                f"-env:UserInstallation=file://{folder}/profile",
                "--convert-to",
                "pdf",
                "--outdir",
                folder,
            ]
            + [str(path) for path in sorted(Path(folder).glob("*.docx"))],
            check=True,
            capture_output=True,
        )
        spent, passed = _processor() - before, time.perf_counter() - began
        made = [path.read_bytes() for path in sorted(Path(folder).glob("*.pdf"))]
    whole = sum(_name(number) in _text(pdf) for number, pdf in enumerate(made))
    return {
        "pages/s of processor": round(len(made) / spent, 1),
        "pages/s on the wall": round(len(made) / passed, 1),
        "KiB mean": round(sum(map(len, made)) / len(made) / 1024, 1),
        "KiB most": round(max(map(len, made)) / 1024, 1),
        "names extracted": f"{whole} of {len(made)}",
    }
