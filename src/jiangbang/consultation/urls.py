"""Addresses of the consultation stage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
