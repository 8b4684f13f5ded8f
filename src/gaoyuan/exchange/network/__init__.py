"""The service network (三级服务网络): providers in counties, cities and the province, and requests on their way up."""

from gaoyuan.exchange.network.inspection import (
    InspectionItem,
    Measured,
    ResultsRead,
    is_within,
    parse_items,
    read_results,
)
from gaoyuan.exchange.network.model import KINDS, Answered, Level, NetworkInvalid, Provider, Request, ServiceKind
from gaoyuan.exchange.network.quality import FEWEST_CASES, ServiceQuality, service_quality
from gaoyuan.exchange.network.routing import DAYS_TO_ANSWER, Routed, Suited, route_request

__all__ = [
    "DAYS_TO_ANSWER",
    "FEWEST_CASES",
    "KINDS",
    "Answered",
    "InspectionItem",
    "Level",
    "Measured",
    "NetworkInvalid",
    "Provider",
    "Request",
    "ResultsRead",
    "Routed",
    "ServiceKind",
    "ServiceQuality",
    "Suited",
    "is_within",
    "parse_items",
    "read_results",
    "route_request",
    "service_quality",
]
