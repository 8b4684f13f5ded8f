"""Every release is valid by the schemas of OCDS 1.1 (tests/exchange/tenders/schema, Apache-2.0, Open Contracting
Partnership).
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.tenders import (
    Award,
    Contract,
    Line,
    Milestone,
    Party,
    Tender,
    TenderInvalid,
    release,
    release_package,
    tags_between,
)

SCHEMA = Path(__file__).parent / "schema"
NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
BUYER, FIRST, SECOND = Party("b", "甲厂", "91370202MA00000001"), Party("s1", "乙厂"), Party("s2", "丙厂")


def valid(made: dict) -> None:
    for name, held in (("release-schema", made), ("release-package-schema", None)):
        schema = json.loads((SCHEMA / f"{name}.json").read_text(encoding="utf-8"))
        if held is None:
            held = release_package([made], uri="https://example.org/ocds", publisher="某集群", published=NOON)
            # The package's schema names the release's by its address.
            schema["properties"]["releases"]["items"] = {}
        jsonschema.Draft4Validator(schema).validate(json.loads(json.dumps(held)))


PARTIES = st.sampled_from([FIRST, SECOND])
MONEY = st.none() | st.decimals(0, 10**9, places=2)
LINES = st.lists(
    st.builds(
        Line,
        st.sampled_from(["1", "2"]),
        st.text(max_size=5),
        MONEY,
        st.none() | st.just("件"),
        st.none() | st.just("1771"),
    ),
    max_size=2,
    unique_by=lambda line: line.key,
).map(tuple)
TIMES = st.none() | st.just(NOON)


@st.composite
def tenders(draw: st.DrawFn) -> Tender:
    awards = tuple(
        Award(
            key,
            draw(st.sampled_from(["pending", "active", "cancelled", "unsuccessful"])),
            NOON,
            tuple(draw(st.lists(PARTIES, unique=True, max_size=2))),
            draw(MONEY),
            draw(LINES),
        )
        for key in draw(st.sampled_from([(), ("a",), ("a", "c")]))
    )
    contracts = tuple(
        Contract(
            f"k{award.key}",
            award.key,
            draw(st.sampled_from(["pending", "active", "cancelled", "terminated"])),
            draw(TIMES),
            draw(MONEY),
            draw(LINES),
            tuple(Milestone("m", "交货", "met", draw(TIMES), draw(TIMES)) for _ in range(draw(st.integers(0, 1)))),
        )
        for award in awards
    )
    return Tender(
        "t",
        draw(st.text(max_size=5)),
        BUYER,
        draw(st.sampled_from(["planned", "active", "cancelled", "unsuccessful", "complete", "withdrawn"])),
        draw(st.sampled_from(["open", "selective", "limited", "direct"])),
        draw(st.sampled_from(["goods", "works", "services"])),
        "",
        draw(LINES),
        draw(MONEY),
        draw(TIMES),
        draw(TIMES),
        draw(st.none() | st.just((FIRST, SECOND))),
        awards,
        contracts,
    )


@given(st.none() | tenders(), tenders())
def test_every_release_is_valid_whatever_the_tender(before: Tender | None, tender: Tender) -> None:
    made = release(tender, prefix="ocds-000000", number=7, when=NOON, before=before)
    valid(made)
    assert made["tag"]
    text = json.dumps(made, ensure_ascii=False)
    assert '": null' not in text
    if tender.tenderers is None:
        assert "numberOfTenderers" not in text


def test_sealed_answers_are_named_by_no_release() -> None:
    tender = Tender("t", "布", BUYER, "active", tenderers=None)
    assert "乙厂" not in json.dumps(release(tender, prefix="ocds-0", number=1, when=NOON), ensure_ascii=False)


def test_what_happened_is_said_in_the_standards_words() -> None:
    opened = Tender("t", "布", BUYER, "active")
    awarded = replace(opened, status="complete", awards=(Award("a", "active", NOON, (FIRST,), Decimal(5)),))
    signed = replace(awarded, contracts=(Contract("k", "a", "active", NOON),))
    met = replace(signed, contracts=(Contract("k", "a", "active", NOON, milestones=(Milestone("m", "交货", "met"),)),))
    ended = replace(met, contracts=(replace(met.contracts[0], status="terminated"),))
    assert tags_between(None, opened) == ["tender"]
    assert tags_between(opened, opened) == ["tenderUpdate"]
    assert tags_between(opened, replace(opened, closes=NOON)) == ["tenderAmendment"]
    assert tags_between(opened, awarded) == ["award"]
    assert tags_between(awarded, replace(awarded, awards=(replace(awarded.awards[0], status="cancelled"),))) == [
        "awardCancellation"
    ]
    assert tags_between(awarded, signed) == ["contract"]
    assert tags_between(signed, met) == ["implementation"]
    assert tags_between(met, ended) == ["contractTermination"]
    assert tags_between(None, met) == ["tender", "award", "contract"]


def test_a_tender_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(TenderInvalid, match="zone"):
        Tender("t", "布", BUYER, "active", opens=dt.datetime(2026, 5, 1))
    with pytest.raises(TenderInvalid, match="closes before"):
        Tender("t", "布", BUYER, "active", opens=NOON, closes=NOON - dt.timedelta(days=1))
    with pytest.raises(TenderInvalid, match="no award"):
        Tender("t", "布", BUYER, "active", contracts=(Contract("k", "a", "active"),))
    with pytest.raises(TenderInvalid, match="twice"):
        Tender("t", "布", BUYER, "active", lines=(Line("1", "布"), Line("1", "纱")))
    with pytest.raises(TenderInvalid, match="two parties"):
        Tender("t", "布", BUYER, "active", tenderers=(Party("b", "别家"),))
