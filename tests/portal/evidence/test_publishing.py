"""The log goes out: to witnesses that cosign it, and as files for any web server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from tests.portal.evidence.conftest import Pair, deal
from tests.portal.evidence.test_releasing import checked, fetched, granted
from tests.trust.test_other_programs import checked_by_sigstore

from gaoyuan.portal.evidence.entering import enter_new
from gaoyuan.portal.evidence.keeping import log_signer, newest_checkpoint
from gaoyuan.portal.evidence.models import LogWitness
from gaoyuan.portal.evidence.publishing import export_log
from gaoyuan.portal.evidence.witnessing import ask_witnesses, best_checkpoint, witnesses
from gaoyuan.trust import FolderStore, LogBroken, ProofFile, check_log, open_checkpoint
from gaoyuan.trust.tiles import bundle_entries
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


def test_witnesses_are_set_on_a_page_which_says_what_each_has_cosigned(
    pair: Pair, witness: WitnessFolder, administrator: Client
) -> None:
    file = settings.PORTAL / "witnesses.txt"
    address = file.read_text("utf-8").split()[-1]
    file.unlink()
    bad = {"https://w.example": "rubbish", "ftp://w.example": str(witness.cosigner().key), "http://": "x"}
    for where, key in bad.items():
        answer = administrator.post("/log/witnesses/", {"key": key, "address": where})
        assert answer.status_code == 200
        assert answer.context["form"].errors
    assert administrator.post("/log/witnesses/", {"key": str(log_signer().key), "address": address}).status_code == 200
    assert witnesses() == []
    given = {"key": str(witness.cosigner().key), "address": address}
    for _ in range(2):
        assert administrator.post("/log/witnesses/", given).status_code == 302
    assert "尚未询问" in administrator.get("/log/witnesses/").content.decode()
    assert ask_witnesses() == 1
    size = newest_checkpoint().checkpoint.size
    row = LogWitness.objects.get()
    assert (row.size, row.told) == (size, "")
    deal(pair.buyer, pair.seller)
    behind = newest_checkpoint().checkpoint.size - size
    assert f'<td class="number">{behind}</td>' in administrator.get("/log/witnesses/").content.decode()
    assert f"已联署至第 {size} 条" in Client(HTTP_ACCEPT_LANGUAGE="zh-hans").get("/log/").content.decode()
    for status in (302, 404):
        assert administrator.post(f"/log/witnesses/{row.pk}/remove/").status_code == status
    assert witnesses() == []
    file.write_text(f"{row.vkey} {address}\n", "utf-8")
    assert witnesses() == []
    assert administrator.post("/log/witnesses/", given).status_code == 302
    assert len(witnesses()) == 1


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


def test_a_program_of_others_checks_the_portals_own_log_from_its_addresses(pair: Pair) -> None:
    client, log = Client(), log_signer().key
    opened = open_checkpoint(client.get("/log/checkpoint").content, log)
    size = opened.checkpoint.size
    entries = bundle_entries(client.get(f"/log/tile/entries/000.p/{size}").content, size)
    assert size > 2
    for index, entry in enumerate(entries):
        proof = ProofFile.read(client.get(f"/log/proof/{index}").content)
        checked_by_sigstore(log, opened, proof, entry)
        with pytest.raises(pytest.importorskip("sigstore.errors").VerificationError):
            checked_by_sigstore(log, opened, proof, entries[index - 1])
