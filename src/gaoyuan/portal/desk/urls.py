"""The addresses of the data desk."""

from django.urls import path

from gaoyuan.portal.desk import runs, views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("runs/", runs.runs, name="desk_runs"),
    path("workspace/", views.make_workspace, name="desk_workspace"),
    path("publish/", views.observe_and_publish, name="desk_publish"),
    path("jobs/<uuid:pk>/stop/", views.stop_job, name="desk_stop"),
    path("<uuid:pk>/", views.upload, name="desk_upload"),
    path("<uuid:pk>/rejected.xlsx", views.rejected, name="desk_rejected"),
    path("<uuid:pk>/delete/", views.delete, name="desk_delete"),
]
