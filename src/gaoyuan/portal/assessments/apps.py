"""The app."""

from django.apps import AppConfig


class Assessments(AppConfig):
    """Assessment: facts with evidence, the verdict they give, sign-off and report."""

    name = "gaoyuan.portal.assessments"
    label = "assessments"
