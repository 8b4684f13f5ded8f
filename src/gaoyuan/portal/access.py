"""Who may use which route: the whole table, in one place. A route that is not in it is closed to everybody.

Whether somebody who may use a route also reaches the object that it names is decided by the query for the object, which
carries the viewer (`accounts.owned`, `snapshots.models`): an object of others is answered like one that does not exist.
"""

from __future__ import annotations

from gaoyuan.portal.accounts.roles import ADMINISTRATORS, CLUSTERS, EVERYONE, OFFICES, SIGNED_IN, Role

Roles = frozenset[Role]
_READ = ("GET", "HEAD", "OPTIONS")
_JUDGES: Roles = frozenset({Role.JUDGE})
_SERVED: Roles = CLUSTERS | {Role.ENTERPRISE}
_CONTESTANTS: Roles = frozenset({Role.CLUSTER, Role.ENTERPRISE})
_BANKS: Roles = frozenset({Role.BANK})


def _reading(roles: Roles) -> dict[str, Roles]:
    return dict.fromkeys(_READ, roles)


def _form(roles: Roles) -> dict[str, Roles]:
    return dict.fromkeys((*_READ, "POST"), roles)


ACCESS: dict[str, dict[str, Roles]] = {
    "home": _reading(EVERYONE),
    "set_language": {"POST": EVERYONE},
    "setup": _form(EVERYONE),
    "choose_organisation": {"POST": SIGNED_IN},
    "account": _reading(EVERYONE),
    "people": _form(SIGNED_IN),
    "end_membership": {"POST": SIGNED_IN},
    "audit": _reading(ADMINISTRATORS),
    # Accounts: pages of the library, each for the person's own account.
    "account_login": _form(EVERYONE),
    "account_logout": _form(EVERYONE),
    "account_reauthenticate": _form(EVERYONE),
    "account_reset_password": _form(EVERYONE),
    "account_reset_password_done": _reading(EVERYONE),
    "account_reset_password_from_key": _form(EVERYONE),
    "account_reset_password_from_key_done": _reading(EVERYONE),
    "account_change_password": _form(EVERYONE),
    "account_set_password": _form(EVERYONE),
    "account_inactive": _reading(EVERYONE),
    "mfa_index": _reading(EVERYONE),
    "mfa_authenticate": _form(EVERYONE),
    "mfa_reauthenticate": _form(EVERYONE),
    "mfa_activate_totp": _form(EVERYONE),
    "mfa_deactivate_totp": _form(EVERYONE),
    "mfa_view_recovery_codes": _reading(EVERYONE),
    "mfa_generate_recovery_codes": _form(EVERYONE),
    "mfa_download_recovery_codes": _reading(EVERYONE),
    "openid_connect_login": _form(EVERYONE),
    "openid_connect_callback": _reading(EVERYONE),
    "socialaccount_login_cancelled": _reading(EVERYONE),
    "socialaccount_login_error": _reading(EVERYONE),
    "socialaccount_connections": _form(SIGNED_IN),
    "usersessions_list": _form(EVERYONE),
    # Explore: map, table and chart of one selection.
    "explore": _reading(EVERYONE),
    "explore_embed": _reading(EVERYONE),
    "explore_frame": _reading(EVERYONE),
    "explore_outlines": _reading(EVERYONE),
    "explore_footprints": _reading(EVERYONE),
    "explore_industry": _reading(EVERYONE),
    # Workbench: clusters, regions, industries, enterprises, comparison.
    "search": _reading(EVERYONE),
    "clusters": _reading(EVERYONE),
    "cluster": _reading(EVERYONE),
    "why": _reading(EVERYONE),
    "regions": _reading(EVERYONE),
    "region": _reading(EVERYONE),
    "region_why": _reading(EVERYONE),
    "industries": _reading(EVERYONE),
    "industry": _reading(EVERYONE),
    "industry_why": _reading(EVERYONE),
    "product_why": _reading(EVERYONE),
    "enterprise": _reading(EVERYONE),
    "enterprise_why": _reading(EVERYONE),
    "compare": _reading(EVERYONE),
    "compare_find": _reading(EVERYONE),
    "embed_cluster": _reading(EVERYONE),
    "embed_region": _reading(EVERYONE),
    # Chains.
    "chain": _reading(EVERYONE),
    "chain_product": _reading(EVERYONE),
    # Themes.
    "themes": {**_reading(EVERYONE), "POST": CLUSTERS},
    "theme": _reading(EVERYONE),
    "theme_save": {"POST": CLUSTERS},
    "theme_again": {"POST": CLUSTERS},
    "theme_stop": {"POST": CLUSTERS},
    "theme_delete": {"POST": CLUSTERS},
    # Data desk and jobs.
    "jobs": _reading(SIGNED_IN),
    "job": _reading(SIGNED_IN),
    "job_state": _reading(SIGNED_IN),
    "cancel_job": {"POST": SIGNED_IN},
    "desk": _form(OFFICES),
    "desk_runs": _reading(OFFICES),
    "desk_workspace": {"POST": OFFICES},
    "desk_publish": {"POST": OFFICES},
    "desk_stop": {"POST": OFFICES},
    "desk_upload": _form(OFFICES),
    "desk_rejected": _reading(OFFICES),
    "desk_delete": {"POST": OFFICES},
    # Assessments.
    "assessments": _reading(CLUSTERS),
    "assessment_new": _form(CLUSTERS),
    "assessment": _form(CLUSTERS),
    "assessment_sign": {"POST": CLUSTERS},
    "assessment_copy": {"POST": CLUSTERS},
    "assessment_report": _reading(CLUSTERS),
    "assessment_evidence": _reading(CLUSTERS),
    # Contests.
    "contests": _reading(EVERYONE),
    "contest_new": _form(OFFICES),
    "contest": _reading(OFFICES),
    "contest_act": {"POST": OFFICES},
    "contest_claim": _form(_JUDGES),
    "contest_seat": _form(_JUDGES),
    "contest_form": _reading(_JUDGES),
    "contest_enter": _form(_CONTESTANTS),
    "contest_results": _reading(EVERYONE),
    "contest_file": _reading(EVERYONE),
    # Services.
    "services": _reading(_SERVED),
    "notices": _form(_SERVED | _BANKS),
    "calendar": _reading(_SERVED | _BANKS),
    "channels": _form(_SERVED),
    "channel_remove": {"POST": _SERVED},
    "channel_again": {"POST": _SERVED},
    "cases": _reading(_SERVED | _BANKS),
    "case_new": _form(_SERVED),
    "case": _reading(_SERVED | _BANKS),
    "case_tender": _reading(_SERVED),
    "case_move": {"POST": _SERVED | _BANKS},
    "attachment": _reading(_SERVED | _BANKS),
    "pool_check": _form(_SERVED),
    "pool_credit": _form(_CONTESTANTS),
    "pool_record": _reading(_SERVED),
    "pool_shares": _reading(_SERVED),
    "trades": _reading(_CONTESTANTS),
    "trades_consent": {"POST": _CONTESTANTS},
    # Register of data products.
    "data_products": _reading(EVERYONE),
    "data_catalogue": _reading(EVERYONE),
    "data_quality": _form(_SERVED),
    "data_quality_report": _reading(_SERVED),
    "data_product": _reading(EVERYONE),
    "data_product_dcat": _reading(EVERYONE),
    "data_product_object": {"POST": _CONTESTANTS},
    "data_product_sample": _reading(EVERYONE),
    "data_product_quality": _reading(EVERYONE),
    "data_product_certificate": _reading(EVERYONE),
    "data_product_proof": _reading(EVERYONE),
    "data_product_pdf": _reading(EVERYONE),
    # Freight.
    "freight_vehicles": _form(_CONTESTANTS),
    "freight_vehicle": _form(_CONTESTANTS),
    "freight_vehicle_withdraw": {"POST": _CONTESTANTS},
    "freight_trips": _reading(_CONTESTANTS),
    "freight_trip": _form(_CONTESTANTS),
    "freight_warehouses": _form(CLUSTERS),
    "freight_plans": _form(CLUSTERS),
    "freight_plan": _reading(CLUSTERS),
    "freight_send": {"POST": CLUSTERS},
    "freight_again": {"POST": CLUSTERS},
    # Challenges.
    "challenges": _reading(EVERYONE),
    "challenge": _reading(EVERYONE),
    "challenge_answer": {"POST": _CONTESTANTS},
    "challenge_comparison": _form(_SERVED),
    "challenge_support": _reading(_SERVED),
    # Service network, patent pool, quality records.
    "service_network": _reading(EVERYONE),
    "providers": _form(OFFICES),
    "provider": _form(OFFICES),
    "patents": _form(_SERVED),
    "patent_new": _form(_CONTESTANTS),
    "patent": _form(_SERVED),
    "inspections": _form(_SERVED),
    "inspection": _reading(_SERVED),
    "inspection_act": {"POST": _CONTESTANTS},
    # Shared laboratories and capacity.
    "resources": _reading(_SERVED),
    "resource_new": _form(_SERVED),
    "resource": _reading(_SERVED),
    "resource_book": _form(_CONTESTANTS),
    "resource_permit": {"POST": _CONTESTANTS},
    "resource_edit": _form(_SERVED),
    "resource_close": {"POST": _SERVED},
    "resource_items": {"POST": _SERVED},
    "resource_permits": {"POST": _SERVED},
    "resource_use": _reading(_SERVED),
    "booking_bills": _reading(_SERVED),
    "booking_calendar": _reading(_SERVED),
    "sample_label": _reading(_SERVED),
    "test_report": _reading(_SERVED),
    "report_check": _form(EVERYONE),
    # Supply and demand.
    "trading_offers": _reading(_SERVED),
    "trading_offer_new": _form(_CONTESTANTS),
    "trading_offer": _reading(_SERVED),
    "trading_offer_change": _form(_CONTESTANTS),
    "trading_offer_end": {"POST": _CONTESTANTS},
    "trading_demands": _reading(_SERVED),
    "trading_quotations": _reading(_SERVED),
    # Evidence, and the log, which anybody reads.
    "evidence": _reading(_CONTESTANTS),
    "evidence_new": _form(_CONTESTANTS),
    "evidence_keys": _form(_CONTESTANTS),
    "evidence_revoke": {"POST": _CONTESTANTS},
    "evidence_device": {"POST": _CONTESTANTS},
    "evidence_sign": _form(_CONTESTANTS),
    "evidence_device_sign": {"POST": _CONTESTANTS},
    "evidence_records": _reading(_CONTESTANTS),
    "evidence_record": _form(_CONTESTANTS),
    "evidence_erasures": _reading(ADMINISTRATORS),
    "evidence_erasure": {"POST": ADMINISTRATORS},
    "evidence_shared": _form(EVERYONE),
    "evidence_consent": _reading(EVERYONE),
    "evidence_release": _reading(_CONTESTANTS),
    "evidence_pack": {"POST": _CONTESTANTS},
    "evidence_withdraw": {"POST": _CONTESTANTS},
    # Credit: dossiers of banks, risk-compensation funds, mutual guarantees.
    "finance": _reading(_SERVED | _BANKS),
    "finance_ask": _form(_CONTESTANTS),
    "finance_upload": {"POST": _BANKS},
    "finance_dossier": _reading(_BANKS),
    "finance_act": {"POST": _BANKS},
    "finance_funds": _reading(OFFICES | _BANKS),
    "finance_fund_new": _form(OFFICES),
    "finance_fund": _reading(OFFICES | _BANKS),
    "finance_fund_act": {"POST": OFFICES},
    "finance_loan_new": {"POST": _BANKS},
    "finance_repaid": {"POST": _BANKS},
    "finance_claim": _form(_BANKS),
    "finance_mutual": _form(_CONTESTANTS),
    "log": _reading(EVERYONE),
    "log_checkpoint": _reading(EVERYONE),
    "log_tile": _reading(EVERYONE),
    "log_proof": _reading(EVERYONE),
    "log_witnesses": _form(ADMINISTRATORS),
    "log_witness_remove": {"POST": ADMINISTRATORS},
    "log_verifier": _reading(EVERYONE),
    # API.
    "tokens": _form(SIGNED_IN),
    "revoke_token": {"POST": SIGNED_IN},
    "api_description": _reading(EVERYONE),
    "api:snapshots": _reading(EVERYONE),
    "api:frame": _reading(EVERYONE),
    "api:outlines": _reading(EVERYONE),
    "api:industry_in_regions": _reading(EVERYONE),
    "api:industry": _reading(EVERYONE),
    "api:region": _reading(EVERYONE),
    "api:products": _reading(EVERYONE),
    "api:clusters": _reading(EVERYONE),
    "api:cluster": _reading(EVERYONE),
    "api:enterprises": _reading(EVERYONE),
    "api:enterprise": _reading(EVERYONE),
    "api:search": _reading(EVERYONE),
    "api:records": _reading(_SERVED),
    "api:jobs": _reading(SIGNED_IN),
    "api:job": _reading(SIGNED_IN),
    "api:cancel_job": {"POST": SIGNED_IN},
}
"""Route name to method to roles."""

_NOBODY: Roles = frozenset()


def roles_of(route: str, method: str) -> Roles:
    """Give the roles that may use a route by a method. The administrators' own pages are for administrators."""
    if route.startswith("admin:"):
        return ADMINISTRATORS
    return ACCESS.get(route, {}).get(method, _NOBODY)
