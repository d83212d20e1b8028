"""All addresses, in the order in which a dossier walks."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("", include("jiangbang.web.urls")),
    path("", include("jiangbang.nomination.urls")),
]
