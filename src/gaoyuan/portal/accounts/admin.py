"""The administrators' own pages of people and organisations."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from gaoyuan.portal.accounts.models import Membership, Organisation, User

admin.site.register(User, UserAdmin)


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """Organisations with their place and their data."""

    list_display = ("name", "kind", "division", "subject", "workspace")
    list_filter = ("kind",)
    search_fields = ("name", "division", "subject")


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Who acts for whom."""

    list_display = ("user", "organisation", "created")
    search_fields = ("user__username", "organisation__name")
    autocomplete_fields = ("user", "organisation")
