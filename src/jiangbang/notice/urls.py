"""Addresses of the notice stage."""

from jiangbang.notice.objection_urls import urlpatterns as objections

urlpatterns = [*objections]
