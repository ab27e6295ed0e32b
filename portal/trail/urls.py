from django.urls import path

from portal.trail import checkpoints, views

app_name = "audit"
urlpatterns = [
    path("", views.event_list, name="event-list"),
    path("events/<int:pk>/", views.event_detail, name="event-detail"),
    path("export/", views.export, name="event-export"),
    path("inspect/", views.inspect, name="trail-inspect"),
    path("checkpoints/", checkpoints.checkpoint_list, name="checkpoint-list"),
    path("checkpoints/latest/", checkpoints.checkpoint_latest, name="checkpoint-latest"),
    path("checkpoints/<int:number>/", checkpoints.checkpoint_detail, name="checkpoint-detail"),
]
