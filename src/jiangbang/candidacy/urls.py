"""Addresses of candidacies."""

from django.urls import path

from jiangbang.candidacy import file_pages, handing_pages, register_place, submitted, views

urlpatterns = [
    path("my/", views.mine, name="candidacy_mine"),
    path("candidacies/<uuid:pk>/", views.form, name="candidacy_form"),
    path("candidacies/<uuid:pk>/save/", views.save, name="candidacy_save"),
    path("candidacies/<uuid:pk>/standing/", views.standing, name="candidacy_standing"),
    path("candidacies/<uuid:pk>/consent/", views.consent, name="candidacy_consent"),
    path("candidacies/<uuid:pk>/photo/", file_pages.photo, name="candidacy_photo"),
    path("candidacies/<uuid:pk>/files/", file_pages.add, name="candidacy_file_add"),
    path("candidacies/<uuid:pk>/files/<uuid:file>/", file_pages.file, name="candidacy_file"),
    path("candidacies/<uuid:pk>/files/<uuid:file>/remove/", file_pages.remove, name="candidacy_file_remove"),
    path("candidacies/<uuid:pk>/paper/", handing_pages.paper, name="candidacy_paper"),
    path("candidacies/<uuid:pk>/form.docx", handing_pages.docx, name="candidacy_docx"),
    path("candidacies/<uuid:pk>/hand-over/", handing_pages.hand_over, name="candidacy_hand_over"),
    path("candidacies/<uuid:pk>/confirm-scan/", handing_pages.confirm_scan, name="candidacy_confirm_scan"),
    path("candidacies/<uuid:pk>/call-back/", handing_pages.call_back, name="candidacy_call_back"),
    path("candidacies/<uuid:pk>/withdraw/", handing_pages.leave, name="candidacy_leave"),
    path("candidacies/<uuid:pk>/employer/", handing_pages.employer, name="candidacy_employer"),
    path("dossiers/<uuid:pk>/place/", register_place.dossier_place, name="dossier_place"),
    path("dossiers/<uuid:pk>/place/proof", register_place.dossier_proof, name="dossier_proof"),
    path("dossiers/<uuid:pk>/evidence/", submitted.dossier_evidence, name="dossier_evidence"),
    path("dossiers/<uuid:pk>/evidence/<uuid:file>/", submitted.dossier_file, name="dossier_file"),
]
