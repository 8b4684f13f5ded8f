"""The addresses of shared laboratories and capacity."""

from django.urls import URLPattern, path

from gaoyuan.portal.booking import owner_views, report_views, views

urlpatterns: list[URLPattern] = [
    path("resources/", views.resources, name="resources"),
    path("resources/new/", owner_views.new, name="resource_new"),
    path("resources/<uuid:pk>/", views.resource, name="resource"),
    path("resources/<uuid:pk>/book/", views.book, name="resource_book"),
    path("resources/<uuid:pk>/permit/", views.ask_permit, name="resource_permit"),
    path("resources/<uuid:pk>/edit/", owner_views.edit, name="resource_edit"),
    path("resources/<uuid:pk>/closed/", owner_views.close, name="resource_close"),
    path("resources/<uuid:pk>/items/", owner_views.items, name="resource_items"),
    path("resources/<uuid:pk>/permits/", owner_views.decide_permit, name="resource_permits"),
    path("resources/<uuid:pk>/use/", owner_views.use, name="resource_use"),
    path("bills/", report_views.bills, name="booking_bills"),
    path("bookings.ics", views.calendar, name="booking_calendar"),
    path("samples/<uuid:pk>/label/", report_views.label, name="sample_label"),
    path("reports/<uuid:pk>/", report_views.report, name="test_report"),
    path("check/", report_views.check, name="report_check"),
]
