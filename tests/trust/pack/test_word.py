"""The platform's word in a pack: signed, for one consent, and never more than what the platform says."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import pytest
from tests.trust.pack.conftest import NOW, Platform

from gaoyuan.trust.keys import ed25519_signer
from gaoyuan.trust.pack import State, Verdict, verify_pack
from gaoyuan.trust.pack.rings import rings
from gaoyuan.trust.pack.sealing import open_seal, seal
from gaoyuan.trust.pack.word import RingWord, count_rings, sign_word

WORD = RingWord(12, (1, 2, 0), 1_234_50, 9)
Traded = tuple[Platform, int]


@pytest.fixture(scope="module")
def worded(traded: Traded) -> bytes:
    platform, consent = traded
    return platform.pack("7", consent, word=WORD)


def test_the_word_is_told_with_a_question_mark_and_leaves_the_verdict_alone(worded: bytes, traded: Traded) -> None:
    report = verify_pack(worded, NOW, traded[0].policy)
    assert report.verdict == Verdict.HOLDS, report.checks
    assert report.word == WORD
    check = next(one for one in report.checks if one.key == "platform")
    assert check.state == State.UNKNOWN
    assert "不能由本包记录重算" in check.zh
    assert "1234.50" in check.en


def test_a_pack_without_the_word_says_nothing_of_it(packed: bytes, traded: Traded) -> None:
    report = verify_pack(packed, NOW, traded[0].policy)
    assert report.word is None
    assert all(one.key != "platform" for one in report.checks)


@pytest.mark.parametrize(
    "change",
    [
        lambda word, platform: word.replace('"firms":12', '"firms":99'),
        lambda word, platform: word.replace('"rings":[1,2,0]', '"rings":[0,0,0]'),
        lambda word, platform: sign_word(WORD, "another-consent", platform.signer).decode(),
        lambda word, platform: sign_word(
            WORD, word.split("\n")[2], ed25519_signer(platform.signer.key.name, b"x" * 32)
        ).decode(),
        lambda word, platform: word + word[word.rindex("—") :],
        lambda word, platform: "nothing",
        lambda word, platform: word[:-9],
    ],
)
def test_a_word_that_was_changed_or_is_anothers_fails(
    change: Callable[[str, Platform], str], worded: bytes, traded: Traded
) -> None:
    platform = traded[0]
    body = json.loads(open_seal(worded, platform.signer.key))
    body["platform"] = change(body["platform"], platform)
    content = json.dumps(body, ensure_ascii=False).encode()
    report = verify_pack(seal(content, platform.signer), NOW, platform.policy)
    assert report.verdict == Verdict.FAILS
    assert [one.key for one in report.checks if one.state == State.FAILS] == ["platform"]


def test_rings_are_those_that_a_plain_search_finds() -> None:
    draw = random.Random(3)
    for _ in range(40):
        names = "abcdefg"[: draw.randrange(2, 8)]
        flows = {
            (one, other): draw.randrange(1, 100)
            for one in names
            for other in names
            if one != other and draw.random() < 0.4
        }
        edges: dict[str, list[str]] = {}
        for one, other in flows:
            edges.setdefault(one, []).append(other)
        found = count_rings(flows, "a", 0)
        every = [ring for ring in rings(edges, 4) if "a" in ring]
        assert found.counted == tuple(sum(len(ring) == length for ring in every) for length in (2, 3, 4))
        # What it sells to whoever comes after it in a ring of three or more.
        after = {ring[(ring.index("a") + 1) % len(ring)] for ring in every if len(ring) > 2}
        assert found.sales == sum(flows["a", one] for one in after)
