// Clusters of an industry: where each is, and its footprint where it has one.

import { part, unpacked, type FootprintsPart, type Outlines, type Settings } from "./data";
import type { Frame } from "./frame";
import type { ClusterMark } from "./map";

export interface FoundCluster {
  id: string;
  name: string;
  firms: number | null;
  quotient: number | null;
  mark: ClusterMark | null;
}

/** Give the clusters of an industry and of those inside it, or those of a theme, the strongest first; without a place there is no mark. */
export async function marksOf(industry: string, theme: Settings["clusters"], frame: Frame, outlines: Outlines, address: string): Promise<FoundCluster[]> {
  const wanted = theme && new Set(theme.ids);
  const county = new Map(outlines.code.map((code, i) => [code, i]));
  const parts = await Promise.all((theme?.divisions ?? frame.divisionsOf(industry)).map((division) => part<FootprintsPart>(address.replace("DIVISION", division))));
  const found = parts.flatMap((list) => {
    const shapes = unpacked(list.shapes, list.cluster_id.length, list.step);
    return list.cluster_id.flatMap((id, i): FoundCluster[] => {
      if (wanted ? !wanted.has(id) : !frame.within(list.industry[i]!, industry)) return [];
      const [x, y, at] = [list.x[i], list.y[i], county.get(list.county[i] ?? "")];
      const inside: [number, number] | null = at === undefined ? null : [outlines.x[at]!, outlines.y[at]!];
      const point: [number, number] | null = typeof x === "number" && typeof y === "number" ? [x, y] : inside;
      const firms = list.firms[i] ?? null;
      const mark = point && { id, name: list.name[i]!, point, shape: shapes[i]!, firms: firms ?? 0 };
      return [{ id, name: list.name[i]!, firms, quotient: list.location_quotient[i] ?? null, mark }];
    });
  });
  // Of several divisions those with most firms come first.
  return parts.length > 1 ? found.sort((a, b) => (b.firms ?? 0) - (a.firms ?? 0)) : found;
}
