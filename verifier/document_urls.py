"""Below /docs/: what a developer reads about certificates."""

from django.urls import path

from verifier import kind_views

app_name = "documents"
urlpatterns = [path("certificate-kinds/", kind_views.certificate_kinds, name="certificate-kinds")]
