"""The addresses of evidence, and of the log."""

from django.urls import URLPattern, path

from gaoyuan.portal.evidence import views, views_log

urlpatterns: list[URLPattern] = [
    path("evidence/", views.evidence, name="evidence"),
    path("evidence/new/", views.new, name="evidence_new"),
    path("evidence/keys/", views.keys, name="evidence_keys"),
    path("evidence/keys/<int:pk>/revoke/", views.revoke, name="evidence_revoke"),
    path("evidence/sign/", views.sign, name="evidence_sign"),
    path("evidence/shared/<str:secret>/", views.shared, name="evidence_shared"),
    path("evidence/consents/<uuid:pk>/", views.consent, name="evidence_consent"),
    path("evidence/<uuid:pk>/", views.release, name="evidence_release"),
    path("evidence/<uuid:pk>/pack/", views.pack, name="evidence_pack"),
    path("evidence/<uuid:pk>/withdraw/", views.withdraw, name="evidence_withdraw"),
    path("log/", views_log.log, name="log"),
    path("log/checkpoint", views_log.checkpoint, name="log_checkpoint"),
    path("log/tile/<path:place>", views_log.tile, name="log_tile"),
    path("log/proof/<int:index>", views_log.proof, name="log_proof"),
    path("log/verify.html", views_log.verifier, name="log_verifier"),
]
