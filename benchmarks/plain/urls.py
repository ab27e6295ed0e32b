from django.urls import path

from benchmarks.plain import views

urlpatterns = [
    path("judge-and-keep", views.judge_and_keep),
    path("judge", views.judge),
]
