"""All addresses, in the order in which a dossier walks."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("jiangbang.accounts.urls")),
    path("", include("jiangbang.web.urls")),
    path("", include("jiangbang.nomination.urls")),
    path("", include("jiangbang.screening.urls")),
    path("", include("jiangbang.candidacy.urls")),
    path("", include("jiangbang.recommendation.urls")),
    path("", include("jiangbang.review.urls")),
    path("", include("jiangbang.consultation.urls")),
    path("", include("jiangbang.decision.urls")),
    path("", include("jiangbang.notice.urls")),
    path("", include("jiangbang.conferral.urls")),
    path("", include("jiangbang.publicity.urls")),
    path("", include("jiangbang.benefits.urls")),
    path("", include("jiangbang.archive.urls")),
    path("", include("jiangbang.succession.urls")),
    path("", include("jiangbang.privacy.urls")),
]
