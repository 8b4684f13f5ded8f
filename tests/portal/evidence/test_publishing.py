"""The log goes out: to witnesses that cosign it, and as files for any web server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from tests.portal.evidence.conftest import Pair, deal
from tests.portal.evidence.test_releasing import checked, fetched, granted

from gaoyuan.portal.evidence.entering import enter_new
from gaoyuan.portal.evidence.keeping import log_signer, newest_checkpoint
from gaoyuan.portal.evidence.publishing import export_log
from gaoyuan.portal.evidence.witnessing import ask_witnesses, best_checkpoint, witnesses
from gaoyuan.trust import FolderStore, LogBroken, check_log
from gaoyuan.trust.witnessing import WitnessFolder, server

pytestmark = pytest.mark.django_db


@pytest.fixture
def witness(tmp_path: Path, pair: Pair) -> Iterator[WitnessFolder]:
    held = WitnessFolder(tmp_path / "w")
    held.create("bank.example/w")
    held.know(str(log_signer().key))
    served = server(held, "127.0.0.1", 0)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    lines = f"# 银行\nnonsense\n{held.cosigner().key} http://127.0.0.1:{served.server_address[1]}/\n"
    (settings.PORTAL / "witnesses.txt").write_text(lines, "utf-8")
    yield held
    served.shutdown()
    served.server_close()


def test_witnesses_are_asked_and_packs_carry_their_cosignature(pair: Pair, witness: WitnessFolder) -> None:
    assert [one.key for one in witnesses()] == [witness.cosigner().key]
    assert ask_witnesses() == 1
    assert ask_witnesses() == 0
    deal(pair.buyer, pair.seller)
    assert ask_witnesses() == 1
    best = best_checkpoint()
    assert best is not None
    assert best.checkpoint == newest_checkpoint().checkpoint
    made = granted(pair.seller)
    assert b"bank.example/w" not in fetched(pair.seller, made)
    assert ask_witnesses() == 1
    content = fetched(pair.seller, made)
    assert b"bank.example/w" in content
    assert checked(content).verdict == "holds"


def test_a_witness_that_is_not_there_holds_up_nothing(pair: Pair) -> None:
    held = WitnessFolder(settings.PORTAL / "w")
    held.create("bank.example/w")
    line = f"{held.cosigner().key} http://127.0.0.1:9/\n"
    (settings.PORTAL / "witnesses.txt").write_text(line, "utf-8")
    assert ask_witnesses() == 0
    assert best_checkpoint() is None
    assert checked(fetched(pair.seller, granted(pair.seller))).verdict == "holds"


def test_the_exported_log_is_the_log_and_grows_with_it(pair: Pair, tmp_path: Path) -> None:
    first = export_log(tmp_path)
    assert first.size == newest_checkpoint().checkpoint.size
    assert export_log(tmp_path).files == 0
    deal(pair.buyer, pair.seller)
    enter_new()
    assert export_log(tmp_path).size > first.size
    assert check_log(FolderStore(tmp_path), log_signer().key) == ()
    tile = next((tmp_path / "tile" / "0").rglob("000.p/*"))
    tile.write_bytes(b"x" * tile.stat().st_size)
    for one in (tmp_path / "tile" / "0").rglob("000.p/*"):
        one.write_bytes(b"x" * one.stat().st_size)
    with pytest.raises(LogBroken):
        export_log(tmp_path)
