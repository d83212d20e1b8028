"""Addresses of the archive."""

from __future__ import annotations

from django.urls import path

from jiangbang.archive import views

urlpatterns = [
    path("archive/", views.desk, name="archive_desk"),
    path("archive/order/", views.order, name="archive_order"),
    path("archive/<int:pk>.zip", views.package, name="archive_package"),
]
