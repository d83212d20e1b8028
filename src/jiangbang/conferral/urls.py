"""Addresses of conferral."""

from __future__ import annotations

from django.urls import path

from jiangbang.conferral import award_views, certificate_views, roll_views, verify_views

urlpatterns = [
    path("conferral/", award_views.desk, name="conferral_desk"),
    path("conferral/confer/", award_views.make, name="conferral_make"),
    path("conferral/ceremony/", award_views.ceremony, name="conferral_ceremony"),
    path("conferral/certificates.zip", award_views.certificates, name="conferral_certificates"),
    path("conferral/papers/<slug:which>.<str:kind>", award_views.paper, name="conferral_paper"),
    path("conferral/<int:pk>/", award_views.award, name="award"),
    path("conferral/<int:pk>/tick/", award_views.tick, name="award_tick"),
    path("conferral/<int:pk>/<slug:what>/", award_views.revocation, name="award_revocation"),
    path("p/<slug:programme>/<slug:slug>/roll/", roll_views.roll, name="roll"),
    path("p/<slug:programme>/<slug:slug>/roll/embed/", roll_views.roll_embed, name="roll_embed"),
    path("roll/<slug:programme>/", roll_views.rolls, name="rolls"),
    path("p/<slug:programme>/<slug:slug>/roll.csv", roll_views.roll_csv, name="roll_csv"),
    path("p/<slug:programme>/<slug:slug>/roll.json", roll_views.roll_json, name="roll_json"),
    path("certificates/", certificate_views.desk, name="certificate_desk"),
    path("certificates/proof/<slug:title>/<str:name>", certificate_views.proof, name="certificate_proof"),
    path("verify/", verify_views.verify, name="verify"),
    path("certificates/revoke/", certificate_views.revoke, name="certificate_revoke"),
    path("verify/revoked.json", verify_views.verify_revoked, name="verify_revoked"),
    path("verify/keys.json", verify_views.verify_keys, name="verify_keys"),
]
