from django.urls import path

from testenv import console

app_name = "internet"
urlpatterns = [path("", console.console, name="console")]
