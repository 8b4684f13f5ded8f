// The data of the page, and what follows from them: shares, firms expected, location quotients.

import { shapes, unpack, Varints, type Numbers, type Shape } from "./unpack";

export interface Province {
  code: string;
  name: string;
  shown: boolean;
  firms: number;
  coverage: number | null;
}

interface Header {
  title: string;
  made: { run: string; when: string; version: string } | null;
  boundaries: string;
  county: { code: string[]; name: string[]; prefecture: Record<string, string>; outlined_provinces: string[]; step: number };
  province: Province[];
  industry: { code: string[]; name: string[]; english: string[]; section: string[] };
  cluster: Record<string, (string | null)[]> & { counties: number[][]; step: number };
  coverage: Record<string, number[]>;
}

export interface Cluster {
  index: number;
  /** Place by strength of evidence among the clusters found, from 1. */
  order: number;
  id: string;
  name: string;
  county: number;
  countyName: string;
  place: string;
  industry: number;
  industryCode: string;
  industryName: string;
  theme: string | null;
  foundBy: string | null;
  recognised: string | null;
  recognisedSource: string | null;
  firms: number;
  expected: number;
  quotient: number;
  q: number;
  minusLog10P: number;
  rank: number;
  placeFirms: number;
  industryFirms: number;
  testedFirms: number;
  windowFirms: number;
  windowPlaceFirms: number;
  tests: number;
  employees: number;
  revenue: number;
  sizeCoverage: number;
  area: number;
  within: number;
  stability: number;
  counties: number[];
  point: [number, number] | null;
  shape: Shape;
}

/** An industry in a county. */
export interface Cell {
  industry: number;
  county: number;
  firms: number;
  expected: number;
  quotient: number;
  share: number;
  /** The q value is at most this. */
  q: number;
  significant: boolean;
}

const FIRST_SIGNIFICANT_STEP = 26;
const STEPS_A_DECADE = 20;
const NO_PREFECTURE = /^(市辖区|县|省直辖|自治区直辖)/;

export class Model {
  readonly countyShapes: Shape[];
  readonly provinceShapes: Shape[];
  readonly clusters: Cluster[];
  readonly industryFirms: Float64Array;
  /** Firms with an industry by county, over all industries of a level. */
  readonly countyTotal: Float64Array;
  readonly everything: number;
  private readonly begins: Uint32Array;
  private readonly cellCounty: Uint16Array;
  private readonly cellFirms: Uint32Array;
  private readonly cellQ: Numbers;

  private constructor(
    readonly header: Header,
    readonly arrays: Record<string, Numbers>,
  ) {
    const { county, industry } = header;
    this.countyShapes = shapes(arrays["county_shape"]!, county.code.length, county.step);
    this.provinceShapes = shapes(arrays["province_shape"]!, county.outlined_provinces.length, county.step);

    const rows = arrays["cell_rows"]!;
    this.begins = new Uint32Array(industry.code.length + 1);
    for (let i = 0; i < rows.length; i++) this.begins[i + 1] = this.begins[i]! + rows[i]!;
    const size = this.begins[industry.code.length]!;
    const steps = new Varints(arrays["cell_county"]!);
    const firms = new Varints(arrays["cell_firms"]!);
    this.cellCounty = new Uint16Array(size);
    this.cellFirms = new Uint32Array(size);
    this.cellQ = arrays["cell_q"]!;
    this.industryFirms = new Float64Array(industry.code.length);
    this.countyTotal = new Float64Array(county.code.length);
    let everything = 0;
    for (let i = 0; i < industry.code.length; i++) {
      let at = 0;
      for (let c = this.begins[i]!; c < this.begins[i + 1]!; c++) {
        at += steps.next();
        const n = firms.next();
        this.cellCounty[c] = at;
        this.cellFirms[c] = n;
        this.industryFirms[i] = this.industryFirms[i]! + n;
        // Every coded firm is in just one section.
        if (industry.code[i]!.length === 1) {
          this.countyTotal[at] = this.countyTotal[at]! + n;
          everything += n;
        }
      }
    }
    this.everything = everything;
    this.clusters = this.readClusters();
  }

  static async read(base64: string): Promise<Model> {
    const { header, arrays } = await unpack(base64);
    return new Model(header as unknown as Header, arrays);
  }

  /** The industry's counties with at least one firm. */
  cells(industry: number): Cell[] {
    const found: Cell[] = [];
    for (let c = this.begins[industry]!; c < this.begins[industry + 1]!; c++) found.push(this.cell(industry, c));
    return found;
  }

  /** What an industry is in a county, or null where it has no firm there. */
  cellOf(industry: number, county: number): Cell | null {
    for (let c = this.begins[industry]!; c < this.begins[industry + 1]!; c++)
      if (this.cellCounty[c] === county) return this.cell(industry, c);
    return null;
  }

