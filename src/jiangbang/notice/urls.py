"""Addresses of the notice stage."""

from django.urls import path

from jiangbang.notice import calendar_views, site_views
from jiangbang.notice import notice_views as views
from jiangbang.notice.objection_urls import urlpatterns as objections

urlpatterns = [
    path("notice/", views.desk, name="notice_desk"),
    path("notice/calendar/", calendar_views.desk, name="notice_calendar"),
    path("notice/calendar/change/", calendar_views.change, name="notice_calendar_change"),
    path("notice/calendar/enter/", calendar_views.enter, name="notice_calendar_enter"),
    path("notice/prepare/", views.prepare, name="notice_prepare"),
    path("notice/<int:number>/line/", views.line, name="notice_line"),
    path("notice/<int:number>/<int:version>/<slug:what>/", views.correction, name="notice_correction"),
    path("notice/<int:number>/<slug:what>/", views.change, name="notice_change"),
    path("p/<slug:programme>/<slug:slug>/", site_views.programme, name="programme_page"),
    path("site/", site_views.texts, name="site_texts"),
    path("p/<slug:programme>/<slug:slug>/card.png", site_views.card, name="programme_card"),
    path("p/<slug:programme>/<slug:slug>/papers/<str:which>", site_views.paper, name="programme_paper"),
    path("p/<slug:programme>/<slug:slug>/dates.ics", site_views.dates, name="programme_dates"),
    path("p/<slug:programme>/<slug:slug>/notices.rss", site_views.feed, name="notice_feed"),
    path("p/<slug:programme>/<slug:slug>/notice/", views.page, name="notice_page"),
    path("p/<slug:programme>/<slug:slug>/notice/<int:number>/<int:version>/", views.earlier, name="notice_earlier"),
    path("p/<slug:programme>/<slug:slug>/notice/<int:number>.<str:kind>", views.paper, name="notice_paper"),
    *objections,
]
