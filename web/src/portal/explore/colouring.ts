// Which colour a region has, and what the legend says of it.

import { breaksOf, NO_FIRMS, NOT_SIGNIFICANT, RAMP, rampStep, stepOf } from "../../colours";
import { count, figure, money, percent, probability, type Known } from "../shared/figures";
import { say } from "../shared/language";
import type { Figure, IndustryPart, MeasureSettings } from "./data";

/** Classes beside the steps of the ramp. */
export const NOT_SHOWN = -1;
export const NONE = -2;
export const OUTSIDE = -3;
export const NOT_SIGNIFICANT_CLASS = -4;

const SIGNIFICANT = 0.05;
/** Measures whose differences lie behind the point. */
const FINE = new Set(["complexity", "coverage", "krugman", "entropy"]);
const QUANTILES = [0.1, 0.3, 0.5, 0.7, 0.9];
const Q_BREAKS = [0.05, 0.01, 1e-3, 1e-6];
export const HIDDEN_COLOUR = "#ece5d6";
export const OUTSIDE_COLOUR = "#fbfbfa";

const WRITERS = { count, figure, money, percent, probability };

export function write(measure: MeasureSettings, value: Known): string {
  return WRITERS[measure.written](value);
}

export interface Class {
  key: string;
  colour: string;
  label: string;
  regions: number;
}

export interface Colouring {
  classes: Map<string, number>;
  legend: Class[];
}

/** Class the regions of an industry by a measure. The rows are those to be coloured; others have none of the industry. */
export function colouring(key: string, measure: MeasureSettings, columns: IndustryPart, rows: number[], hides: boolean): Colouring {
  const values = columns[key] ?? [];
  const classes = new Map<string, number>();
  const insignificant = (row: number): boolean => key === "location_quotient" && (columns["q_value"]?.[row] ?? 0) > SIGNIFICANT;
  const shown = rows.map((row) => values[row] ?? null).filter((value): value is number => value !== null);
  const breaks = key === "q_value" ? Q_BREAKS : FINE.has(key) ? fineBreaks(shown) : breaksOf(kindOf(key), shown);
  const step = (value: number): number => (key === "q_value" ? stepOf(-value, Q_BREAKS.map((one) => -one)) : stepOf(value, breaks));
  const counts = new Map<number, number>();
  for (const row of rows) {
    const value: Figure = values[row] ?? null;
    const found = value === null ? NOT_SHOWN : insignificant(row) ? NOT_SIGNIFICANT_CLASS : step(value);
    classes.set(columns.region[row]!, found);
    counts.set(found, (counts.get(found) ?? 0) + 1);
  }
  const legend = shown.length === 0 ? [] : steps(key, measure, breaks, counts);
  if (counts.has(NOT_SIGNIFICANT_CLASS)) legend.push({ key: "not-significant", colour: NOT_SIGNIFICANT, label: say("不显著（q > 0.05）", "not significant (q > 0.05)"), regions: counts.get(NOT_SIGNIFICANT_CLASS)! });
  if (counts.has(NOT_SHOWN)) legend.push({ key: "not-shown", colour: HIDDEN_COLOUR, label: hides ? say("少于 3 家或未知，不显示", "fewer than 3 firms or unknown") : say("未知", "unknown"), regions: counts.get(NOT_SHOWN)! });
  return { classes, legend };
}

export const NONE_CLASS = (regions: number, isIndustry: boolean): Class => ({ key: "none", colour: NO_FIRMS, label: isIndustry ? say("无此行业", "none of it") : say("无", "none"), regions });

/** Breaks of figures that lie close together, below zero too. */
function fineBreaks(values: number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const found = QUANTILES.map((quantile) => Number(sorted[Math.floor(quantile * (sorted.length - 1))]?.toPrecision(2)));
  return sorted.length === 0 ? [] : [...new Set(found)];
}

function kindOf(key: string): "lq" | "firms" | "share" {
  if (key === "location_quotient") return "lq";
  return key === "share_of_region" || key === "density" ? "share" : "firms";
}

function steps(key: string, measure: MeasureSettings, breaks: number[], counts: Map<number, number>): Class[] {
  const text = (value: number): string => (key === "q_value" ? String(value) : write(measure, value));
  const found: Class[] = [];
  for (let at = 0; at <= breaks.length; at++) {
    const [low, high] = [breaks[at - 1], breaks[at]];
    const step = rampStep(at, breaks.length + 1);
    let label: string;
    if (key === "q_value") label = low === undefined ? `> ${text(high!)}` : high === undefined ? `≤ ${text(low)}` : `${text(high)}–${text(low)}`;
    else label = low === undefined ? (high === undefined ? say("有", "any") : `< ${text(high)}`) : high === undefined ? `≥ ${text(low)}` : `${text(low)}–${text(high)}`;
    found.push({ key: `step-${at}`, colour: RAMP[step]!, label, regions: counts.get(step) ?? 0 });
  }
  return found;
}
