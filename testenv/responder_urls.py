"""What the second small web process serves: the sandbox's CRLs and OCSP answers."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