  /** The classes that stand out most in a county, by evidence: the log likelihood ratio against no clustering. */
  strongest(county: number, many: number): Cell[] {
    const found: Cell[] = [];
    for (let i = 0; i < this.header.industry.code.length; i++) {
      if (this.header.industry.code[i]!.length !== 4) continue;
      const cell = this.cellOf(i, county);
      if (cell && cell.quotient > 1) found.push(cell);
    }
    const evidence = (cell: Cell): number => cell.firms * Math.log(cell.quotient) - (cell.firms - cell.expected);
    return found.sort((a, b) => evidence(b) - evidence(a)).slice(0, many);
  }

  provinceOf(county: number): Province | undefined {
    return this.header.province.find((province) => province.code.startsWith(this.header.county.code[county]!.slice(0, 2)));
  }

  /** Province, prefecture and county in one word. */
  fullName(county: number): string {
    const code = this.header.county.code[county]!;
    const prefecture = this.header.county.prefecture[code.slice(0, 4)] ?? "";
    const name = this.header.county.name[county]!;
    const province = this.provinceOf(county)?.name ?? "";
    return province + (NO_PREFECTURE.test(prefecture) || prefecture === name ? "" : prefecture) + name;
  }

  private cell(industry: number, c: number): Cell {
    const county = this.cellCounty[c]!;
    const firms = this.cellFirms[c]!;
    const total = this.countyTotal[county]!;
    const expected = (total * this.industryFirms[industry]!) / this.everything;
    const step = this.cellQ[c]!;
    return {
      industry,
      county,
      firms,
      expected,
      quotient: firms / expected,
      share: firms / total,
      q: 10 ** (-step / STEPS_A_DECADE),
      significant: step >= FIRST_SIGNIFICANT_STEP,
    };
  }

  private readClusters(): Cluster[] {
    const { cluster, county, industry } = this.header;
    const texts = (name: string): (string | null)[] => cluster[name]!;
    const numbers = (name: string): Numbers => this.arrays[`cluster_${name}`]!;
    const own = shapes(numbers("shape"), texts("cluster_id").length, cluster.step);
    const whole = (name: string, i: number): number => (numbers(name)[i]! < 0 ? NaN : numbers(name)[i]!);
    const order = new Map(
      [...numbers("minus_log10_p")].map((evidence, i) => [evidence, i] as const).filter(([evidence, i]) => texts("found_by")[i] !== null && !Number.isNaN(evidence))
        .sort((a, b) => b[0] - a[0] || a[1] - b[1]).map(([, i], place) => [i, place + 1] as const),
    );
    return texts("cluster_id").map((id, i) => {
      const at = numbers("county")[i]!;
      const of = numbers("industry")[i]!;
      const [x, y] = [numbers("point")[2 * i]!, numbers("point")[2 * i + 1]!];
      return {
        index: i,
        order: order.get(i) ?? NaN,
        id: id ?? "",
        name: texts("name")[i] ?? texts("theme")[i] ?? id ?? "",
        county: at,
        countyName: texts("county_name")[i] ?? (at >= 0 ? county.name[at]! : ""),
        place: at >= 0 ? this.fullName(at) : (texts("county_name")[i] ?? ""),
        industry: of,
        industryCode: of >= 0 ? industry.code[of]! : "",
        industryName: texts("industry_name")[i] ?? texts("theme")[i] ?? "",
        theme: texts("theme")[i] ?? null,
        foundBy: texts("found_by")[i] ?? null,
        recognised: texts("recognised")[i] ?? null,
        recognisedSource: texts("recognised_source")[i] ?? null,
        firms: whole("firms", i),
        expected: numbers("expected")[i]!,
        quotient: numbers("location_quotient")[i]!,
        q: numbers("q_value")[i]!,
        minusLog10P: numbers("minus_log10_p")[i]!,
        rank: whole("rank", i),
        placeFirms: whole("place_firms", i),
        industryFirms: whole("industry_firms", i),
        testedFirms: numbers("tested_firms")[i]!,
        windowFirms: whole("window_firms", i),
        windowPlaceFirms: whole("window_place_firms", i),
        tests: numbers("tests")[i]!,
        employees: whole("employees", i),
        revenue: numbers("revenue_yuan")[i]!,
        sizeCoverage: numbers("size_coverage")[i]!,
        area: numbers("area_km2")[i]!,
        within: numbers("within_100_km2")[i]!,
        stability: numbers("stability")[i]!,
        counties: cluster.counties[i] ?? [],
        point: Number.isNaN(x) ? null : ([x, y] as [number, number]),
        shape: own[i]!,
      };
    });
  }
}
