"""The addresses of credit."""

from django.urls import URLPattern, path

from gaoyuan.portal.finance import fund_views, mutual_views, views

urlpatterns: list[URLPattern] = [
    path("", views.finance, name="finance"),
    path("ask/", views.ask, name="finance_ask"),
    path("dossiers/upload/", views.upload, name="finance_upload"),
    path("dossiers/<int:pk>/", views.dossier, name="finance_dossier"),
    path("dossiers/<int:pk>/act/", views.act, name="finance_act"),
    path("funds/", fund_views.funds, name="finance_funds"),
    path("funds/new/", fund_views.new, name="finance_fund_new"),
    path("funds/<int:pk>/", fund_views.fund, name="finance_fund"),
    path("funds/<int:pk>/act/", fund_views.act, name="finance_fund_act"),
    path("funds/<int:pk>/loans/", fund_views.register, name="finance_loan_new"),
    path("loans/<int:pk>/repaid/", fund_views.repaid, name="finance_repaid"),
    path("loans/<int:pk>/claim/", fund_views.claim, name="finance_claim"),
    path("mutual/", mutual_views.mutual, name="finance_mutual"),
]
