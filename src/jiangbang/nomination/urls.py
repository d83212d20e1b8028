"""Addresses of the recommendation stage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
