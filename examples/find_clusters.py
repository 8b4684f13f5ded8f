"""Find the clusters of a register from Python: the whole job in six steps.

.venv/bin/python examples/find_clusters.py               the sample province, small
.venv/bin/python examples/find_clusters.py register.xlsx your own register
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from gaoyuan import steps


def main(register: Path | None = None) -> None:
    """Import a register, find its clusters and look at the strongest one."""
    with tempfile.TemporaryDirectory() as folder:
        # 1. A workspace is a folder of tables; keep yours where you like.
        workspace = steps.init(Path(folder) / "workspace")
        if register is None:
            register = steps.sample(workspace, enterprises=8_000, seed=1).file

        # 2. Columns are recognised by their headings; rows with a fault are set aside.
        for imported in steps.import_enterprises(workspace, [register]):
            print(imported)

        # 3. Industries, places, measures, clusters.
        print(steps.observe(workspace))

        # 4. A table is an Ibis expression: filter and join it, then take it out.
        clusters = workspace.table("cluster")
        found = clusters.filter(clusters.found_by.notnull()).order_by(clusters.minus_log10_p.desc())
        rows = workspace.to_arrow(
            found.select("cluster_id", "name", "firms", "expected", "location_quotient", "area_km2", "stability")
        ).to_pandas()
        print(rows.to_string(index=False))

        # 5. Where a number comes from.
        if len(rows):
            strongest = steps.explain(workspace, rows.loc[0, "cluster_id"])
            agrees = [figure.name for figure in strongest.figures if figure.agrees]
            print(f"{strongest.name}: computed again and the same: {', '.join(agrees)}")

        # 6. Its member firms, for whoever wants to visit them.
        members = workspace.read("cluster_member", ["cluster_id", "name", "county"]).to_pandas()
        print(members.groupby("cluster_id").size().to_string())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
