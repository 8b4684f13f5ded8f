"""The addresses of the JSON interface, and of the page of its tokens."""

from django.urls import path

from gaoyuan.portal.api import pages
from gaoyuan.portal.api.routes import api

urlpatterns = [
    path("openapi.json", pages.description, name="api_description"),
    path("tokens/", pages.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", pages.revoke, name="revoke_token"),
    path("", api.urls),
]
