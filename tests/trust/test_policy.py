"""The policy: which cosignatures are enough, and when they count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.trust.checkpoints import Checkpoint, cosign, sign_checkpoint
from gaoyuan.trust.failure import KeyInvalid, NoteInvalid, NotTrusted, PolicyUnmet, ProofInvalid
from gaoyuan.trust.keys import ed25519_cosigner, ed25519_signer
from gaoyuan.trust.log import append, create_log, proof_file
from gaoyuan.trust.merkle import leaf_hash
from gaoyuan.trust.policy import Policy, check_checkpoint, check_proof_file, read_policy
from gaoyuan.trust.proofs import ProofFile
from gaoyuan.trust.stores import MemoryStore

LOG = ed25519_signer("example.com/log", b"l" * 32)
COSIGNERS = {name: ed25519_cosigner(f"{name}.example/w", name.encode() * 16) for name in ("X1", "X2", "X3", "Y1", "Y2")}
LINES = {name: f"witness {name} {cosigner.key}" for name, cosigner in COSIGNERS.items()}
# The example of the specification, with one witness fewer.
TEXT = f"""
# who must have seen it
log {LOG.key} https://example.com/log

{LINES["X1"]}
\t{LINES["X2"]} https://x2.example
{LINES["X3"]}
group X-witnesses 2 X1 X2 X3
{LINES["Y1"]}
{LINES["Y2"]}
group Y-witnesses any Y1 Y2
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""
POLICY = read_policy(TEXT)
NOW = 1_700_000_000
CHECKPOINT = Checkpoint("example.com/log", 1, leaf_hash(b"entry"))


def _note(*names: str, time: int = NOW) -> bytes:
    lines = (cosign(CHECKPOINT, COSIGNERS[name], time) for name in names)
    return bytes(sign_checkpoint(CHECKPOINT, LOG).signed(*lines))


@pytest.mark.parametrize(
    ("names", "enough"),
    [
        (("X1", "X2", "Y1"), True),
        (("X1", "X3", "Y2"), True),
        (("X1", "X2", "X3", "Y1", "Y2"), True),
        (("X1", "X2", "X3"), False),
        (("X1", "Y1", "Y2"), False),
        (("X1", "X1", "Y1"), False),
        ((), False),
    ],
)
def test_the_quorum_of_the_specifications_example(names: tuple[str, ...], enough: bool) -> None:
    if enough:
        opened = check_checkpoint(_note(*names), POLICY, now=NOW)
        assert {key.name for key in opened.cosigned} == {f"{name}.example/w" for name in names}
    else:
        with pytest.raises(PolicyUnmet):
            check_checkpoint(_note(*names), POLICY, now=NOW)


def test_cosignatures_of_the_future_and_of_long_ago_do_not_count() -> None:
    names = ("X1", "X2", "Y1")
    check_checkpoint(_note(*names, time=NOW + 300), POLICY, now=NOW)
    check_checkpoint(_note(*names, time=NOW - 86_400), POLICY, now=NOW, oldest=NOW - 86_400)
    for time in (NOW + 301, NOW - 86_401):
        with pytest.raises(PolicyUnmet):
            check_checkpoint(_note(*names, time=time), POLICY, now=NOW, oldest=NOW - 86_400)


def test_a_policy_without_a_quorum_demands_the_log_alone() -> None:
    alone = Policy((LOG.key,))
    assert check_checkpoint(_note(), alone, now=NOW).checkpoint == CHECKPOINT
    other = Policy((ed25519_signer("example.com/other", b"o" * 32).key,))
    with pytest.raises(NoteInvalid, match="does not name"):
        check_checkpoint(_note(), other, now=NOW)
    with pytest.raises(NoteInvalid, match="none of the trusted keys"):
        check_checkpoint(_note(), Policy((ed25519_signer("example.com/log", b"o" * 32).key,)), now=NOW)


