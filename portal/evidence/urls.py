from django.urls import path

from portal.evidence import views

app_name = "evidence"
urlpatterns = [path("<str:public_id>/", views.download, name="download")]
