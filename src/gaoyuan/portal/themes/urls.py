"""The addresses of themes."""

from django.urls import path

from gaoyuan.portal.themes import views

urlpatterns = [
    path("", views.themes, name="themes"),
    path("<uuid:pk>/", views.theme, name="theme"),
    path("<uuid:pk>/save/", views.save, name="theme_save"),
    path("<uuid:pk>/again/", views.again, name="theme_again"),
    path("<uuid:pk>/stop/", views.end, name="theme_stop"),
    path("<uuid:pk>/delete/", views.delete, name="theme_delete"),
]