def test_a_proof_file_is_checked_offline() -> None:
    store = MemoryStore()
    create_log(store, LOG)
    opened = append(store, [b"one", b"two", b"three"], LOG).checkpoint
    lines = (cosign(opened.checkpoint, COSIGNERS[name], NOW) for name in ("X1", "X2", "Y1"))
    note = opened.note.signed(*lines)
    file = proof_file(store, 1, opened)
    content = bytes(file).replace(bytes(opened.note), bytes(note))
    assert check_proof_file(content, b"two", POLICY, now=NOW).checkpoint.size == 3
    with pytest.raises(ProofInvalid):
        check_proof_file(content, b"three", POLICY, now=NOW)
    with pytest.raises(PolicyUnmet):
        check_proof_file(bytes(file), b"two", POLICY, now=NOW)
    with pytest.raises(NotTrusted):
        check_proof_file(content[:-2], b"two", POLICY, now=NOW)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "no quorum"),
        ("quorum X1", "before it is defined"),
        ("quorum none\nquorum none", "line 2: the quorum is given twice"),
        ("quorum", "no log, witness"),
        ("log", "no log, witness"),
        ("logs x", "no log, witness"),
        ("log example.com/log+12345678+AAAA", "line 1: the key is of a kind"),
        (f"log {LOG.key}\nlog {LOG.key}", "line 2: the log's key is given twice"),
        (f"log {COSIGNERS['X1'].key}", "not accepted"),
        (f"witness a {LOG.key}", "not accepted"),
        (f"{LINES['X1']}\nwitness other {COSIGNERS['X1'].key}", "line 2: the witness's key is given twice"),
        (f"{LINES['X1']}\nwitness X1 {COSIGNERS['X2'].key}", "is taken"),
        (f"witness none {COSIGNERS['X2'].key}", "is taken"),
        (f"{LINES['X1']}\ngroup g any X1 X1", "twice"),
        (f"{LINES['X1']}\ngroup g any X1\ngroup h any X1", "line 3: 'X1' is in a group twice"),
        (f"{LINES['X1']}\ngroup g 0 X1", "at least one"),
        (f"{LINES['X1']}\ngroup g 2 X1", "at most all"),
        (f"{LINES['X1']}\ngroup g ² X1", "at most all"),
        (f"{LINES['X1']}\ngroup X1 all X1", "is taken"),
        ("group g all none", "before it is defined"),
        ("group g all", "no log, witness"),
    ],
)
def test_a_policy_that_is_wrong_names_its_line(text: str, what: str) -> None:
    with pytest.raises(KeyInvalid, match=what):
        read_policy(text)


def test_one_key_under_two_names_is_one_witness() -> None:
    twin = ed25519_cosigner("other.example/w", b"X1" * 16)
    with pytest.raises(KeyInvalid, match="given twice"):
        read_policy(f"{LINES['X1']}\nwitness X9 {twin.key}\ngroup g all X1 X9\nquorum g")


@given(st.lists(st.sampled_from([*LINES.values(), "group", "g", "any", "2", "X1", "quorum", "none", "#", "log"])))
def test_any_text_is_read_or_refused(words: list[str]) -> None:
    for text in (" ".join(words), "\n".join(words), " ".join(words) + "\nquorum none"):
        try:
            policy = read_policy(text)
        except KeyInvalid:
            continue
        assert policy.met_by(set(policy.witnesses.values()))


@given(st.binary(max_size=80), st.integers(0, 200))
def test_any_proof_file_is_answered(noise: bytes, at: int) -> None:
    true = bytes(ProofFile(0, (), _note("X1", "X2", "Y1")))
    check_proof_file(true, b"entry", POLICY, now=NOW)
    for content in (noise, true[:at] + noise + true[at:], true[:at] + noise + true[at + len(noise) :]):
        try:
            opened = check_proof_file(content, b"entry", POLICY, now=NOW)
        except NotTrusted:
            continue
        assert opened.checkpoint == CHECKPOINT
