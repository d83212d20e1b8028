"""Addresses of conferral."""

from __future__ import annotations

from django.urls import path

from jiangbang.conferral import verify_views

urlpatterns = [
    path("verify/", verify_views.verify, name="verify"),
    path("verify/keys.json", verify_views.verify_keys, name="verify_keys"),
]
