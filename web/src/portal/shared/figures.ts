// Figures as the server writes them (workbench/templatetags/figures.py): both change together. Unknown is a dash.

import { CHINESE } from "./language";

export const UNKNOWN = "—";
export type Known = number | null | undefined;

const known = (value: Known): value is number => typeof value === "number" && Number.isFinite(value);

/** Round as Python does: what lies exactly between two goes to the even one. `toFixed` takes the larger. */
function fixed(value: number, places: number): string {
  const rounded = value.toFixed(places);
  const [before, after = ""] = value.toFixed(Math.min(places + 60, 100)).split(".") as [string, string?];
  if (!/^50*$/.test(after.slice(places))) return rounded;
  const cut = places > 0 ? `${before}.${after.slice(0, places)}` : before;
  return Number(cut.at(-1)) % 2 === 0 ? cut : rounded;
}

function whole(value: number): string {
  return fixed(value, 0).replace(/\B(?=(\d{3})+$)/g, ",");
}

function places(value: number, digits: number): number {
  return Math.max(digits - 1 - Math.floor(Math.log10(Math.abs(value))), 0);
}

export function count(value: Known): string {
  return known(value) ? whole(value) : UNKNOWN;
}

/** Three significant digits, more where the whole part has more. */
export function figure(value: Known): string {
  if (!known(value)) return UNKNOWN;
  if (value === 0) return "0";
  if (Math.abs(value) >= 100) return whole(value);
  const text = fixed(value, places(value, 3));
  return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
}

export function percent(share: Known): string {
  return known(share) ? `${figure(share * 100)} %` : UNKNOWN;
}

export function probability(value: Known): string {
  if (!known(value)) return UNKNOWN;
  if (value < 1e-4) return "< 0.0001";
  return Number(fixed(value, places(value, 2))).toString();
}

const STEPS: [number, string][] = CHINESE
  ? [[1e8, "亿元"], [1e4, "万元"], [1, "元"]]
  : [[1e9, "billion yuan"], [1e6, "million yuan"], [1, "yuan"]];

export function money(yuan: Known): string {
  if (!known(yuan)) return UNKNOWN;
  const [size, unit] = STEPS.find(([least]) => Math.abs(yuan) >= least) ?? STEPS[STEPS.length - 1]!;
  return `${figure(yuan / size)} ${unit}`;
}
