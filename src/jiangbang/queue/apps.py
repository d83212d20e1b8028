from django.apps import AppConfig


class QueueConfig(AppConfig):
    name = "jiangbang.queue"
