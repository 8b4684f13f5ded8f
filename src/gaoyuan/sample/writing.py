"""The step that writes the sample province: a raw register file in the workspace, the lists and facts that its offices
have, and the tables of its truth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from gaoyuan.errors import InputError
from gaoyuan.sample.chain_files import CHAIN_FILES, ChainFiles, write_chain
from gaoyuan.sample.chain_firms import ChainFirms
from gaoyuan.sample.making import RegisterMaker
from gaoyuan.sample.office_files import LargestFirms, expected_verdicts, write_facts, write_titles
from gaoyuan.sample.planting import PlantedCluster
from gaoyuan.workspace import SCHEMAS, Workspace

DEFAULT_ENTERPRISES = 100_000
DEFAULT_SEED = 1
MOST_ENTERPRISES = 50_000_000
SAMPLE_FILES = ("sample-enterprises.csv", "sample-enterprises.parquet")
TITLES_FILE, FACTS_FILE = "sample-titles.csv", "sample-facts.csv"
ALL_SAMPLE_FILES = (*SAMPLE_FILES, TITLES_FILE, FACTS_FILE, *CHAIN_FILES)
_MOST_IN_CSV = 1_000_000

Progress = Callable[[int], None]
"""Called with the enterprises of each batch."""


@dataclass(frozen=True, slots=True)
class SampleSummary:
    """The file that was written, its rows, the clusters planted in it, and the files beside it; a small sample has no
    chain.
    """

    file: Path
    enterprises: int
    planted: tuple[PlantedCluster, ...]
    titles: Path
    facts: Path
    chain: ChainFiles | None

    def __str__(self) -> str:
        firms = sum(cluster.firms for cluster in self.planted)
        return (
            f"示例省 sample province: {self.enterprises:,} 家企业 firms, "
            f"{len(self.planted)} 个植入集群 planted clusters ({firms:,} 家 firms): {self.file}"
        )


def write_sample(
    workspace: Workspace,
    enterprises: int = DEFAULT_ENTERPRISES,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
) -> SampleSummary:
    """Write a register of the sample province into the workspace's folder `sample`, and its truth into `sample_truth`,
    `sample_verdict` and `sample_chain`; beside it the lists and facts of its offices and the files of its chain.

    The same number of enterprises and seed give the same register. CSV as offices have it, Parquet above a million
    rows. Raises InputError for a number of enterprises below 1 or above 50 million.
    """
    if not 1 <= enterprises <= MOST_ENTERPRISES:
        raise InputError(
            f"{enterprises:,} enterprises cannot be made",
            mend=f"Name 1 to {MOST_ENTERPRISES:,}.",
            zh=f"不能生成 {enterprises:,} 家企业",
            mend_zh=f"写 1 至 {MOST_ENTERPRISES:,}",
        )
    folder = workspace.path / "sample"
    folder.mkdir(exist_ok=True)
    file = folder / SAMPLE_FILES[enterprises > _MOST_IN_CSV]
    with workspace.run("sample", {"enterprises": enterprises, "seed": seed}) as run:
        maker, largest, chain_firms = RegisterMaker(enterprises, seed), LargestFirms(), ChainFirms()
        try:
            workspace.write("sample_truth", _written(file, maker, largest, chain_firms, progress), run)
        finally:
            _partial(file).unlink(missing_ok=True)
        workspace.write("sample_verdict", expected_verdicts(maker.planted), run)
        titles, facts = folder / TITLES_FILE, folder / FACTS_FILE
        write_titles(titles, maker.planted, largest)
        write_facts(facts, maker.planted, largest, seed)
        with run.timed("chain"):
            chain, truth = write_chain(folder, chain_firms, enterprises, seed)
        workspace.write("sample_chain", truth, run)
    return SampleSummary(file, enterprises, maker.planted, titles, facts, chain)


def _written(
    file: Path, maker: RegisterMaker, largest: LargestFirms, chain_firms: ChainFirms, progress: Progress | None
) -> pa.RecordBatchReader:
    """Write the batches of rows into the file while those of the truth are read."""
    schema = pa.schema([field for field in SCHEMAS["sample_truth"].arrow if field.name != "run"])

    def truths() -> Iterator[pa.RecordBatch]:
        writer = None
        for rows, truth in maker.batches():
            if writer is None:
                writer = _writer(file, rows.schema)
            writer.write_batch(rows)
            largest.add(rows, truth)
            chain_firms.add(rows)
            if progress is not None:
                progress(rows.num_rows)
            yield truth.cast(schema)
        if writer is not None:
            writer.close()
        _partial(file).replace(file)

    return pa.RecordBatchReader.from_batches(schema, truths())


def _writer(file: Path, schema: pa.Schema) -> pyarrow.csv.CSVWriter | pyarrow.parquet.ParquetWriter:
    if file.suffix == ".parquet":
        return pyarrow.parquet.ParquetWriter(_partial(file), schema, compression="zstd", compression_level=1)
    stream = pa.OSFile(str(_partial(file)), "wb")
    stream.write(b"\xef\xbb\xbf")  # so that Excel reads it as UTF-8
    return pyarrow.csv.CSVWriter(stream, schema)


def _partial(file: Path) -> Path:
    """Give the name that the file has until it is whole."""
    return file.with_name(f".{file.name}")
