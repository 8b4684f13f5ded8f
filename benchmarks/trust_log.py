"""How fast the log is: durable appends, inclusion proofs of a log of 100 million entries, a pack of 10,000 records.

`python -m benchmarks.trust_log` runs on SQLite in a new folder, or on the PostgreSQL that DATABASE_URL names. Bars:
15,000 appends a second in batches of 100, a proof in 5 ms, a pack verified in 2 s.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import statistics
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from gaoyuan.trust import Signer, append, create_log, ed25519_signer, leaf_hash
from gaoyuan.trust.merkle import MerkleTree, check_inclusion, prove_inclusion, subtree_hash
from gaoyuan.trust.stores import Store
from gaoyuan.trust.tiles import TILE_WIDTH, TileNodes

BATCH, BATCHES, ENTRY_BYTES = 100, 100, 300
LARGE = 100_000_000
RECORDS = 10_000


def appends(store: Store, signer: Signer, entry_bytes: int = ENTRY_BYTES) -> tuple[float, float]:
    """Give the entries that are appended in a second, and in a second of the processor's; each batch of 100 is on the
    disk before the next.
    """
    create_log(store, signer)
    # Entries are hexadecimal for the most part, as commitments are: databases would compress that, and lose time by it.
    batches = [[os.urandom(entry_bytes // 2).hex().encode() for _ in range(BATCH)] for _ in range(BATCHES)]
    begun, busy = time.perf_counter(), time.process_time()
    for batch in batches:
        append(store, batch, signer)
    number = BATCH * BATCHES
    return number / (time.perf_counter() - begun), number / (time.process_time() - busy)


class LargeLog:
    """The tiles of a log of 100 million entries that are all alike, computed as they are asked for."""

    def __init__(self) -> None:
        self._hashes = [leaf_hash(b"entry")]
        for _ in range(4):
            self._hashes.append(MerkleTree([self._hashes[-1]] * TILE_WIDTH).root())

    def read(self, path: str) -> bytes | None:
        """Give a tile: 256 hashes of one full tile below, each."""
        level = int(path.split("/")[1])
        return self._hashes[level] * TILE_WIDTH


def proofs(number: int = 200) -> list[float]:
    """Give the milliseconds that proofs take, each from tiles that nobody has read before."""
    log, chance, taken = LargeLog(), random.Random(1), []
    root = subtree_hash(TileNodes(LARGE, log.read), 0, LARGE)
    for _ in range(number):
        index = chance.randrange(LARGE)
        begun = time.perf_counter()
        proof = prove_inclusion(TileNodes(LARGE, log.read), index, LARGE)
        taken.append((time.perf_counter() - begun) * 1000)
        check_inclusion(index, LARGE, leaf_hash(b"entry"), root, proof)
    return taken


def pack_seconds() -> tuple[float, int]:
    """Give the seconds in which a pack of 10,000 records is verified, and its bytes."""
    from tests.trust.pack.conftest import Platform

    from gaoyuan.trust.pack import verify_pack

    platform, chance = Platform(ed25519_signer("example.com/log", b"l" * 32)), random.Random(1)
    own = platform.key("7", "2026-01-01")
    for month in range(1, 13):
        sold = []
        for at in range(RECORDS // 48):
            partner, amount = str(8 + chance.randrange(40)), f"{chance.randrange(100, 99_999)}.00"
            day = f"2026-{month:02d}-{1 + at * 27 // (RECORDS // 48):02d}"
            sold.append(platform.trade("7", partner, amount, day, moves=("order", "delivery", "acceptance")))
        platform.sign("7", own, sold, f"2026-{month:02d}-28")
    consent = platform.consent("7", "2026-01", "2026-12", "2027-01-01", "2027-12-31")
    now = dt.datetime(2027, 1, 2, tzinfo=dt.UTC)
    pack = platform.pack("7", consent, now=now)
    begun = time.perf_counter()
    report = verify_pack(pack, now, platform.policy)
    taken = time.perf_counter() - begun
    assert report.verdict == "holds", report.checks
    return taken, len(pack)


def main() -> None:
    """Measure all, and print it."""
    signer = ed25519_signer("example.com/log", sha256(b"benchmark").digest())
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GAOYUAN_PORTAL"] = folder
        from gaoyuan.portal.serving.starting import set_up

        set_up(Path(folder))
        from django.db import connection

        from gaoyuan.portal.evidence.models import LogFile
        from gaoyuan.portal.evidence.store import DatabaseStore

        for size in (100, ENTRY_BYTES, 1000):
            LogFile.objects.all().delete()
            rate, busy = appends(DatabaseStore(), signer, size)
            said = f"appends on {connection.vendor}, {size} bytes each, batches of {BATCH}"
            print(f"{said}: {rate:,.0f} a second, {busy:,.0f} a second of the processor's", flush=True)
    taken = proofs()
    median, high = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    print(f"inclusion proof at {LARGE:,} entries: {median:.2f} ms, 95 % below {high:.2f} ms")
    seconds, size = pack_seconds()
    print(f"pack of {RECORDS:,} records, {size / 1e6:.1f} MB: verified in {seconds:.2f} s")


if __name__ == "__main__":
    main()
