"""Addresses of publicity."""

from __future__ import annotations

from django.urls import path

from jiangbang.publicity import holder_views, story_views, views

urlpatterns = [
    path("publicity/", views.desk, name="publicity_desk"),
    path("publicity/people/<uuid:pk>/<str:name>", views.poster, name="publicity_poster"),
    path("publicity/people/<uuid:pk>/consent/<str:what>/", views.consent, name="publicity_consent"),
    path("publicity/all/<str:name>", views.poster_list, name="publicity_list"),
    path("publicity/kit.zip", views.kit, name="publicity_kit"),
    path("publicity/screen.zip", views.screen, name="publicity_screen"),
    path("publicity/coverage/", views.coverage, name="publicity_coverage"),
    path("publicity/coverage/<int:pk>/remove/", views.coverage_remove, name="publicity_coverage_remove"),
    path("publicity/people/<uuid:pk>/story/", story_views.story, name="publicity_story"),
    path("publicity/people/<uuid:pk>/story/save/", story_views.story_save, name="publicity_story_save"),
    path("publicity/people/<uuid:pk>/story/<str:what>/", story_views.story_change, name="publicity_story_change"),
    path("stories/<slug:programme>/<slug:slug>/", story_views.stories, name="publicity_stories"),
    path("p/<slug:programme>/<slug:slug>/roll/<slug:title>/<int:position>/", holder_views.holder, name="roll_person"),
    path(
        "p/<slug:programme>/<slug:slug>/roll/<slug:title>/<int:position>/photo.jpg",
        holder_views.photo,
        name="roll_photo",
    ),
]
