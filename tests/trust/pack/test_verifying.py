"""A pack verifies as it was made; a pack in which anything was changed, left out or swapped does not."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from tests.trust.pack.conftest import NOW, MakePlatform, Platform, copied, signed_by

from gaoyuan.trust.keys import Signer, ed25519_signer
from gaoyuan.trust.log import latest_checkpoint
from gaoyuan.trust.pack import Report, State, Verdict, verify_pack
from gaoyuan.trust.pack.sealing import open_seal, seal
from gaoyuan.trust.policy import Policy

Traded = tuple[Platform, int]


def failed(report: Report) -> list[str]:
    return [one.key for one in report.checks if one.state == State.FAILS]


def resealed(packed: bytes, platform: Platform, change: Callable[[dict[str, Any]], object]) -> bytes:
    """Change the body and seal it again with the log's own key: what a platform that lies could do."""
    body = json.loads(open_seal(packed, platform.signer.key))
    change(body)
    return seal(json.dumps(body, ensure_ascii=False).encode(), platform.signer)


def test_a_pack_holds_for_a_bank_that_trusts_the_log_and_its_witnesses(packed: bytes, traded: Traded) -> None:
    report = verify_pack(packed, NOW, traded[0].policy)
    assert failed(report) == [], report.checks
    assert report.verdict == Verdict.HOLDS
    assert report.about["recipient"] == "某银行"
    assert report.figures["trades"] == 7
    assert report.figures["sales_yuan"] == "5500.50"
    assert report.figures["months_with_sales"] == 5
    assert report.figures["longest_gap_months"] == 1
    assert report.figures["both_signed_bp"] == 2857
    assert report.figures["disputed_bp"] == 1429
    assert report.figures["mirrored_pairs"] == 1
    assert report.figures["amounts_unknown"] == 1


def test_without_a_policy_a_pack_is_consistent_and_not_confirmed(packed: bytes) -> None:
    report = verify_pack(packed, NOW)
    assert report.verdict == Verdict.UNCONFIRMED
    assert [one.key for one in report.checks if one.state == State.UNKNOWN] == ["key", "witnesses"]


def test_a_log_that_the_bank_does_not_know_is_refused(packed: bytes) -> None:
    other = Policy((ed25519_signer("example.com/log", b"x" * 32).key,))
    assert verify_pack(packed, NOW, other).verdict == Verdict.FAILS
    assert verify_pack(packed, NOW, Policy((ed25519_signer("example.com/b", b"x" * 32).key,))).verdict == Verdict.FAILS


def test_a_byte_changed_at_any_of_1000_places_is_found(packed: bytes, traded: Traded) -> None:
    chance = random.Random(20_261_123)
    policy = traded[0].policy
    for _ in range(1000):
        at = chance.randrange(len(packed))
        changed = bytearray(packed)
        changed[at] ^= 1 << chance.randrange(8)
        assert verify_pack(bytes(changed), NOW, policy).verdict == Verdict.FAILS, at
        assert verify_pack(bytes(changed), NOW).verdict == Verdict.FAILS, at


def test_a_pack_that_is_cut_or_lengthened_does_not_hold(packed: bytes, traded: Traded) -> None:
    chance = random.Random(1)
    for _ in range(200):
        cut = packed[: chance.randrange(len(packed))]
        assert verify_pack(cut, NOW, traded[0].policy).verdict == Verdict.FAILS
    for more in (b" ", b"\n", b"{}", packed):
        assert verify_pack(packed + more, NOW, traded[0].policy).verdict == Verdict.FAILS


