from django.apps import AppConfig


class NoticeConfig(AppConfig):
    name = "jiangbang.notice"
