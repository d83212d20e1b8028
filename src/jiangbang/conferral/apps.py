from django.apps import AppConfig


class ConferralConfig(AppConfig):
    name = "jiangbang.conferral"
