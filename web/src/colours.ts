// Colours of the map. The ramp is sequential, even in lightness, and told apart by people who see red and green alike;
// clusters are the one warm colour.

export const RAMP = ["#dcebf0", "#b3d5e2", "#82b8d1", "#5093b9", "#2a6c9b", "#12436f"] as const;
export const NOT_SIGNIFICANT = "#d9d8d4";
export const NO_FIRMS = "#f6f6f3";
export const GROUND = "#eef1f2";
export const OTHER_PROVINCE = "#f8f8f6";
export const CLUSTER = "#c8431f";
export const CLUSTER_DARK = "#8f2b10";

export type Measure = "lq" | "firms" | "share";

/** Class of a county on the map: a step of the ramp, not significant, or nothing to show. */
export const CLASS_NOT_SIGNIFICANT = -1;
export const CLASS_NONE = -2;

const LQ_BREAKS = [1, 1.5, 2, 4, 8];
const QUANTILES = [0.3, 0.55, 0.75, 0.9, 0.97];

/** Five breaks between six steps of the ramp: fixed for location quotients, round numbers near quantiles for the rest. */
export function breaksOf(measure: Measure, values: number[]): number[] {
  if (measure === "lq") return LQ_BREAKS;
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return [];
  const found: number[] = [];
  for (const quantile of QUANTILES) {
    const round = rounded(sorted[Math.floor(quantile * (sorted.length - 1))]!);
    if (round > 0 && round !== found.at(-1) && (measure === "share" || round > 1)) found.push(round);
  }
  return found;
}

/** The step of the ramp for a value; where there are few breaks the steps spread over the ramp. */
export function stepOf(value: number, breaks: number[]): number {
  let step = 0;
  while (step < breaks.length && value >= breaks[step]!) step++;
  return rampStep(step, breaks.length + 1);
}

export function rampStep(step: number, steps: number): number {
  return steps <= 1 ? 3 : Math.round((step * (RAMP.length - 1)) / (steps - 1));
}

function rounded(value: number): number {
  if (value <= 0) return 0;
  const scale = 10 ** Math.floor(Math.log10(value));
  const first = value / scale;
  const nearest = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].reduce((a, b) => (Math.abs(b - first) < Math.abs(a - first) ? b : a));
  const round = Number((nearest * scale).toPrecision(2));
  return value >= 1 ? Math.max(1, Math.round(round)) : round;
}
