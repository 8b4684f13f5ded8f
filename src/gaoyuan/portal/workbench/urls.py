"""The addresses of workbench."""

from django.urls import URLPattern, path

from gaoyuan.portal.workbench import (
    choosing,
    cluster,
    clusters,
    compare,
    embedding,
    enterprise_why,
    enterprises,
    industries,
    regions,
    search,
    why,
)

urlpatterns: list[URLPattern] = [
    path("search/", search.search, name="search"),
    path("clusters/", clusters.clusters, name="clusters"),
    path("clusters/<str:cluster_id>/", cluster.cluster, name="cluster"),
    path("clusters/<str:cluster_id>/why/<str:figure>/", why.cluster_why, name="why"),
    path("regions/", regions.regions, name="regions"),
    path("regions/<str:code>/", regions.region, name="region"),
    path("regions/<str:code>/why/<str:figure>/", why.region_why, name="region_why"),
    path("industries/", industries.industries, name="industries"),
    path("industries/<str:code>/", industries.industry, name="industry"),
    path("industries/<str:code>/why/<str:figure>/", why.industry_why, name="industry_why"),
    path("enterprises/<str:enterprise_id>/", enterprises.enterprise, name="enterprise"),
    path("enterprises/<str:enterprise_id>/why/", enterprise_why.enterprise_why, name="enterprise_why"),
    path("products/<str:product>/why/<str:figure>/", why.product_why, name="product_why"),
    path("compare/", compare.compare, name="compare"),
    path("compare/find/", choosing.find, name="compare_find"),
    path("embed/clusters/<str:cluster_id>/", embedding.cluster, name="embed_cluster"),
    path("embed/regions/<str:code>/", embedding.region, name="embed_region"),
]
