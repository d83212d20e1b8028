"""The shell's addresses."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from jiangbang.web import views

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("edition/", views.switch_edition, name="switch_edition"),
    path("gallery/", views.gallery, name="gallery"),
]
