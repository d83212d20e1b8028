"""Addresses of benefits."""

from __future__ import annotations

from django.urls import path

from jiangbang.benefits import views

urlpatterns = [
    path("benefits/", views.desk, name="benefits"),
    path("benefits/<int:pk>/", views.benefit, name="benefit"),
    path("benefits/<int:pk>/<slug:what>/", views.benefit_change, name="benefit_change"),
    path("benefits/guests/<int:pk>/<slug:what>/", views.guest_change, name="benefit_guest"),
    path("benefits/holders/<int:pk>/", views.address, name="benefit_address"),
    path("benefits/further/", views.further, name="further"),
    path("benefits/further.zip", views.further_packet, name="further_packet"),
    path("benefits/further/<int:pk>/", views.further_result, name="further_result"),
    path("benefits.<str:kind>", views.ledger_list, name="benefits_list"),
    path("benefits/answer/<str:token>/", views.answer, name="benefit_answer"),
]
