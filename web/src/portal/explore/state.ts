// The view: all of it stands in the address (src/gaoyuan/portal/explore/selection.py reads the same).

import type { Settings } from "./data";
import type { Frame } from "./frame";

export const LEVELS = ["county", "prefecture", "province"] as const;
export type Level = (typeof LEVELS)[number];
export type ChartKind = "bar" | "scatter";

export interface View {
  industry: string;
  region: string;
  level: Level;
  measure: string;
  chart: ChartKind;
  sort: string;
  at: string;
  /** Longitude, latitude, zoom, where somebody has moved the map. */
  map: string;
}

export const USUAL: View = { industry: "", region: "", level: "county", measure: "location_quotient", chart: "bar", sort: "", at: "", map: "" };
const KEYS = Object.keys(USUAL) as (keyof View)[];

/** Read a view from an address's query; what is not known is as usual. */
export function readView(query: string, settings: Settings, frame: Frame): View {
  const given = new URLSearchParams(query);
  const view: View = { ...USUAL };
  for (const key of KEYS) view[key] = (given.get(key) ?? USUAL[key]) as never;
  if (!frame.industry(view.industry)) view.industry = settings.view.industry;
  if (!(view.level in settings.levels)) view.level = "county";
  if (!(view.measure in settings.measures)) view.measure = USUAL.measure;
  if (view.chart !== "scatter") view.chart = "bar";
  return view;
}

export function queryOf(view: View): string {
  const query = new URLSearchParams();
  for (const key of KEYS) if (view[key] && view[key] !== USUAL[key]) query.set(key, view[key]);
  return query.toString();
}

/** The code of the region of a level in which a county lies. */
export function groupOf(county: string, level: Level): string {
  return level === "county" ? county : level === "prefecture" ? `${county.slice(0, 4)}00` : `${county.slice(0, 2)}0000`;
}

/** The digits with which the codes of regions inside an area begin; "" for everywhere. */
export function insideOf(area: string): string {
  return area.endsWith("0000") ? area.slice(0, 2) : area.slice(0, 4);
}
