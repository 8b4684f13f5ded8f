"""The addresses of trades."""

from django.urls import URLPattern, path

from gaoyuan.portal.trades import views

urlpatterns: list[URLPattern] = [
    path("", views.trades, name="trades"),
    path("consent/", views.consent, name="trades_consent"),
]
