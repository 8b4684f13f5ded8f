"""The addresses of assessments."""

from django.urls import URLPattern, path

from gaoyuan.portal.assessments import beginning, views

urlpatterns: list[URLPattern] = [
    path("", views.assessments, name="assessments"),
    path("new/", beginning.new, name="assessment_new"),
    path("<uuid:pk>/", views.assessment, name="assessment"),
    path("<uuid:pk>/sign/", views.sign, name="assessment_sign"),
    path("<uuid:pk>/copy/", views.copy, name="assessment_copy"),
    path("<uuid:pk>/report.<str:ending>", views.report_file, name="assessment_report"),
    path("<uuid:pk>/evidence/<uuid:file>/", views.evidence, name="assessment_evidence"),
]
