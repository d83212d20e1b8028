"""The shell's addresses."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from jiangbang.web import (
    account_page,
    deadline_page,
    invitation_page,
    job_page,
    list_exports,
    outbox_page,
    people_page,
    register_page,
    template_page,
    views,
)

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("edition/", views.switch_edition, name="switch_edition"),
    path("register/", register_page.register, name="register"),
    path("register/verify/", register_page.verify, name="register_verify"),
    path("register.<str:kind>", list_exports.register_list, name="register_list"),
    path("people.<str:kind>", list_exports.people_list, name="people_list"),
    path("outbox.<str:kind>", list_exports.outbox_list, name="outbox_list"),
    path("register/export/", register_page.export, name="register_export"),
    path("deadline/", deadline_page.deadline, name="deadline"),
    path("time/", deadline_page.server_time, name="server_time"),
    path("gallery/", views.gallery, name="gallery"),
    path("account/", account_page.account, name="account"),
    path("account/factor/", account_page.factor_due, name="factor_due"),
    path("account/name/", account_page.rename, name="account_rename"),
    path("account/sessions/end/", account_page.end_others, name="sessions_end"),
    path("account/sessions/<int:pk>/end/", account_page.end_session, name="session_end"),
    path("people/", people_page.people, name="people"),
    path("people/invite/", people_page.invite, name="people_invite"),
    path("people/invitations/", people_page.invitation_list, name="invitation_list"),
    path("people/invitations/<uuid:pk>/revoke/", people_page.revoke, name="invitation_revoke"),
    path("people/roles/<int:pk>/withdraw/", people_page.withdraw, name="role_withdraw"),
    path("people/<int:pk>/", people_page.person, name="person"),
    path("people/<int:pk>/roles/", people_page.grant, name="role_grant"),
    path("people/<int:pk>/close/", people_page.close, name="account_close"),
    path("people/<int:pk>/password/", people_page.give_password, name="password_give"),
    path("people/<int:pk>/sessions/end/", people_page.end_sessions, name="person_sessions_end"),
    path("people/<int:pk>/reopen/", people_page.reopen, name="account_reopen"),
    path("messages/", outbox_page.outbox, name="outbox"),
    path("messages/resend/", outbox_page.resend_all, name="outbox_resend_all"),
    path("messages/<uuid:pk>/", outbox_page.message, name="outbox_message"),
    path("messages/<uuid:pk>/resend/", outbox_page.resend, name="outbox_resend"),
    path("messages/templates/", template_page.template_list, name="outbox_template_list"),
    path("messages/templates/<str:key>/", template_page.template, name="outbox_template"),
    path("messages/templates/<str:key>/preview/", template_page.preview, name="outbox_template_preview"),
    path("messages/templates/<str:key>/sample/", template_page.sample, name="outbox_template_sample"),
    path("jobs/", job_page.job_list, name="job_list"),
    path("jobs/<int:pk>/retry/", job_page.retry, name="job_retry"),
    path("invitation/", invitation_page.again, name="link_again"),
    path("invitation/<str:token>/", invitation_page.invitation, name="invitation"),
]
