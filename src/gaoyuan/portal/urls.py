"""The addresses of the portal."""

from django.contrib import admin
from django.urls import include, path

from gaoyuan.portal.accounts import views as accounts
from gaoyuan.portal.accounts.audit_page import audit
from gaoyuan.portal.workbench import home

urlpatterns = [
    path("", home.home, name="home"),
    path("setup/<str:secret>/", accounts.setup, name="setup"),
    path("organisation/", accounts.choose_organisation, name="choose_organisation"),
    path("account/", accounts.account, name="account"),
    path("people/", accounts.people, name="people"),
    path("people/<int:pk>/end/", accounts.end_membership, name="end_membership"),
    path("audit/", audit, name="audit"),
    path("language/", accounts.set_language, name="set_language"),
    path("accounts/oidc/<str:provider_id>/login/", accounts.openid_login, name="openid_connect_login"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("explore/", include("gaoyuan.portal.explore.urls")),
    path("", include("gaoyuan.portal.workbench.urls")),
    path("chain/", include("gaoyuan.portal.chains.urls")),
    path("themes/", include("gaoyuan.portal.themes.urls")),
    path("desk/", include("gaoyuan.portal.desk.urls")),
    path("assessments/", include("gaoyuan.portal.assessments.urls")),
    path("contests/", include("gaoyuan.portal.contests.urls")),
    path("services/pools/", include("gaoyuan.portal.pooling.urls")),
    path("services/freight/", include("gaoyuan.portal.freight.urls")),
    path("services/trades/", include("gaoyuan.portal.trades.urls")),
    path("services/channels/", include("gaoyuan.portal.delivery.urls")),
    path("challenges/", include("gaoyuan.portal.challenges.urls")),
    path("network/", include("gaoyuan.portal.network.urls")),
    path("credit/", include("gaoyuan.portal.finance.urls")),
    path("services/booking/", include("gaoyuan.portal.booking.urls")),
    path("data-products/", include("gaoyuan.portal.dataproducts.urls")),
    path("services/trading/", include("gaoyuan.portal.trading.urls")),
    path("services/", include("gaoyuan.portal.cases.urls")),
    path("", include("gaoyuan.portal.evidence.urls")),
    path("jobs/", include("gaoyuan.portal.jobs.urls")),
    path("api/", include("gaoyuan.portal.api.urls")),
]
