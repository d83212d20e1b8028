"""The Django application of the shell."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "jiangbang.web"
    label = "web"
