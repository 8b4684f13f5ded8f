"""The addresses of the register."""

from django.urls import URLPattern, path

from gaoyuan.portal.dataproducts import certifying, quality_views, views

urlpatterns: list[URLPattern] = [
    path("", views.products, name="data_products"),
    path("catalogue.jsonld", views.catalogue, name="data_catalogue"),
    path("quality/", quality_views.quality, name="data_quality"),
    path("quality/<uuid:pk>/", quality_views.report, name="data_quality_report"),
    path("samples/<int:pk>/", views.sample, name="data_product_sample"),
    path("reports/<int:pk>/", views.entry_quality, name="data_product_quality"),
    path("certificates/<uuid:pk>/", certifying.certificate, name="data_product_certificate"),
    path("certificates/<uuid:pk>/certificate.json", certifying.certificate_json, name="data_product_proof"),
    path("certificates/<uuid:pk>/certificate.pdf", certifying.certificate_pdf, name="data_product_pdf"),
    path("<uuid:pk>/", views.product, name="data_product"),
    path("<uuid:pk>/dcat.jsonld", views.dcat, name="data_product_dcat"),
    path("<uuid:pk>/object/", views.objection, name="data_product_object"),
]
