"""Addresses of personal data as such."""

from __future__ import annotations

from django.urls import path

from jiangbang.privacy import keeping_views, own_views, views

urlpatterns = [
    path("privacy/", views.desk, name="privacy_desk"),
    path("privacy/dossiers/<uuid:pk>/", views.one, name="privacy_person"),
    path("privacy/dossiers/<uuid:pk>/erase/", views.ask, name="privacy_ask"),
    path("privacy/dossiers/<uuid:pk>/copy/", views.copy, name="privacy_copy"),
    path("privacy/dossiers/<uuid:pk>/correct/", views.correct, name="privacy_correct"),
    path("privacy/own/<uuid:pk>/", own_views.own, name="privacy_own"),
    path("privacy/own/<uuid:pk>/copy/", own_views.own_copy, name="privacy_own_copy"),
    path("privacy/looks/", keeping_views.looks, name="privacy_looks"),
    path("privacy/periods/", keeping_views.periods, name="privacy_periods"),
    path("privacy/periods/apply/", keeping_views.apply, name="privacy_periods_apply"),
    path("privacy/processing/", keeping_views.processing, name="privacy_processing"),
    path("privacy/assessment/", keeping_views.assessment, name="privacy_assessment"),
    path("privacy/processing.csv", keeping_views.processing_csv, name="privacy_processing_csv"),
    path("privacy/erasures/<int:pk>/<str:word>/", views.decide, name="privacy_decide"),
]
