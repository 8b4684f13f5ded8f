"""Which map of sectors belongs to an input-output table of a workspace."""

from __future__ import annotations

from pathlib import Path

from gaoyuan.chain.input_output.sectors import IO_TABLES, SectorMap, read_sector_map, sector_map
from gaoyuan.chain.input_output.tables import IoTable
from gaoyuan.errors import InputError

_MOST_RENAMED = 0.1


def map_of_table(table: IoTable, file: Path | None = None) -> SectorMap:
    """Give the sector map of a table: that of a file, else the official one whose sectors have its codes and names.

    The codes of a map from a file have to be those of the table. Of the official maps the first with all of the codes
    and the most of the names belongs to it. Raises InputError where none does.
    """
    codes = set(table.codes)
    if file is not None:
        own = read_sector_map(file)
        lacking = [code for code in table.codes if code not in {sector.code for sector in own.sectors}]
        if lacking:
            raise InputError(
                f"the map lacks sectors of table {table.name}: {', '.join(lacking[:5])}",
                where=str(file),
                mend="One row for each sector of the table, with its code.",
                zh=f"部门对照缺少表 {table.name} 的部门：{', '.join(lacking[:5])}",
                mend_zh="表的每个部门一行，写明代码",
            )
        return own
    names = dict(zip(table.codes, table.names, strict=True))
    best: tuple[int, str] | None = None
    for official in IO_TABLES:
        sectors = sector_map(official).sectors
        if {sector.code for sector in sectors} != codes:
            continue
        same = sum(names[sector.code] in (sector.name_zh, sector.name_en) for sector in sectors)
        if best is None or same > best[0]:
            best = same, official
    if best is None or best[0] < (1.0 - _MOST_RENAMED) * len(codes):
        raise InputError(
            f"no sector map belongs to table {table.name}: which industries its {len(codes)} sectors hold is not known",
            mend="Give a map: a CSV file with the columns code, name_zh and industries (prefixes of GB/T 4754-2017 "
            f"separated by |). The maps here are for the official tables {', '.join(IO_TABLES)}.",
            zh=f"没有与表 {table.name} 对应的部门—行业对照",
            mend_zh="给出对照文件：CSV，列 code、name_zh、industries（GB/T 4754-2017 代码，以 | 分隔）",
        )
    return sector_map(best[1])
