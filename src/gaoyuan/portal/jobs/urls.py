"""The addresses of background work."""

from django.urls import path

from gaoyuan.portal.jobs import views

urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("<uuid:pk>/", views.job, name="job"),
    path("<uuid:pk>/job.json", views.state, name="job_state"),
    path("<uuid:pk>/cancel/", views.cancel, name="cancel_job"),
]
