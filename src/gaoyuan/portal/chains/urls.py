"""The addresses of the chain."""

from django.urls import path

from gaoyuan.portal.chains import views

urlpatterns = [
    path("", views.chain, name="chain"),
    path("<str:product>/", views.product, name="chain_product"),
]
