"""All addresses, in the order in which a dossier walks."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("jiangbang.accounts.urls")),
    path("", include("jiangbang.web.urls")),
    path("", include("jiangbang.nomination.urls")),
]
