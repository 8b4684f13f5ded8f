"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DataProducts(AppConfig):
    """The register of data products."""

    name = "gaoyuan.portal.dataproducts"
    label = "dataproducts"
    verbose_name = _("Data products")

    def ready(self) -> None:
        """Make these the services of their processes, and have what was registered kept."""
        from gaoyuan.portal.cases.service import register
        from gaoyuan.portal.dataproducts import acting, measuring  # noqa: F401  (acts and jobs register themselves)
        from gaoyuan.portal.dataproducts.keeping import retained
        from gaoyuan.portal.dataproducts.service import ChangeService, ProductService, TransferService
        from gaoyuan.portal.evidence.erasing import RETENTIONS

        measuring.name_jobs()
        register("data-product", ProductService())
        register("data-product-change", ChangeService())
        register("data-product-transfer", TransferService())
        RETENTIONS.append(retained)
