from django.urls import path

from verifier import views

app_name = "verifier"
urlpatterns = [
    path("", views.verification_list, name="verification-list"),
    path("<str:public_id>/", views.verification_detail, name="verification-detail"),
]