def test_rubbish_is_no_pack_and_never_an_error() -> None:
    chance = random.Random(2)
    for _ in range(300):
        rubbish = chance.randbytes(chance.randrange(300))
        assert verify_pack(rubbish, NOW).verdict == Verdict.FAILS
        assert (
            verify_pack(b"gaoyuan/pack/v1\nexample.com/log\n" + rubbish + b"\n{" + rubbish, NOW).verdict
            == Verdict.FAILS
        )


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a document that holds no further places."""
    if isinstance(value, dict):
        return [one for key, part in value.items() for one in places(part, (*path, key))]
    if isinstance(value, list):
        return [one for at, part in enumerate(value) for one in places(part, (*path, at))]
    return [path]


def put(body: Any, path: tuple[Any, ...], chance: random.Random) -> None:
    for step in path[:-1]:
        body = body[step]
    body[path[-1]] = other_than(body[path[-1]], chance)


def other_than(value: Any, chance: random.Random) -> Any:
    """Another value at the place of one, mostly of its kind."""
    if isinstance(value, str) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        letter = chance.choice("0123456789abcdef厂")
        return value[:at] + (letter if letter != value[at] else "z") + value[at + 1 :]
    if isinstance(value, int) and chance.random() < 0.7:
        return value + chance.choice((-1, 1, 2**60))
    return chance.choice(
        [one for one in (None, True, "", [], {}, -1, "x") if one != value or type(one) is not type(value)]
    )


def test_a_platform_that_changes_a_figure_or_record_and_seals_it_again_is_found(packed: bytes, traded: Traded) -> None:
    platform = traded[0]
    chance = random.Random(3)
    body = json.loads(open_seal(packed, platform.signer.key))
    # When it was made, and what the credential says of itself, are the platform's word; its figures are not.
    own_word = {("made",)}
    free = [one for one in places(body) if one not in own_word]
    for _ in range(1000):
        path = chance.choice(free)
        forged = resealed(packed, platform, lambda body, path=path: put(body, path, chance))
        report = verify_pack(forged, NOW, platform.policy)
        assert report.verdict == Verdict.FAILS, path


def test_every_figure_that_is_changed_in_pack_and_credential_is_found(packed: bytes, traded: Traded) -> None:
    platform = traded[0]
    names = list(json.loads(open_seal(packed, platform.signer.key))["figures"])
    for name in names:
        forged = resealed(packed, platform, lambda body, name=name: body["figures"].update({name: 9999}))
        assert failed(verify_pack(forged, NOW, platform.policy)) == ["figures"]
        forged = resealed(
            packed,
            platform,
            lambda body, name=name: body["credential"]["credentialSubject"]["figures"].update({name: 9999}),
        )
        assert failed(verify_pack(forged, NOW, platform.policy)) == ["credential"]


def test_records_that_are_left_out_swapped_or_doubled_are_found(packed: bytes, traded: Traded) -> None:
    platform = traded[0]
    number = len(json.loads(open_seal(packed, platform.signer.key))["records"])
    for at in range(number):
        forged = resealed(packed, platform, lambda body, at=at: body["records"].pop(at))
        assert verify_pack(forged, NOW, platform.policy).verdict == Verdict.FAILS
        forged = resealed(packed, platform, lambda body, at=at: body["records"].insert(at, body["records"][at]))
        assert verify_pack(forged, NOW, platform.policy).verdict == Verdict.FAILS
        forged = resealed(packed, platform, lambda body, at=at: body["records"].append(body["records"].pop(at)))
        assert at == number - 1 or verify_pack(forged, NOW, platform.policy).verdict == Verdict.FAILS


def test_an_honest_pack_from_which_a_record_of_the_enterprise_was_left_out_does_not_hold(traded: Traded) -> None:
    platform, consent = traded
    own = [index for index, (entry, *_) in enumerate(platform.held) if "7" in entry.parties and index != consent]
    for index in own:
        if platform.held[index][0].kind in {"key", "statement"}:
            continue
        pack = platform.pack("7", consent, leave_out=(index,))
        assert "complete" in failed(verify_pack(pack, NOW, platform.policy)), index


def test_counterparties_that_are_masked_are_not_named_and_figures_stay(packed: bytes, traded: Traded) -> None:
    platform, consent = traded
    masked = platform.pack("7", consent, masked=("8", "9"))
    assert "企业 8".encode() in packed
    assert "企业 8".encode() not in masked
    assert "企业 9".encode() not in masked
    assert b"secret" not in packed
    open_report, hidden = (verify_pack(one, NOW, platform.policy) for one in (packed, masked))
    assert hidden.verdict == Verdict.HOLDS, hidden.checks
    assert hidden.figures == open_report.figures


def test_a_consent_that_has_expired_or_was_withdrawn_is_no_consent(packed: bytes, traded: Traded) -> None:
    platform = traded[0]
    assert "consent" in failed(verify_pack(packed, NOW.replace(year=2027), platform.policy))
    assert failed(verify_pack(packed, NOW.replace(month=12, day=31), platform.policy)) == []


def test_a_cosignature_from_the_future_or_a_stripped_witness_does_not_count(packed: bytes, traded: Traded) -> None:
    platform = traded[0]
    assert "checkpoint" in failed(verify_pack(packed, NOW - dt.timedelta(days=1), platform.policy))

    def strip(body: dict[str, Any]) -> None:
        body["checkpoint"] = "".join(line for line in body["checkpoint"].splitlines(True) if "bank.example" not in line)

    assert failed(verify_pack(resealed(packed, platform, strip), NOW, platform.policy)) == ["checkpoint"]


def test_a_fork_a_rollback_and_an_old_checkpoint_are_found_by_a_bank_that_keeps_its_last(
    make_platform: MakePlatform,
) -> None:
    platform, fork = make_platform(), make_platform()
    for one in (platform, fork):
        one.trade("7", "8", "100.00" if one is platform else "900.00", "2026-01-05")
        one.publish()
    early = latest_checkpoint(platform.store, platform.signer.key).checkpoint
    packs = {}
    for one in (platform, fork):
        packs[one is fork] = one.pack("7", one.consent("7", "2026-01", "2026-01", "2026-02-01"), earlier=(early.size,))
    later = latest_checkpoint(platform.store, platform.signer.key).checkpoint
    assert verify_pack(packs[False], NOW, platform.policy, later).verdict == Verdict.HOLDS
    assert failed(verify_pack(packs[True], NOW, platform.policy, later)) == ["remembered"]
    platform.trade("7", "8", "100.00", "2026-02-05")
    platform.publish()
    latest = latest_checkpoint(platform.store, platform.signer.key).checkpoint
    assert failed(verify_pack(packs[False], NOW, platform.policy, latest)) == ["remembered"]


def test_a_statement_after_its_key_was_lost_or_of_a_stranger_does_not_count(make_platform: MakePlatform) -> None:
    from gaoyuan.trust.pack.entries import revocation_entry
    from gaoyuan.trust.pack.statements import key_fingerprint

    platform = make_platform()
    own = platform.key("7", "2026-01-01")
    stranger = platform.key("9", "2026-01-01")
    sold = platform.trade("7", "8", "100.00", "2026-01-05")
    platform.sign("9", stranger, [sold], "2026-01-06")
    platform.sign("7", own, [sold], "2026-01-06")
    good = verify_pack(
        platform.pack("7", platform.consent("7", "2026-01", "2026-01", "2026-02-01")), NOW, platform.policy
    )
    assert good.verdict == Verdict.HOLDS
    assert good.figures["both_signed_bp"] == 0
    platform.log(revocation_entry(key_fingerprint(str(own.key)), "7", "lost"), "2026-02-02T00:00:00Z")
    late = platform.sign("7", own, [sold], "2026-02-03")
    assert sha256(late).hexdigest()
    with pytest.raises(Exception, match="revoked"):
        platform.pack("7", platform.consent("7", "2026-01", "2026-02", "2026-02-04"))


def test_signatures_of_security_keys_and_of_sm2_count(signer: Signer, other_signer: Signer) -> None:
    platform, content = signed_by(signer, other_signer, other_signer)
    report = verify_pack(content, NOW, platform.policy)
    assert report.verdict == Verdict.HOLDS, report.checks
    wrong = Signer(other_signer.key, lambda text: other_signer.sign(text + b"x"))
    platform, content = signed_by(signer, other_signer, wrong)
    assert failed(verify_pack(content, NOW, platform.policy)) == ["signatures"]


def test_a_copy_of_a_security_key_is_found(signer: Signer) -> None:
    platform, content = signed_by(signer, *copied())
    report = verify_pack(content, NOW, platform.policy)
    assert failed(report) == ["signatures"]
    assert "copy" in str(report.checks)
