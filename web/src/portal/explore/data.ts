// What the server sends: parts of one snapshot (src/gaoyuan/portal/snapshots/parts.py).

import { shapes, type Shape } from "../../unpack";
import { say } from "../shared/language";
import type { Level, View } from "./state";

export type Figure = number | null;

export interface MeasureSettings {
  name: string;
  explains: string;
  written: "count" | "figure" | "money" | "percent" | "probability";
  least: boolean;
}

/** What the page says of itself (explore/views.py). */
export interface Settings {
  view: View;
  frame: string;
  outlines: string;
  footprints: string;
  industry: string;
  embed: string;
  region: string;
  cluster: string;
  measures: Record<string, MeasureSettings>;
  columns: string[];
  levels: Record<Level, string>;
  hides: boolean;
  /** What is looked at: all industries and themes stand in the place of an industry. */
  kind: "industry" | "all" | "theme";
  name: string;
  /** Of a theme: its clusters, and the divisions with their footprints. */
  clusters: { ids: string[]; divisions: string[] } | null;
  /** The measure that addresses leave out. */
  usual: string;
  tianditu: string;
}

export interface FramePart {
  regions: { region: string[]; region_level: Level[]; region_name: string[] };
  division_names: Record<string, string>;
  /** The divisions that have a part of footprints. */
  with_clusters: string[];
  industries: { code: string[]; name: string[]; english: string[]; initials: string[]; firms: Figure[] };
}

export interface Outlines {
  code: string[];
  name: string[];
  x: number[];
  y: number[];
  step: number;
  shapes: Shape[];
}

export type IndustryPart = { region: string[] } & Record<string, Figure[]>;

/** The clusters of a division. */
export interface FootprintsPart {
  cluster_id: string[];
  name: string[];
  county: (string | null)[];
  industry: string[];
  firms: Figure[];
  location_quotient: Figure[];
  x: Figure[];
  y: Figure[];
  step: number;
  shapes: string;
}

/** Nothing of that name is there: an industry that no region of the level has. */
export class Missing extends Error {}

/** The snapshot that the page is of has been replaced. */
export class Gone extends Error {}

const held = new Map<string, Promise<unknown>>();
const MOST_HELD = 60;

/** Fetch a part, once. */
export function part<T>(address: string): Promise<T> {
  const known = held.get(address) as Promise<T> | undefined;
  if (known) return known;
  const asked = fetch(address).then(async (answer) => {
    if (answer.status === 404) throw new Missing(address);
    if (answer.status === 410) throw new Gone(address);
    if (!answer.ok) throw new Error(say(`服务器没有回答（${answer.status}）`, `The server did not answer (${answer.status})`));
    return (await answer.json()) as T;
  });
  asked.catch(() => held.delete(address));
  held.set(address, asked);
  if (held.size > MOST_HELD) held.delete(held.keys().next().value!);
  return asked;
}

let outlines: Promise<Outlines> | null = null;

export function outlinesOf(address: string): Promise<Outlines> {
  outlines ??= part<Omit<Outlines, "shapes"> & { shapes: string }>(address).then((packed) => ({ ...packed, shapes: unpacked(packed.shapes, packed.code.length, packed.step) }));
  return outlines;
}

export function unpacked(base64: string, count: number, step: number): Shape[] {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return shapes(bytes, count, step);
}
