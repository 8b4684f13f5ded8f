"""Proof files: read as they were written, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.trust.failure import ProofInvalid
from gaoyuan.trust.proofs import ProofFile

HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple)


@given(st.integers(0, (1 << 63) - 1), HASHES, st.none() | st.binary(max_size=9), st.binary(max_size=20))
def test_a_file_reads_back(index: int, proof: tuple[bytes, ...], extra: bytes | None, checkpoint: bytes) -> None:
    file = ProofFile(index, proof, checkpoint, extra)
    assert ProofFile.read(bytes(file)) == file


HASH = "A" * 43 + "="


@pytest.mark.parametrize(
    "content",
    [
        "",
        "c2sp.org/tlog-proof@v1\nindex 0\n",
        "c2sp.org/tlog-proof@v2\nindex 0\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex -5\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 05\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex x\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nextra !!\nindex 0\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nextra AA==\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\ncheckpoint\n",
        f"c2sp.org/tlog-proof@v1\r\nindex 0\n{HASH}\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n高\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + f"{HASH}\n" * 64 + "\ncheckpoint\n",
    ],
    ids=lambda content: repr(content[23:50]),
)
def test_malformed_files_are_refused(content: str) -> None:
    with pytest.raises(ProofInvalid, match="malformed"):
        ProofFile.read(content.encode())


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for tried in (content, b"c2sp.org/tlog-proof@v1\n" + content):
        try:
            file = ProofFile.read(tried)
        except ProofInvalid:
            continue
        assert bytes(file) == tried
