"""The angle of a page: measured on pages drawn askew on purpose."""

from __future__ import annotations

import numpy as np
import pytest
from papers.pages import form_page, shaded
from PIL import Image

from jiangbang.papers.skew import skew_of

# What the issue asks for, in degrees.
TOLERANCE = 0.3


@pytest.mark.parametrize("askew", [-14.0, -7.3, -2.5, -0.4, 0.0, 0.25, 1.1, 3.7, 9.9, 14.5])
@pytest.mark.parametrize("kind", ["scan", "photo"])
def test_angle_is_found_within_a_third_of_a_degree(askew: float, kind: str) -> None:
    page = form_page()
    page = shaded(page) if kind == "photo" else page
    page = page.rotate(-askew, Image.Resampling.BICUBIC, fillcolor=235)
    assert abs(skew_of(np.asarray(page)) - askew) <= TOLERANCE


@pytest.mark.parametrize("side", [700, 1240, 2000, 3400])
def test_resolution_makes_no_difference(side: int) -> None:
    page = form_page().rotate(-1.7, Image.Resampling.BICUBIC, fillcolor=235)
    page = page.resize((round(side / 1.414), side), Image.Resampling.LANCZOS)
    assert abs(skew_of(np.asarray(page)) - 1.7) <= TOLERANCE


@pytest.mark.parametrize("size", [(1, 1), (30, 30), (900, 1200)])
def test_an_empty_page_is_left_as_it_is(size: tuple[int, int]) -> None:
    assert skew_of(np.full((size[1], size[0]), 250, np.uint8)) == 0.0


def test_noise_has_no_direction() -> None:
    noise = np.random.default_rng(7).integers(0, 255, (1000, 800), dtype=np.uint8)
    assert skew_of(noise) == 0.0
