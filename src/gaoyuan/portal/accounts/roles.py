"""The roles of the portal, and the kinds of organisation that give them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What somebody is to the portal: the kind of the organisation for which he acts now; nobody signed in is
    PUBLIC.
    """

    ADMINISTRATOR = "administrator", _("Administrator")
    PROVINCE = "province", _("Province office")
    CITY = "city", _("City office")
    COUNTY = "county", _("County office")
    CLUSTER = "cluster", _("Cluster organisation")
    ENTERPRISE = "enterprise", _("Enterprise")
    JUDGE = "judge", _("Judge")
    BANK = "bank", _("Bank")
    PUBLIC = "public", _("Public")


EVERYONE = frozenset(Role)
SIGNED_IN = EVERYONE - {Role.PUBLIC}
OFFICES = frozenset({Role.ADMINISTRATOR, Role.PROVINCE, Role.CITY, Role.COUNTY})
CLUSTERS = OFFICES | {Role.CLUSTER}
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
