"""The addresses of contests."""

from django.urls import URLPattern, path

from gaoyuan.portal.contests import judging, showing, views

urlpatterns: list[URLPattern] = [
    path("", showing.contests, name="contests"),
    path("new/", views.new, name="contest_new"),
    path("judge/<str:secret>/", views.claim, name="contest_claim"),
    path("seat/<uuid:pk>/", judging.seat, name="contest_seat"),
    path("seat/<uuid:pk>/sheet.xlsx", judging.form, name="contest_form"),
    path("<uuid:pk>/", views.contest, name="contest"),
    path("<uuid:pk>/act/", views.contest_act, name="contest_act"),
    path("<uuid:pk>/enter/", views.enter, name="contest_enter"),
    path("<uuid:pk>/results/", showing.results, name="contest_results"),
    path("<uuid:pk>/results/file.<str:ending>", showing.result_file, name="contest_file"),
]
