"""Addresses of the decision stage."""

from django.urls import path

from jiangbang.decision import member_views, paper_views, views

urlpatterns = [
    path("decision/", views.desk, name="decision_desk"),
    path("decision/members/", views.members, name="decision_members"),
    path("decision/members/name/", views.name_member, name="decision_member_name"),
    path("decision/members/<uuid:pk>/invite/", views.invite_member, name="decision_member_invite"),
    path("decision/members/<uuid:pk>/remove/", views.remove_member, name="decision_member_remove"),
    path("decision/members/<uuid:pk>/recuse/", views.recuse_member, name="decision_member_recuse"),
    path("decision/meeting/", views.meeting_page, name="decision_meeting"),
    path("decision/meeting/call/", views.call_meeting, name="decision_call"),
    path("decision/meeting/change/", views.change_meeting, name="decision_meeting_change"),
    path("decision/meeting/present/", views.present, name="decision_present"),
    path("decision/meeting/present/<int:pk>/remove/", views.absent, name="decision_absent"),
    path("decision/rounds/", views.rounds, name="decision_rounds"),
    path("decision/rounds/open/", views.open_round, name="decision_round_open"),
    path("decision/rounds/<int:pk>/end/", views.end_round, name="decision_round_end"),
    path("decision/result/", views.result, name="decision_result"),
    path("decision/result/resolve/", views.resolve, name="decision_resolve"),
    path("decision/papers/<str:paper>.<str:kind>", paper_views.paper, name="decision_paper"),
    path("decision/hall/", member_views.hall, name="decision_hall"),
    path("decision/mine/", member_views.mine, name="decision_mine"),
    path("decision/mine/sign-in/", member_views.sign_in, name="decision_sign_in"),
    path("decision/mine/candidates/", member_views.candidates, name="decision_candidates"),
    path("decision/mine/candidates/<uuid:pk>/", member_views.candidate, name="decision_candidate"),
    path("decision/mine/candidates/<uuid:pk>/recuse/", member_views.recuse, name="decision_recuse"),
    path("decision/mine/ballot/", member_views.ballot, name="decision_ballot"),
    path("decision/mine/ballot/slip/", member_views.slip, name="decision_slip"),
    path("decision/mine/ballot/put/", member_views.put, name="decision_put"),
    path("decision/mine/ballot/cast/", member_views.cast, name="decision_cast"),
    path("decision/mine/rounds/<int:pk>/", member_views.check, name="decision_check"),
]
