from django.apps import AppConfig


class RecommendationConfig(AppConfig):
    name = "jiangbang.recommendation"

    def ready(self) -> None:
        from jiangbang.nomination.answers import register_answer  # noqa: PLC0415 — models are there only now
        from jiangbang.nomination.guides import add_guide  # noqa: PLC0415
        from jiangbang.recommendation.guide import own_desk  # noqa: PLC0415
        from jiangbang.recommendation.returning import answer_returns  # noqa: PLC0415

        add_guide(own_desk)
        register_answer(answer_returns)
