// Regions and industries by code, and what words find.

import { CHINESE } from "../shared/language";
import type { FramePart } from "./data";
import { LEVELS, type Level } from "./state";

export interface Industry {
  code: string;
  name: string;
  /** The name in the language of the page. */
  words: string;
  english: string;
  initials: string;
  section: string;
  firms: number | null;
}

export class Frame {
  readonly industries: Industry[];
  private readonly byCode: Map<string, Industry>;
  private readonly names: Record<Level, Map<string, string>>;

  /** `other` is what stands in the place of an industry. */
  constructor(private readonly part: FramePart, private readonly other?: { code: string; name: string }) {
    let section = "";
    const { code, name, english, initials, firms } = part.industries;
    this.industries = code.map((own, i) => {
      if (/^[A-Z]/.test(own)) section = own;
      return { code: own, name: name[i]!, words: (!CHINESE && english[i]) || name[i]!, english: english[i]!, initials: initials[i]!, section, firms: firms[i] ?? null };
    });
    this.byCode = new Map(this.industries.map((one) => [one.code, one]));
    this.names = { county: new Map(), prefecture: new Map(), province: new Map() };
    const { region, region_level, region_name } = part.regions;
    region.forEach((own, i) => this.names[region_level[i]!].set(own, region_name[i]!));
  }

  industry(code: string): Industry | undefined {
    if (code === this.other?.code) return { ...this.other, words: this.other.name, english: "", initials: "", section: "", firms: null };
    return this.byCode.get(code);
  }

  /** The codes of the regions of a level that have figures. */
  regions(level: Level): Iterable<string> {
    return this.names[level].keys();
  }

  name(region: string, level: Level): string {
    return this.names[level].get(region) ?? this.part.division_names[`${3 - LEVELS.indexOf(level)}:${region}`] ?? region;
  }

  /** The names of what lies above a region: 山东省青岛市. */
  above(region: string, level: Level): string {
    const found: string[] = [];
    for (let at = 1; at < 3 - LEVELS.indexOf(level); at++) found.push(this.part.division_names[`${at}:${region.slice(0, 2 * at).padEnd(6, "0")}`] ?? "");
    return found.join("");
  }

  /** Whether an industry lies in another, by their codes and the letter above. */
  within(code: string, other: string): boolean {
    return /^[A-Z]$/.test(other) ? this.byCode.get(code)?.section === other : code.startsWith(other);
  }

  /** The divisions with clusters of an industry, or of a section. */
  divisionsOf(industry: string): string[] {
    if (industry === this.other?.code) return [];
    return this.part.with_clusters.filter((division) => division === industry.slice(0, 2) || this.within(division, industry));
  }

  /** The industries that words name, the best first: code, Chinese, pinyin initials or English, as the server counts
   * (explore/frame.py). Without words: the sections and divisions in the order of the classification. */
  find(words: string): Industry[] {
    const asked = words.trim().toLowerCase();
    if (asked === "") return this.industries.filter((one) => one.code.length <= 2);
    const scored: [number, number, Industry][] = [];
    this.industries.forEach((one, at) => {
      const score = scoreOf(asked, one);
      if (score > 0) scored.push([score, at, one]);
    });
    return scored.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , one]) => one);
  }
}

function scoreOf(asked: string, one: Industry): number {
  const code = one.code.toLowerCase();
  const length = code.length;
  if (code === asked) return 1;
  if (/^\d+$/.test(asked)) return code.startsWith(asked) ? 1 + length : 0;
  if (one.name.includes(asked)) return 10 + (one.name.startsWith(asked) ? 0 : 1) + length / 10;
  if (/^[a-z]{2,}$/.test(asked)) {
    if (one.initials.startsWith(asked)) return 20 + (one.initials === asked ? 0 : 1) + length / 10;
    if (one.initials.includes(asked)) return 22 + length / 10;
  }
  return asked.length > 1 && one.english.toLowerCase().includes(asked) ? 30 + length / 10 : 0;
}
