from django.apps import AppConfig


class DecisionConfig(AppConfig):
    name = "jiangbang.decision"

    def ready(self) -> None:
        from jiangbang.decision.guide import own_decision  # noqa: PLC0415 — models are there only now
        from jiangbang.nomination.guides import add_guide  # noqa: PLC0415

        add_guide(own_decision)
