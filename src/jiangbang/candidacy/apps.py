from django.apps import AppConfig


class CandidacyConfig(AppConfig):
    name = "jiangbang.candidacy"

    def ready(self) -> None:
        from jiangbang.candidacy.guide import own_form  # noqa: PLC0415 — models are there only now
        from jiangbang.candidacy.queries import drafts_by_state  # noqa: PLC0415
        from jiangbang.nomination.desk_funnel import register_funnel  # noqa: PLC0415
        from jiangbang.nomination.guides import add_guide  # noqa: PLC0415

        add_guide(own_form)
        register_funnel(drafts_by_state)
