"""Addresses of the consultation stage."""

from django.urls import path

from jiangbang.consultation import department_views, views

urlpatterns = [
    path("consultation/", views.desk, name="consultation_desk"),
    path("consultation/send/", views.send, name="consultation_send"),
    path("consultation/invite/", views.invite, name="consultation_invite"),
    path("consultation/people/<uuid:pk>/category/", views.categorise, name="consultation_category"),
    path("consultation/letters/<uuid:pk>/", views.inquiry, name="consultation_inquiry"),
    path("consultation/letters/<uuid:pk>/password/", views.password, name="consultation_password"),
    path("consultation/letters/<uuid:pk>/enter/", views.enter, name="consultation_enter"),
    path("consultation/letters/<uuid:pk>/letter.<str:kind>", views.letter, name="consultation_letter"),
    path("consultation/replies/<uuid:pk>/settle/", views.settle, name="consultation_settle"),
    path("consultation/replies/<uuid:pk>/scan/", views.scan, name="consultation_scan"),
    path("consultation/concerns/<int:pk>/decide/", views.decide, name="consultation_decide"),
    path("consultation/concerns/<int:pk>/file/", views.concern_file, name="consultation_file"),
    path("consultation/mine/", department_views.mine, name="consultation_mine"),
    path("consultation/mine/<uuid:pk>/", department_views.answer, name="consultation_answer"),
    path("consultation/mine/<uuid:pk>/sign/", department_views.sign, name="consultation_sign"),
    path("consultation/mine/<uuid:pk>/letter.<str:kind>", department_views.own_letter, name="consultation_own_letter"),
]
