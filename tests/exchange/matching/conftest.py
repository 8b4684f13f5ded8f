"""Offers that the tests of matching share."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gaoyuan.exchange.matching import Offer


@pytest.fixture(scope="session")
def offers() -> list[Offer]:
    return [
        Offer(
            "flange",
            "甲厂",
            "不锈钢法兰 DN50–600 PN16，304材质",
            unit="t",
            min_quantity=Decimal("0.5"),
            capacity=Decimal(20),
            price=Decimal(18_000),
            lead_days=15,
            place=(120.3, 31.5),
            certificates=frozenset({"ISO 9001"}),
            products=("法兰",),
            industry="3489",
            delivered=3,
        ),
        Offer("small flange", "乙厂", "不锈钢法兰 DN15-40", unit="t", place=(120.3, 31.6), industry="3489"),
        Offer("any flange", "丙厂", "法兰 碳钢 锻造"),
        Offer("bearing", "丁厂", "深沟球轴承6204-2RS", unit="件", min_quantity=Decimal(1000), products=("轴承",)),
        Offer("billet", "戊厂", "特种钢坯", products=("钢坯",), industry="3130"),
    ]
