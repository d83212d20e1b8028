from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "jiangbang.accounts"

    def ready(self) -> None:
        """Listen to what allauth and Django tell of people coming, going and changing their keys."""
        from allauth.account import signals as account  # noqa: PLC0415 — needs the loaded apps, as do the next
        from allauth.mfa.models import Authenticator  # noqa: PLC0415
        from django.contrib.auth.signals import user_logged_in, user_logged_out  # noqa: PLC0415
        from django.db.models.signals import post_delete, post_save  # noqa: PLC0415

        from jiangbang.accounts import gate, listeners, sessions, watch  # noqa: PLC0415

        heard: tuple[tuple[Any, Any], ...] = (
            (user_logged_in, sessions.on_signed_in),
            (user_logged_in, gate.on_signed_in),
            (user_logged_out, sessions.on_signed_out),
            (user_logged_in, watch.on_signed_in),
            (user_logged_out, watch.on_signed_out),
            (account.authentication_step_completed, gate.on_proved),
            (account.password_changed, listeners.on_password_changed),
            (account.password_set, listeners.on_password_changed),
        )
        for signal, listener in heard:
            signal.connect(listener, dispatch_uid=f"{listener.__module__}.{listener.__name__}.{id(signal)}")
        post_save.connect(listeners.on_factor_kept, sender=Authenticator)
        post_delete.connect(listeners.on_factor_gone, sender=Authenticator)
