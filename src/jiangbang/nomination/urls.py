"""Addresses of the recommendation stage."""

from django.urls import path

from jiangbang.nomination import downloads, views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("packets/", views.packet_list, name="packet_list"),
    path("packets/receive/", views.receive, name="packet_receive"),
    path("packets/arriving/<uuid:pk>/", views.intake, name="packet_intake"),
    path("packets/arriving/<uuid:pk>/answer/", views.answer_intake, name="packet_intake_answer"),
    path("packets/<int:pk>/", views.packet, name="packet_detail"),
    path("packets/<int:pk>/receipt/", views.receipt, name="packet_receipt"),
    path("packets/<int:pk>/roster.<str:kind>", downloads.packet_roster, name="packet_roster"),
    path("packets/<int:pk>/original/", downloads.packet_original, name="packet_original"),
    path("dossiers/", views.dossier_list, name="dossier_list"),
    path("dossiers.csv", downloads.dossiers_csv, name="dossier_csv"),
    path("dossiers/<uuid:pk>/", views.dossier, name="dossier_detail"),
    path("dossiers/<uuid:pk>/reveal/", views.reveal, name="dossier_reveal"),
    path("dossiers/<uuid:pk>/photo/", downloads.dossier_photo, name="dossier_photo"),
    path("dossiers/<uuid:pk>/form.docx", downloads.dossier_form, name="dossier_form"),
    path("dossiers/<uuid:pk>/original/", downloads.dossier_original, name="dossier_original"),
    path("units/<str:code>/roster.<str:kind>", downloads.unit_roster, name="unit_roster"),
]
