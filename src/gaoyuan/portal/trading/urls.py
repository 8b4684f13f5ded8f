"""The addresses of supply and demand."""

from django.urls import URLPattern, path

from gaoyuan.portal.trading import views

urlpatterns: list[URLPattern] = [
    path("offers/", views.offers, name="trading_offers"),
    path("offers/new/", views.offer_new, name="trading_offer_new"),
    path("offers/<int:pk>/", views.offer, name="trading_offer"),
    path("offers/<int:pk>/change/", views.offer_change, name="trading_offer_change"),
    path("offers/<int:pk>/end/", views.offer_end, name="trading_offer_end"),
    path("demands/", views.demands, name="trading_demands"),
    path("quotations/<uuid:pk>/", views.quotations, name="trading_quotations"),
]
