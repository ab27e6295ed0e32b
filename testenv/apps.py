from django.apps import AppConfig


class TestenvConfig(AppConfig):
    name = "testenv"
