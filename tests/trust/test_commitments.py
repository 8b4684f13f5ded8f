"""Salted commitments: what can be shown, what cannot, and what erasure leaves."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.trust.canonical import canonical_json, read_canonical_json
from gaoyuan.trust.commitments import Opening, check_opening, commitment, new_salts, record_bytes
from gaoyuan.trust.failure import JsonInvalid, NotTrusted, OpeningInvalid
from gaoyuan.trust.merkle import MerkleTree, check_inclusion, leaf_hash, prove_inclusion

VALUES = {"buyer": "91130602MA07QYQ10X", "amount": "120.00", "items": [{"name": "毛巾", "pieces": 500}]}
SALTS = {name: bytes([at]) * 32 for at, name in enumerate(VALUES)}
OPENINGS = [Opening(name, value, SALTS[name]) for name, value in VALUES.items()]
RECORD = record_bytes({"kind": "trade", "month": "2026-10"}, OPENINGS)


def test_each_field_can_be_shown_alone() -> None:
    for opening in OPENINGS:
        check_opening(RECORD, opening)


def test_the_record_holds_no_plaintext_and_no_salt() -> None:
    text = RECORD.decode()
    assert not any(hidden in text for hidden in ("91130602MA07QYQ10X", "120.00", "毛巾", (bytes([1]) * 32).hex()))
    assert '"month":"2026-10"' in text


def test_what_one_field_says_cannot_be_shown_as_another() -> None:
    same = [Opening("buyer", "x", bytes(32)), Opening("seller", "x", bytes(32))]
    record = record_bytes({}, same)
    commitments = record.decode().split('"')
    assert commitments[5] != commitments[9]
    forged = record.replace(b'"buyer"', b'"aayer"')
    with pytest.raises(OpeningInvalid):
        check_opening(forged, Opening("aayer", "x", bytes(32)))


@pytest.mark.parametrize(
    "change", [{"value": "120.0"}, {"value": 120}, {"salt": bytes(32)}, {"salt": bytes(31)}, {"name": "price"}]
)
def test_another_value_salt_or_name_is_found(change: dict[str, str]) -> None:
    amount = dataclasses.replace(OPENINGS[1], **change)
    with pytest.raises(OpeningInvalid):
        check_opening(RECORD, amount)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_salt_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(OpeningInvalid, match="not 32"):
        commitment(Opening("amount", "1", bytes(size)))


def test_after_erasure_the_proof_of_the_record_still_holds() -> None:
    tree = MerkleTree(leaf_hash(one) for one in (b"first", RECORD, b"last"))
    proof = prove_inclusion(tree.node, 1, 3)
    kept = [one for one in OPENINGS if one.name != "buyer"]  # the buyer's name and salt are deleted
    check_inclusion(1, 3, leaf_hash(RECORD), tree.root(), proof)
    for opening in kept:
        check_opening(RECORD, opening)


def test_salts_are_fresh() -> None:
    drawn = [*new_salts(["a", "b"]).values(), *new_salts(["a", "b"]).values()]
    assert len(set(drawn)) == 4
    assert {len(salt) for salt in drawn} == {32}


@pytest.mark.parametrize(
    "record", [b"[]", b"{}", canonical_json({"format": "gaoyuan/record/v1"}), RECORD.replace(b"/v1", b"/v2")]
)
def test_what_is_no_record_opens_nothing(record: bytes) -> None:
    read_canonical_json(record)
    with pytest.raises(OpeningInvalid):
        check_opening(record, OPENINGS[0])


def test_a_record_in_another_form_is_refused() -> None:
    with pytest.raises(JsonInvalid):
        check_opening(RECORD + b" ", OPENINGS[0])


def test_a_field_is_committed_to_once() -> None:
    with pytest.raises(OpeningInvalid, match="twice"):
        record_bytes({}, [OPENINGS[0], OPENINGS[0]])


@given(st.data())
def test_a_changed_byte_of_the_record_never_passes(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(RECORD) - 1))
    changed = RECORD[:at] + bytes([RECORD[at] ^ data.draw(st.integers(1, 255))]) + RECORD[at + 1 :]
    root = leaf_hash(RECORD)
    with pytest.raises(NotTrusted):
        check_inclusion(0, 1, leaf_hash(changed), root, [])
