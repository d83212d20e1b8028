"""The shell's addresses."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from jiangbang.web import register_page, views

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("edition/", views.switch_edition, name="switch_edition"),
    path("register/", register_page.register, name="register"),
    path("register/verify/", register_page.verify, name="register_verify"),
    path("register/export/", register_page.export, name="register_export"),
    path("gallery/", views.gallery, name="gallery"),
]
