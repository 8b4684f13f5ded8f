"""The addresses of the channels."""

from django.urls import URLPattern, path

from gaoyuan.portal.delivery import views

urlpatterns: list[URLPattern] = [
    path("", views.channels, name="channels"),
    path("<int:pk>/remove/", views.remove, name="channel_remove"),
    path("<int:pk>/again/", views.again, name="channel_again"),
]
