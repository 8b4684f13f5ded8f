"""The addresses of the service network, the patent pool and quality records."""

from django.urls import URLPattern, path

from gaoyuan.portal.network import patent_views, quality_views, views

urlpatterns: list[URLPattern] = [
    path("", views.service_network, name="service_network"),
    path("providers/", views.providers, name="providers"),
    path("providers/<int:pk>/", views.provider, name="provider"),
    path("patents/", patent_views.patents, name="patents"),
    path("patents/new/", patent_views.new, name="patent_new"),
    path("patents/<uuid:pk>/", patent_views.patent, name="patent"),
    path("quality/", quality_views.inspections, name="inspections"),
    path("quality/<uuid:pk>/", quality_views.inspection, name="inspection"),
    path("quality/<uuid:pk>/act/", quality_views.act, name="inspection_act"),
]
