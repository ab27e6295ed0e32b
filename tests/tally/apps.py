from django.apps import AppConfig


class TallyConfig(AppConfig):
    name = "tests.tally"
    label = "tally"
