"""The service network (三级服务网络): providers in counties, cities and the province, and requests on their way up."""

from gaoyuan.exchange.network.model import KINDS, Answered, Level, NetworkInvalid, Provider, Request, ServiceKind
from gaoyuan.exchange.network.quality import ServiceQuality, service_quality
from gaoyuan.exchange.network.routing import Routed, Suited, route_request

__all__ = [
    "KINDS",
    "Answered",
    "Level",
    "NetworkInvalid",
    "Provider",
    "Request",
    "Routed",
    "ServiceKind",
    "ServiceQuality",
    "Suited",
    "route_request",
    "service_quality",
]
