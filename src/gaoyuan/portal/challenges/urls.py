"""The addresses of challenges."""

from django.urls import URLPattern, path

from gaoyuan.portal.challenges import comparing_views, views

urlpatterns: list[URLPattern] = [
    path("", views.challenges, name="challenges"),
    path("support/", comparing_views.support, name="challenge_support"),
    path("<uuid:pk>/", views.challenge, name="challenge"),
    path("<uuid:pk>/answer/", views.answer, name="challenge_answer"),
    path("case/<uuid:pk>/answers/", comparing_views.comparison, name="challenge_comparison"),
]
