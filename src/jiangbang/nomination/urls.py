"""Addresses of the recommendation stage."""

from django.urls import path

from jiangbang.nomination import contacts_page, desk_views, downloads, list_exports, mailbox_views, views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("desk/news/", desk_views.news, name="desk_news"),
    path("desk/figures/", desk_views.figures, name="desk_figures"),
    path("packets/", views.packet_list, name="packet_list"),
    path("packets/receive/", views.receive, name="packet_receive"),
    path("packets/arriving/<uuid:pk>/", views.intake, name="packet_intake"),
    path("packets/arriving/<uuid:pk>/answer/", views.answer_intake, name="packet_intake_answer"),
    path("packets/<int:pk>/", views.packet, name="packet_detail"),
    path("packets/<int:pk>/receipt/", views.receipt, name="packet_receipt"),
    path("packets/<int:pk>/roster.<str:kind>", downloads.packet_roster, name="packet_roster"),
    path("packets/<int:pk>/original/", downloads.packet_original, name="packet_original"),
    path("mailbox/", mailbox_views.mail_list, name="mail_list"),
    path("mailbox/<uuid:pk>/", mailbox_views.mail, name="mail_detail"),
    path("mailbox/<uuid:pk>/unit/", mailbox_views.assign, name="mail_assign"),
    path("mailbox/<uuid:pk>/aside/", mailbox_views.aside, name="mail_aside"),
    path("mailbox/<uuid:pk>/original/", mailbox_views.original, name="mail_original"),
    path("dossiers/", views.dossier_list, name="dossier_list"),
    path("dossiers.<str:kind>", list_exports.dossier_export, name="dossier_export"),
    path("packets.<str:kind>", list_exports.packet_export, name="packet_export"),
    path("units.<str:kind>", list_exports.unit_export, name="unit_export"),
    path("dossiers/<uuid:pk>/", views.dossier, name="dossier_detail"),
    path("dossiers/<uuid:pk>/reveal/", views.reveal, name="dossier_reveal"),
    path("dossiers/<uuid:pk>/photo/", downloads.dossier_photo, name="dossier_photo"),
    path("dossiers/<uuid:pk>/form.docx", downloads.dossier_form, name="dossier_form"),
    path("dossiers/<uuid:pk>/original/", downloads.dossier_original, name="dossier_original"),
    path("units/contacts/", contacts_page.contact_list, name="contact_list"),
    path("units/contacts/<int:pk>/remove/", contacts_page.remove, name="contact_remove"),
    path("units/<str:code>/roster.<str:kind>", downloads.unit_roster, name="unit_roster"),
]
