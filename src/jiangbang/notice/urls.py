"""Addresses of the notice stage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
