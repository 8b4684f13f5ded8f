"""The addresses of the services."""

from django.urls import URLPattern, path

from gaoyuan.portal.cases import views
from gaoyuan.portal.cases.attachments import attachment

urlpatterns: list[URLPattern] = [
    path("", views.services, name="services"),
    path("notices/", views.notices, name="notices"),
    path("calendar.ics", views.calendar, name="calendar"),
    path("attachment/<uuid:pk>/", attachment, name="attachment"),
    path("case/<uuid:pk>/", views.case, name="case"),
    path("case/<uuid:pk>/tender.json", views.tender, name="case_tender"),
    path("case/<uuid:pk>/<slug:name>/", views.move, name="case_move"),
    path("<slug:key>/", views.cases, name="cases"),
    path("<slug:key>/new/", views.new, name="case_new"),
]
