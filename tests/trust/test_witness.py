"""The witness: it cosigns what continues, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.trust.checkpoints import Checkpoint, open_checkpoint, sign_checkpoint
from gaoyuan.trust.failure import NoteInvalid, ProofInvalid
from gaoyuan.trust.keys import Cosigner, Signer, ed25519_cosigner, ed25519_signer
from gaoyuan.trust.merkle import EMPTY_ROOT, MerkleTree, leaf_hash, prove_consistency
from gaoyuan.trust.notes import read_note
from gaoyuan.trust.witness import AddCheckpoint, Cosigned, NotCosigned, check_successor, consider

ORIGIN = "example.com/log"
TREE = MerkleTree(leaf_hash(bytes([number])) for number in range(60))
FORK = MerkleTree(leaf_hash(bytes([number or 77])) for number in range(60))
LOG = ed25519_signer(ORIGIN, b"l" * 32)
BANK = ed25519_cosigner("bank.example/w", b"b" * 32)
LOGS = {ORIGIN: (LOG.key,)}
NOW = 1_700_000_000


def _checkpoint(size: int, tree: MerkleTree = TREE) -> Checkpoint:
    return Checkpoint(ORIGIN, size, tree.root(size))


def _request(old: int, size: int, tree: MerkleTree = TREE, signer: Signer = LOG) -> bytes:
    proof = prove_consistency(tree.node, old, size)
    return bytes(AddCheckpoint(old, proof, bytes(sign_checkpoint(_checkpoint(size, tree), signer))))


def _ask(request: bytes, kept: Checkpoint | None) -> Cosigned | NotCosigned:
    return consider(request, {ORIGIN: kept} if kept else {}, LOGS, BANK, NOW)


def test_a_growing_log_is_cosigned_step_by_step() -> None:
    kept = None
    for old, size in ((0, 0), (0, 1), (1, 1), (1, 37), (37, 60)):
        answer = _ask(_request(old, size), kept)
        assert isinstance(answer, Cosigned), answer
        kept = answer.checkpoint
        opened = open_checkpoint(bytes(answer.note), LOG.key, [BANK.key])
        assert opened.cosigned == {BANK.key: NOW}
        assert read_note(f"{opened.note.text}\n{answer.line}".encode()).signatures == (answer.line,)


@pytest.mark.parametrize(
    ("request_", "kept", "status"),
    [
        (b"", 9, 400),
        (b"old 09\n\n" + bytes(sign_checkpoint(_checkpoint(9), LOG)), 9, 400),
        (b"old 9\nAAAA\n\n" + bytes(sign_checkpoint(_checkpoint(9), LOG)), 9, 400),
        (_request(9, 12).replace(b"\n12\n", b"\n012\n"), 9, 400),
        (bytes(AddCheckpoint(13, (), bytes(sign_checkpoint(_checkpoint(12), LOG)))), 9, 400),
        (_request(9, 12).replace(ORIGIN.encode(), b"example.com/other"), 9, 404),
        (_request(9, 12, signer=ed25519_signer(ORIGIN, b"x" * 32)), 9, 403),
        (_request(9, 12).replace(b"\n12\n", b"\n13\n"), 9, 403),
        (_request(8, 12), 9, 409),
        (_request(0, 12), 9, 409),
        (_request(3, 5), 9, 409),
        (_request(9, 12, FORK), 9, 422),
        (_request(9, 9, FORK), 9, 422),
        (bytes(AddCheckpoint(9, (), bytes(sign_checkpoint(_checkpoint(12), LOG)))), 9, 422),
        (bytes(AddCheckpoint(0, (EMPTY_ROOT,), bytes(sign_checkpoint(_checkpoint(3), LOG)))), 0, 422),
        (bytes(AddCheckpoint(0, (), bytes(sign_checkpoint(Checkpoint(ORIGIN, 0, TREE.root(1)), LOG)))), 0, 422),
    ],
)
def test_what_does_not_continue_is_refused_with_its_status(request_: bytes, kept: int, status: int) -> None:
    answer = _ask(request_, _checkpoint(kept) if kept else None)
    assert isinstance(answer, NotCosigned)
    assert answer.status == status
    assert answer.zh
    assert answer.size == (kept if status == 409 else None)
    assert (answer.evidence is not None) == (status == 422)


def test_the_evidence_of_a_fork_convinces_a_third_party() -> None:
    kept = _checkpoint(9)
    answer = _ask(_request(9, 9, FORK), kept)
    assert isinstance(answer, NotCosigned)
    assert answer.evidence is not None
    forked = open_checkpoint(bytes(answer.evidence), LOG.key).checkpoint
    assert (forked.size, forked.root != kept.root) == (kept.size, True)


@given(st.binary(max_size=60), st.integers(0, 400))
def test_any_request_is_answered(noise: bytes, at: int) -> None:
    good = _request(9, 12)
    assert isinstance(_ask(noise, None), NotCosigned)
    answer = _ask(good[:at] + noise + good[at:], _checkpoint(9))
    assert isinstance(answer, NotCosigned) or not noise or answer.checkpoint == _checkpoint(12)


@given(st.lists(st.tuples(st.sampled_from([TREE, FORK]), st.integers(0, 60), st.integers(0, 60)), max_size=25))
def test_two_histories_never_get_cosignatures_of_one_witness(asked: list[tuple[MerkleTree, int, int]]) -> None:
    kept: Checkpoint | None = None
    cosigned = []
    for tree, one, other in asked:
        old, size = sorted((one, other))
        answer = _ask(_request(old if kept is None else min(kept.size, size), size, tree), kept)
        if isinstance(answer, Cosigned):
            kept = answer.checkpoint
            cosigned.append(kept)
    assert [one.size for one in cosigned] == sorted(one.size for one in cosigned)
    # The trees differ from the first entry on, so all that were cosigned are of one of them.
    histories = [{tree.root(size) for size in range(1, 61)} for tree in (TREE, FORK)]
    roots = {one.root for one in cosigned if one.size}
    assert any(roots <= history for history in histories)


def test_who_remembers_finds_rollback_and_fork() -> None:
    proof = prove_consistency(TREE.node, 9, 12)
    check_successor(_checkpoint(9), _checkpoint(12), proof)
    check_successor(Checkpoint(ORIGIN, 0, EMPTY_ROOT), _checkpoint(12), [])
    for new, tried in (
        (_checkpoint(8), ()),
        (_checkpoint(12, FORK), prove_consistency(FORK.node, 9, 12)),
        (_checkpoint(9, FORK), ()),
        (Checkpoint("example.com/other", 12, TREE.root(12)), proof),
    ):
        with pytest.raises(ProofInvalid):
            check_successor(_checkpoint(9), new, tried)


def test_a_log_that_became_shorter_is_called_so() -> None:
    with pytest.raises(ProofInvalid, match="become shorter"):
        check_successor(_checkpoint(9), _checkpoint(8), [])


def test_a_request_reads_back(signer: Signer, witnesses: tuple[Cosigner, Cosigner]) -> None:
    asked = AddCheckpoint(5, (bytes(32), b"x" * 32), b"checkpoint\n")
    assert AddCheckpoint.read(bytes(asked)) == asked
    with pytest.raises(ProofInvalid):
        AddCheckpoint.read(bytes(AddCheckpoint(5, (bytes(32),) * 64, b"")))
    with pytest.raises(NoteInvalid):
        read_note(asked.checkpoint)
