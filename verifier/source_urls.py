"""Below /revocation-lists/: the operators' page about the sources of revocation lists."""

from django.urls import path

from verifier import source_views

app_name = "sources"
urlpatterns = [
    path("", source_views.source_list, name="source-list"),
    path("<int:pk>/fetch/", source_views.source_fetch, name="source-fetch"),
]
