"""Addresses of conferral."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
