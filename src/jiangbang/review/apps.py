from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "jiangbang.review"

    def ready(self) -> None:
        from jiangbang.nomination.guides import add_guide  # noqa: PLC0415 — models are there only now
        from jiangbang.review.guide import own_review  # noqa: PLC0415

        add_guide(own_review)
