// Clusters of an industry: where each is, and its footprint where it has one.

import type { Shape } from "../../unpack";
import { Missing, part, unpacked, type ClustersPart, type FootprintsPart, type Outlines } from "./data";
import type { Frame } from "./frame";
import type { ClusterMark } from "./map";

export interface FoundCluster {
  id: string;
  name: string;
  firms: number | null;
  quotient: number | null;
  mark: ClusterMark | null;
}

/** Give the clusters of an industry and of those inside it, the strongest first; without a place there is no mark. */
export async function marksOf(industry: string, list: ClustersPart, frame: Frame, outlines: Outlines, address: string): Promise<FoundCluster[]> {
  const own = list.cluster_id.map((_, i) => i).filter((i) => list.industry[i] && frame.within(list.industry[i], industry));
  const feet = own.length > 0 && /^\d\d/.test(industry) ? await footprintsOf(address.replace("DIVISION", industry.slice(0, 2))) : new Map<string, never>();
  const county = new Map(outlines.code.map((code, i) => [code, i]));
  return own.map((i) => {
    const id = list.cluster_id[i]!;
    const foot: { point: [number, number] | null; shape: Shape } | undefined = feet.get(id);
    const at = county.get(list.county[i] ?? "");
    const point = foot?.point ?? (at === undefined ? null : ([outlines.x[at]!, outlines.y[at]!] as [number, number]));
    const mark = point && { id, name: list.name[i]!, point, shape: foot?.shape ?? [], firms: list.firms[i] ?? 0 };
    return { id, name: list.name[i]!, firms: list.firms[i] ?? null, quotient: list.location_quotient[i] ?? null, mark };
  });
}

async function footprintsOf(address: string): Promise<Map<string, { point: [number, number] | null; shape: Shape }>> {
  try {
    const { cluster_id, x, y, step, shapes } = await part<FootprintsPart>(address);
    const unpackedShapes = unpacked(shapes, cluster_id.length, step);
    return new Map(cluster_id.map((id, i) => [id, { point: x[i] === null || y[i] === null ? null : [x[i]!, y[i]!], shape: unpackedShapes[i]! }]));
  } catch (error) {
    if (error instanceof Missing) return new Map();
    throw error;
  }
}
