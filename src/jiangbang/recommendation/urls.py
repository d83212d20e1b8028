"""Addresses of a unit's workspace, and of returns on the office's side."""

from django.urls import path

from jiangbang.recommendation import (
    inviting_views,
    packet_views,
    person_views,
    quota_views,
    return_views,
    scan_views,
    views,
)

urlpatterns = [
    path("unit/", views.desk, name="unit_desk"),
    path("unit/order/", views.order, name="unit_order"),
    path("unit/quota/", quota_views.quota, name="unit_quota"),
    path("unit/quota/<uuid:pk>/direct/", quota_views.claim, name="unit_direct_claim"),
    path("quotas/", quota_views.quota_ledger, name="quota_ledger"),
    path("quotas/direct/<int:pk>/", quota_views.decide, name="direct_decide"),
    path("unit/opinions/", views.opinions, name="unit_opinions"),
    path("unit/forms.zip", packet_views.forms, name="unit_forms"),
    path("unit/invite/", inviting_views.invite, name="unit_invite"),
    path("unit/invite/send/", inviting_views.send, name="unit_invite_send"),
    path("unit/enter/", inviting_views.enter, name="unit_enter"),
    path("unit/people/<uuid:pk>/", person_views.person, name="unit_person"),
    path("unit/people/<uuid:pk>/invite-again/", inviting_views.invite_again, name="unit_invite_again"),
    path("unit/people/<uuid:pk>/consents/", inviting_views.attest, name="unit_attest"),
    path("unit/people/<uuid:pk>/withdraw/", person_views.withdraw, name="unit_withdraw"),
    path("unit/people/<uuid:pk>/give-back/", person_views.give_back, name="unit_give_back"),
    path("unit/people/<uuid:pk>/reopen/", person_views.reopen, name="unit_reopen"),
    path("unit/people/<uuid:pk>/opinion/", person_views.opinion, name="unit_opinion"),
    path("unit/people/<uuid:pk>/facts/", person_views.facts, name="unit_facts"),
    path("unit/people/<uuid:pk>/scans/", scan_views.bring, name="unit_scan_bring"),
    path("unit/scans/", scan_views.scans, name="unit_scans"),
    path("unit/scans/<uuid:pk>/turn/", scan_views.turn, name="unit_scan_turn"),
    path("unit/scans/<uuid:pk>/original/", scan_views.original, name="unit_scan_original"),
    path("unit/scans/<uuid:pk>/<int:number>.jpeg", scan_views.page, name="unit_scan_page"),
    path("unit/submit/", packet_views.submit, name="unit_submit"),
    path("unit/packets/", packet_views.bring, name="unit_packet_bring"),
    path("unit/packets/arriving/<uuid:pk>/", packet_views.arriving, name="unit_packet_arriving"),
    path("unit/packets/<int:pk>/", packet_views.packet, name="unit_packet"),
    path("unit/packets/<int:pk>/receipt/", packet_views.receipt, name="unit_receipt"),
    path("dossiers/<uuid:pk>/returns/", return_views.returns, name="dossier_returns"),
]
