"""Addresses between editions."""

from __future__ import annotations

from django.urls import path

from jiangbang.succession import statistics_views, views

urlpatterns = [
    path("next-edition/", views.desk, name="next_edition"),
    path("next-edition/folder.zip", views.folder, name="next_edition_folder"),
    path("next-edition/copy/", views.copy, name="next_edition_copy"),
    path("next-edition/<slug:what>/", views.take, name="next_edition_take"),
    path("statistics/", statistics_views.desk, name="next_edition_statistics"),
    path("statistics.csv", statistics_views.desk_csv, name="next_edition_statistics_csv"),
    path("statistics/<slug:programme>/", statistics_views.statistics, name="statistics"),
    path("statistics/<slug:programme>.csv", statistics_views.statistics_csv, name="statistics_csv"),
]
