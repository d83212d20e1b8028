"""Addresses of objections."""

from django.urls import path

from jiangbang.notice import objection_office_views as office
from jiangbang.notice import objection_unit_views as unit
from jiangbang.notice import objection_views as public

urlpatterns = [
    path("p/<slug:programme>/<slug:slug>/objections/", public.form, name="objection_form"),
    path("p/<slug:programme>/<slug:slug>/objections/follow/", public.follow, name="objection_follow"),
    path("objections/", office.case_list, name="objection_list"),
    path("objections/enter/", office.enter, name="objection_enter"),
    path("objections/numbers/", office.numbers, name="objection_numbers"),
    path("objections/<uuid:pk>/", office.case, name="objection_case"),
    path("objections/<uuid:pk>/who/", office.reveal, name="objection_reveal"),
    path("objections/<uuid:pk>/step/<slug:what>/", office.step, name="objection_step"),
    path("objections/<uuid:pk>/files/<uuid:file>/", office.file, name="objection_file"),
    path("objections/<uuid:pk>/<slug:paper>.<str:kind>", office.paper, name="objection_paper"),
    path("unit/inquiries/", unit.inquiries, name="unit_inquiries"),
    path("unit/inquiries/<uuid:pk>/", unit.reply, name="unit_inquiry_reply"),
]
