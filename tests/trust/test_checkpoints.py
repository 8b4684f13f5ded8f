"""Checkpoints: Tessera's are read as they are, others only in their one form."""

from __future__ import annotations

from pathlib import Path

import pytest

from gaoyuan.trust.checkpoints import Checkpoint, cosign, open_checkpoint, sign_checkpoint
from gaoyuan.trust.failure import NoteInvalid
from gaoyuan.trust.keys import Cosigner, Signer, ed25519_signer, read_vkey
from gaoyuan.trust.merkle import EMPTY_ROOT, leaf_hash
from gaoyuan.trust.notes import read_note

TESSERA = read_vkey("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
# The examples of tlog-checkpoint and tlog-cosignature; the keys are not published.
BEHIND_THE_SOFA = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE"
    "+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe"
    "+mbIUBkBIfZ+qnA==\n"
)
CHECKPOINT = Checkpoint("example.com/log", 1, leaf_hash(b"entry"))


def test_the_golden_checkpoints_of_tessera_open(shared_data: Path) -> None:
    folder = shared_data / "reference/exchange/tessera_golden/testdata/log"
    for size in range(16):
        content = (folder / f"checkpoint.{size}").read_bytes()
        opened = open_checkpoint(content, TESSERA)
        assert opened.checkpoint.size == size
        assert opened.checkpoint.text == opened.note.text
        assert bytes(opened.note) == content


def test_the_examples_of_the_specifications_are_read_and_written_alike() -> None:
    note = read_note(BEHIND_THE_SOFA.encode())
    checkpoint = Checkpoint.read(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert checkpoint.text == note.text
    # The cosignature's time is the one that the specification prints beside it.
    assert int.from_bytes(note.signatures[1].signature[:8], "big") == 1_679_315_147


def test_cosignatures_are_those_of_known_witnesses(signer: Signer, witnesses: tuple[Cosigner, Cosigner]) -> None:
    bank, union = witnesses
    note = sign_checkpoint(CHECKPOINT, signer).signed(
        cosign(CHECKPOINT, bank, 1_700_000_000), cosign(CHECKPOINT, bank, 1_700_000_009), cosign(CHECKPOINT, union, 5)
    )
    opened = open_checkpoint(bytes(note), signer.key, [bank.key])
    assert opened.cosigned == {bank.key: 1_700_000_009}
    assert open_checkpoint(bytes(note), signer.key, [bank.key, union.key]).cosigned[union.key] == 5


def test_a_witness_alone_is_no_log(signer: Signer, witnesses: tuple[Cosigner, Cosigner]) -> None:
    note = sign_checkpoint(CHECKPOINT).signed(cosign(CHECKPOINT, witnesses[0], 7))
    with pytest.raises(NoteInvalid, match="the log has not signed"):
        open_checkpoint(bytes(note), signer.key, [witnesses[0].key])
    with pytest.raises(ValueError, match="key of its own kind"):
        open_checkpoint(bytes(note), witnesses[0].key)
    with pytest.raises(ValueError, match="cosignature/v1"):
        open_checkpoint(bytes(note), signer.key, [signer.key])


def test_a_checkpoint_of_another_log_is_refused(signer: Signer) -> None:
    other = Checkpoint("example.com/other", 1, CHECKPOINT.root)
    with pytest.raises(NoteInvalid, match="another log"):
        open_checkpoint(bytes(sign_checkpoint(other, signer)), signer.key)
    opened = open_checkpoint(bytes(sign_checkpoint(other, signer)), signer.key, origin="example.com/other")
    assert opened.checkpoint == other


def test_a_log_may_have_an_old_and_a_new_key(signer: Signer) -> None:
    new = ed25519_signer("example.com/log", b"n" * 32)
    for note in (sign_checkpoint(CHECKPOINT, signer), sign_checkpoint(CHECKPOINT, new, signer)):
        assert open_checkpoint(bytes(note), [new.key, signer.key]).checkpoint == CHECKPOINT


@pytest.mark.parametrize(
    "text",
    [
        "\n",
        "example.com/log\n",
        "example.com/log\n1\n",
        CHECKPOINT.text.replace("\n1\n", "\n01\n"),
        CHECKPOINT.text.replace("\n1\n", "\n+1\n"),
        CHECKPOINT.text.replace("\n1\n", "\n１\n"),
        CHECKPOINT.text.replace("\n1\n", "\n-1\n"),
        CHECKPOINT.text.replace("\n1\n", f"\n{1 << 63}\n"),
        CHECKPOINT.text.replace("=\n", "\n"),
        "example.com/log\n1\nAAAA\n",
        CHECKPOINT.text + "\n",
        "\n" + CHECKPOINT.text,
    ],
    ids=repr,
)
def test_malformed_checkpoints_are_refused(text: str) -> None:
    with pytest.raises(NoteInvalid, match="malformed"):
        Checkpoint.read(text)


def test_an_empty_log_has_the_root_of_the_empty_tree(signer: Signer) -> None:
    note = sign_checkpoint(Checkpoint("example.com/log", 0, CHECKPOINT.root), signer)
    with pytest.raises(NoteInvalid, match="another root"):
        open_checkpoint(bytes(note), signer.key)


def test_extension_lines_are_kept() -> None:
    extended = Checkpoint("example.com/log", 0, EMPTY_ROOT, ("one", "two"))
    assert Checkpoint.read(extended.text) == extended


def test_a_time_before_1970_is_not_cosigned(witnesses: tuple[Cosigner, Cosigner]) -> None:
    with pytest.raises(ValueError, match="no time"):
        cosign(CHECKPOINT, witnesses[0], 0)
