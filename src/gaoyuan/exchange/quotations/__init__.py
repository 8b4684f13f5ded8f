"""Quotations (报价): price breaks, minimum, time of delivery and validity, and the matrix that compares them."""

from gaoyuan.exchange.quotations.comparing import Compared, compare
from gaoyuan.exchange.quotations.model import PriceBreak, Quotation, QuotationInvalid, price_breaks

__all__ = ["Compared", "PriceBreak", "Quotation", "QuotationInvalid", "compare", "price_breaks"]
