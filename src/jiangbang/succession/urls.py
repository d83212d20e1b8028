"""Addresses between editions."""

from __future__ import annotations

from django.urls import path

from jiangbang.succession import views

urlpatterns = [
    path("next-edition/", views.desk, name="next_edition"),
    path("next-edition/folder.zip", views.folder, name="next_edition_folder"),
    path("next-edition/copy/", views.copy, name="next_edition_copy"),
    path("next-edition/<slug:what>/", views.take, name="next_edition_take"),
    path("statistics/<slug:programme>/", views.statistics, name="statistics"),
]
