"""Files that a browser sends."""

from __future__ import annotations

import dataclasses
import hashlib
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile, UploadedFile
from django.test import Client
from nomination.readings import Cast

from jiangbang.nomination import evidence, uploads
from jiangbang.nomination.models import Intake
from jiangbang.papers.limits import LIMITS
from jiangbang.programme.models import Edition
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client, cast: Cast, edition: Edition) -> Client:
    client.force_login(cast.organiser)
    return client


def send(client: Client, *files: tuple[bytes, bytes]) -> str:
    """Post files under raw names, as a browser or a hostile client would; returns the page that follows."""
    parts = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="packets"; filename="%s"\r\n'
        b"Content-Type: application/zip\r\n\r\n%s\r\n" % (name, data)
        for name, data in files
    )
    answer = client.generic(
        "POST", "/packets/receive/", parts + b"--b--\r\n", "multipart/form-data; boundary=b", follow=True
    )
    assert answer.status_code == 302
    return client.get(answer["Location"]).content.decode()


def names() -> list[str]:
    return list(Intake.objects.order_by("brought_at").values_list("file_name", flat=True))


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("滨江+数字工匠推荐.zip".encode(), "滨江+数字工匠推荐.zip"),
        (b"../../../etc/passwd", "passwd"),
        (b"C:\\\\Users\\\\office\\\\a.zip", "a.zip"),
        (b"/tmp/a.zip", "a.zip"),
        (b"a\x00b\x1f.zip", "ab.zip"),
        (b"<script>.zip", "<script>.zip"),
        (b"&lt;b&gt;.zip", "<b>.zip"),
        (b"x" * 400 + b".zip", "x" * 251 + ".zip"),
        ("长".encode() * 300 + b".zip", "长" * 251 + ".zip"),
    ],
)
def test_a_name_is_kept_without_its_folders(office: Client, sent: bytes, stored: str) -> None:
    send(office, (sent, b"PK"))
    assert names() == [stored]


def test_a_name_in_gbk_is_no_name_and_that_is_said(office: Client) -> None:
    """Browsers send names in the page's UTF-8; what does not is no browser, and Django drops the part."""
    assert "没有选择文件" in send(office, ("滨江.zip".encode("gbk"), b"PK"))
    assert names() == []


def test_a_name_is_never_markup(office: Client) -> None:
    page = send(office, (b"<script>alert(1)</script>.zip", b"PK"))
    assert "<script>alert" not in page
    assert "script&gt;.zip" in page


@pytest.mark.parametrize("name", [b"", b".", b"..", b"a/"])
def test_a_file_without_a_name_is_no_file(office: Client, name: bytes) -> None:
    send(office, (name, b"PK"))
    assert names() == []


def test_the_bytes_are_kept_and_registered(office: Client, cast: Cast) -> None:
    send(office, (b"a.zip", b"the bytes"))
    intake = Intake.objects.get()
    assert intake.sha256 == hashlib.sha256(b"the bytes").hexdigest()
    assert evidence.read_bytes(intake.sha256) == b"the bytes"
    assert (intake.size, intake.channel, intake.brought_by) == (9, "web", cast.organiser)
    entry = Entry.objects.latest("index")
    assert (entry.type, entry.facts) == (
        "packet.arrived",
        {"sha256": intake.sha256, "size": 9, "unit": "", "channel": "web"},
    )


def test_several_files_are_each_brought_and_an_empty_one_is_said(office: Client) -> None:
    page = send(office, (b"a.zip", b"a"), (b"empty.zip", b""), (b"b.zip", b"b"))
    assert names() == ["a.zip", "b.zip"]
    assert "empty.zip" in page
    assert "空文件" in page


def test_the_same_file_twice_is_brought_twice_and_stored_once(office: Client) -> None:
    send(office, (b"a.zip", b"same"), (b"b.zip", b"same"))
    assert len({intake.sha256 for intake in Intake.objects.all()}) == 1
    assert names() == ["a.zip", "b.zip"]


def test_nothing_chosen_is_said(office: Client) -> None:
    assert "没有选择文件" in office.post("/packets/receive/", follow=True).content.decode()


def test_more_than_the_limit_is_refused_in_words(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LIMITS", dataclasses.replace(LIMITS, total=10))
    page = send(office, (b"large.zip", b"x" * 11), (b"small.zip", b"x" * 10))
    assert names() == ["small.zip"]
    assert "large.zip" in page


def test_a_hundred_and_one_files_at_once_are_a_bad_request(office: Client) -> None:
    files = [SimpleUploadedFile(f"{number}.zip", b"x") for number in range(101)]
    assert office.post("/packets/receive/", {"packets": files}).status_code == 400
    assert names() == []


def test_a_full_disk_is_said_and_nothing_is_queued(office: Client) -> None:
    with mock.patch.object(evidence, "keep_bytes", side_effect=OSError(28, "No space left on device")):
        page = send(office, (b"a.zip", b"a"))
    assert "存储空间" in page
    assert names() == []


def test_a_form_of_another_site_is_refused(cast: Cast, edition: Edition) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.organiser)
    sent = {"packets": SimpleUploadedFile("a.zip", b"PK")}
    assert strict.post("/packets/receive/", sent).status_code == 403
    assert names() == []
    strict.get("/")
    token = strict.cookies["csrftoken"].value
    sent = {"packets": SimpleUploadedFile("a.zip", b"PK"), "csrfmiddlewaretoken": token}
    assert strict.post("/packets/receive/", sent).status_code == 302
    assert names() == ["a.zip"]


def bring(upload: UploadedFile, cast: Cast, edition: Edition, who: str = "organiser") -> Intake:  # type: ignore[type-arg]
    return uploads.bring_upload(upload, edition=edition, by=getattr(cast, who))


@pytest.mark.parametrize("who", ["discipline", "system", "stranger"])
def test_who_may_not_receive_leaves_nothing_in_the_store(cast: Cast, edition: Edition, who: str) -> None:
    data = f"brought by {who}".encode()
    with pytest.raises(Refused) as refusal:
        bring(SimpleUploadedFile("a.zip", data), cast, edition, who)
    assert refusal.value.code == "permission"
    with pytest.raises(FileNotFoundError):
        evidence.read_bytes(hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(("size", "code"), [(0, "empty"), (LIMITS.total + 1, "too_large")])
def test_a_size_that_cannot_be_is_refused(cast: Cast, edition: Edition, size: int, code: str) -> None:
    upload = SimpleUploadedFile("a.zip", b"PK")
    upload.size = size
    with pytest.raises(Refused) as refusal:
        bring(upload, cast, edition)
    assert refusal.value.code == code


def test_a_large_upload_goes_through_its_file_and_not_through_memory(cast: Cast, edition: Edition) -> None:
    data = bytes(range(256)) * 20_000
    with TemporaryUploadedFile("large.zip", "application/zip", len(data), None) as upload:
        upload.write(data)
        upload.flush()
        with mock.patch.object(evidence, "keep_bytes", side_effect=AssertionError("read into memory")):
            intake = bring(upload, cast, edition)
    assert evidence.read_bytes(intake.sha256) == data


def test_a_failed_register_write_queues_nothing(cast: Cast, edition: Edition) -> None:
    with mock.patch.object(register_acts, "_append", side_effect=OSError("full")), pytest.raises(OSError, match="full"):
        bring(SimpleUploadedFile("a.zip", b"PK"), cast, edition)
    assert names() == []
