"""Slides of an outdoor screen."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

import pytest
from nomination.readings import Cast
from PIL import Image

from jiangbang.conferral.award_models import Award
from jiangbang.programme.models import Edition
from jiangbang.publicity.consents import record_consent
from jiangbang.publicity.playlist import playlist
from jiangbang.publicity.queries import people_of

pytestmark = pytest.mark.django_db


def test_the_archive_has_a_page_that_needs_nothing_from_outside(
    edition: Edition, held: Sequence[Award], cast: Cast
) -> None:
    record_consent(held[1].dossier, paper="同意书", photo=False, by=cast.organiser)
    Award.objects.filter(pk=held[1].pk).update(name="<王>")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(playlist(edition, people_of(edition)))))
    assert archive.namelist() == ["index.html", "screen.css", "screen.js", "slides/000.png", "slides/001.png"]
    assert [Image.open(archive.open(f"slides/00{one}.png")).size for one in (0, 1)] == [(1920, 1080)] * 2
    page = archive.read("index.html").decode()
    named = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert sorted(named) == ["screen.css", "screen.js", "slides/000.png", "slides/001.png"]
    assert "&lt;王&gt;" in page
