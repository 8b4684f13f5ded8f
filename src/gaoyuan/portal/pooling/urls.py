"""The addresses of pools beside those of their cases."""

from django.urls import URLPattern, path

from gaoyuan.portal.pooling import views

urlpatterns: list[URLPattern] = [
    path("check/", views.check, name="pool_check"),
    path("credit/", views.credit, name="pool_credit"),
    path("<uuid:pk>/record.json", views.record, name="pool_record"),
    path("<uuid:pk>/shares/", views.shares, name="pool_shares"),
]
