"""The addresses of evidence, and of the log."""

from django.urls import URLPattern, path

from gaoyuan.portal.evidence import views, views_devices, views_log, views_records, views_witnesses

urlpatterns: list[URLPattern] = [
    path("evidence/", views.evidence, name="evidence"),
    path("evidence/new/", views.new, name="evidence_new"),
    path("evidence/keys/", views.keys, name="evidence_keys"),
    path("evidence/keys/<int:pk>/revoke/", views.revoke, name="evidence_revoke"),
    path("evidence/keys/device/", views_devices.register, name="evidence_device"),
    path("evidence/sign/", views.sign, name="evidence_sign"),
    path("evidence/sign/device/", views_devices.sign, name="evidence_device_sign"),
    path("evidence/records/", views_records.records, name="evidence_records"),
    path("evidence/records/<int:index>/", views_records.record, name="evidence_record"),
    path("evidence/erasures/", views_records.erasures, name="evidence_erasures"),
    path("evidence/erasures/<int:pk>/", views_records.decided, name="evidence_erasure"),
    path("evidence/shared/<str:secret>/", views.shared, name="evidence_shared"),
    path("evidence/consents/<uuid:pk>/", views.consent, name="evidence_consent"),
    path("evidence/<uuid:pk>/", views.release, name="evidence_release"),
    path("evidence/<uuid:pk>/pack/", views.pack, name="evidence_pack"),
    path("evidence/<uuid:pk>/withdraw/", views.withdraw, name="evidence_withdraw"),
    path("log/", views_log.log, name="log"),
    path("log/checkpoint", views_log.checkpoint, name="log_checkpoint"),
    path("log/tile/<path:place>", views_log.tile, name="log_tile"),
    path("log/proof/<int:index>", views_log.proof, name="log_proof"),
    path("log/witnesses/", views_witnesses.witnesses, name="log_witnesses"),
    path("log/witnesses/<int:pk>/remove/", views_witnesses.remove, name="log_witness_remove"),
    path("log/verify.html", views_log.verifier, name="log_verifier"),
]
