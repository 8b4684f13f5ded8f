"""The addresses of explore."""

from django.urls import path

from gaoyuan.portal.explore import data, views

urlpatterns = [
    path("", views.explore, name="explore"),
    path("embed/", views.embed, name="explore_embed"),
    path("frame.json", data.frame, name="explore_frame"),
    path("outlines.json", data.outlines, name="explore_outlines"),
    path("footprints/<slug:division>.json", data.footprints, name="explore_footprints"),
    path("industry/<slug:level>/<slug:code>.json", data.industry, name="explore_industry"),
]
