"""What the pages leave to the worker."""

from __future__ import annotations

from jiangbang.queue.jobs import job
from jiangbang.web import invitation_mail


@job("web.fresh_links")
def send_fresh_links(index: str, language: str) -> None:
    """Post fresh links to whoever was invited at an address, known by its blind index. Done later, so that the page answers alike, and
    as fast, whether the address is known or not."""
    invitation_mail.post_fresh_links(index, language)
