"""Addresses of conferral."""

from __future__ import annotations

from django.urls import path

from jiangbang.conferral import certificate_views, verify_views

urlpatterns = [
    path("certificates/", certificate_views.desk, name="certificate_desk"),
    path("certificates/proof/<slug:title>/<str:name>", certificate_views.proof, name="certificate_proof"),
    path("verify/", verify_views.verify, name="verify"),
    path("certificates/revoke/", certificate_views.revoke, name="certificate_revoke"),
    path("verify/revoked.json", verify_views.verify_revoked, name="verify_revoked"),
    path("verify/keys.json", verify_views.verify_keys, name="verify_keys"),
]
