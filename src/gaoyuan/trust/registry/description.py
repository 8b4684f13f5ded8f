"""What a holder says of a data product: one plain form, from which catalogues, pages and certificates are made.

A licence is one of the SPDX list, by its identifier, or the holder's own, as ODRL: what is permitted, what is not, and
its words. A price is a duty of that offer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from gaoyuan.trust.canonical import Json, canonical_json

__all__ = [
    "ACTIONS",
    "FREQUENCIES",
    "KINDS",
    "LICENCES",
    "PRICES",
    "THEMES",
    "Description",
    "description_digest",
]

KINDS: dict[str, tuple[str, str]] = {
    "resource": ("数据资源", "data resource"),
    "dataset": ("数据集", "data set"),
    "report": ("数据分析报告", "report"),
    "index": ("数据指数", "index"),
    "service": ("数据接口（API）", "data service (API)"),
}
"""What a data product can be (深发改规〔2023〕5号, article 2, names these among others)."""

THEMES: dict[str, tuple[str, str]] = {
    "enterprise": ("企业与经济", "enterprises and economy"),
    "production": ("生产制造", "manufacturing"),
    "trade": ("交易流通", "trade"),
    "logistics": ("物流运输", "logistics"),
    "quality": ("质量检测", "quality and testing"),
    "energy": ("能源环境", "energy and environment"),
    "technology": ("科技创新", "science and technology"),
    "geography": ("空间地理", "geography"),
    "other": ("其他", "other"),
}
"""What a product is about."""

FREQUENCIES: dict[str, tuple[str, str]] = {
    "CONT": ("持续", "continuously"),
    "DAILY": ("每日", "daily"),
    "WEEKLY": ("每周", "weekly"),
    "MONTHLY": ("每月", "monthly"),
    "QUARTERLY": ("每季度", "quarterly"),
    "ANNUAL": ("每年", "yearly"),
    "IRREG": ("不定期", "irregularly"),
    "NEVER": ("不更新", "never"),
}
"""How often it is renewed, by the codes of the EU vocabulary for dct:accrualPeriodicity."""

LICENCES: dict[str, tuple[str, str]] = {
    "CC0-1.0": ("CC0 1.0（放弃权利）", "CC0 1.0 (no rights reserved)"),
    "CC-BY-4.0": ("CC BY 4.0（署名）", "CC BY 4.0 (attribution)"),
    "CC-BY-SA-4.0": ("CC BY-SA 4.0（署名、相同方式共享）", "CC BY-SA 4.0 (attribution, share alike)"),
    "CC-BY-NC-4.0": ("CC BY-NC 4.0（署名、非商业）", "CC BY-NC 4.0 (attribution, not commercial)"),
    "ODbL-1.0": ("ODbL 1.0（开放数据库）", "ODbL 1.0 (open database)"),
    "ODC-By-1.0": ("ODC-By 1.0（署名）", "ODC-By 1.0 (attribution)"),
    "PDDL-1.0": ("PDDL 1.0（公共领域）", "PDDL 1.0 (public domain)"),
    "CDLA-Permissive-2.0": ("CDLA Permissive 2.0", "CDLA Permissive 2.0"),
    "CDLA-Sharing-1.0": ("CDLA Sharing 1.0", "CDLA Sharing 1.0"),
    "own": ("自定许可条款", "own terms"),
}
"""Licences by SPDX identifier; `own` is none of them."""

ACTIONS: dict[str, tuple[str, str]] = {
    "use": ("使用", "use"),
    "reproduce": ("复制", "reproduce"),
    "derive": ("加工", "derive"),
    "distribute": ("提供给他人", "distribute"),
    "commercialize": ("商业利用", "use commercially"),
}
"""What own terms permit or forbid: actions of ODRL 2.2, and that of Creative Commons for commercial use."""

PRICES: dict[str, tuple[str, str]] = {
    "free": ("免费", "free"),
    "fixed": ("定价", "a fixed price"),
    "negotiable": ("面议", "by agreement"),
    "exchange": ("以数据或服务交换", "in exchange for data or services"),
}
"""How it is paid for."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a holder says of a product. `sample_sha256` and `quality_sha256` bind the sample and the quality report to
    it; `price_yuan` is text with at most two decimals where the price is fixed, else empty. Days are ISO 8601.
    """

    title: str
    description: str
    kind: str = "dataset"
    theme: str = "other"
    keywords: tuple[str, ...] = ()
    source: str = ""
    spatial: str = ""
    begins: str = ""
    ends: str = ""
    frequency: str = "IRREG"
    rows: int | None = None
    fields: tuple[str, ...] = ()
    licence: str = "own"
    licence_text: str = ""
    permitted: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    price: str = "negotiable"
    price_yuan: str = ""
    price_terms: str = ""
    contact: str = ""
    access: str = ""
    sample_sha256: str = ""
    quality_sha256: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Json]:
        """Give it as JSON, without what is empty.

        >>> Description("用电量", "各区县每月用电量").plain()["title"]
        '用电量'
        """
        found: dict[str, Json] = {}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if isinstance(value, tuple):
                value = list(value)
            if isinstance(value, Mapping):
                value = dict(value)
            if value not in (None, "", [], {}):
                found[name] = value
        return found

    @classmethod
    def of(cls, plain: Mapping[str, Json]) -> Description:
        """Read what `plain` has written; names that it does not know are passed over.

        >>> Description.of(Description("甲", "乙", keywords=("丙",)).plain()).keywords
        ('丙',)
        """
        known = {name: value for name, value in plain.items() if name in cls.__dataclass_fields__}
        lists = {name: tuple(str(one) for one in value) for name, value in known.items() if isinstance(value, list)}
        return cls(**{**known, **lists})  # pyright: ignore[reportArgumentType]

    def faults(self) -> list[tuple[str, str, str]]:
        """Give what is wrong, each as the name of the field with the words in Chinese and English.

        >>> [name for name, _zh, _en in Description("", "", licence="GPL-9").faults()]
        ['title', 'description', 'licence']
        """
        found: list[tuple[str, str, str]] = []
        for name, zh, en in (("title", "名称", "a title"), ("description", "说明", "a description")):
            if not getattr(self, name).strip():
                found.append((name, f"缺少{zh}", f"it needs {en}"))
        for name, known in (("kind", KINDS), ("theme", THEMES), ("frequency", FREQUENCIES), ("price", PRICES)):
            if getattr(self, name) not in known:
                found.append((name, "不在可选范围内", "it is none of those that there are"))
        if self.licence not in LICENCES:
            found.append(("licence", "不在可选范围内", "it is none of those that there are"))
        elif self.licence == "own" and not (self.licence_text.strip() or self.permitted):
            found.append(("licence_text", "自定许可须写明条款或允许的用途", "own terms say what is permitted"))
        both = [name for name in self.permitted if name in self.forbidden]
        if both:
            words = "、".join(ACTIONS[name][0] for name in both if name in ACTIONS)
            found.append(("forbidden", f"同时允许又禁止：{words}", "it is permitted as well"))
        if self.begins and self.ends and self.begins > self.ends:
            found.append(("ends", "早于开始日期", "it is before the beginning"))
        if self.price == "fixed" and price_of(self.price_yuan) is None:
            found.append(("price_yuan", "定价须大于零", "a fixed price is above zero"))
        if self.price == "exchange" and not self.price_terms.strip():
            found.append(("price_terms", "请写明交换条件", "say what is given in exchange"))
        return found


def price_of(text: str) -> Decimal | None:
    """Read a price in yuan; None where it is no amount above zero of at most two decimals.

    >>> price_of("12.50"), price_of("0"), price_of("x")
    (Decimal('12.50'), None, None)
    """
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    exponent = found.as_tuple().exponent
    return found if found.is_finite() and found > 0 and isinstance(exponent, int) and exponent >= -2 else None


def description_digest(plain: Mapping[str, Json]) -> str:
    """Give the SHA-256 of a description in canonical JSON: what a certificate commits to.

    >>> description_digest({"title": "甲"})[:8]
    '7b596e93'
    """
    return sha256(canonical_json(plain)).hexdigest()
