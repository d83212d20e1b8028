from django.apps import AppConfig


class ConsultationConfig(AppConfig):
    name = "jiangbang.consultation"

    def ready(self) -> None:
        from jiangbang.consultation.guide import own_consultation  # noqa: PLC0415 — models are there only now
        from jiangbang.nomination.guides import add_guide  # noqa: PLC0415

        add_guide(own_consultation)
