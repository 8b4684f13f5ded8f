// What the page of an atlas holds, and what follows from it: neighbours, and the nearest product that each belongs to.

import { unpack, type Numbers } from "../unpack";

export type Both = [string, string];
export type Value = string | number | boolean | null;

export interface ListData {
  id: string;
  title: Both;
  no_data: Both | null;
  /** What stands in place of rows. */
  empty: Both | null;
  note: Both | null;
  total: number;
  columns: [string, string, string, string][];
  rows: Value[][];
}

export interface MapData {
  id: string;
  title: Both;
  shows: "panorama" | "tree" | "applications" | "regions" | "invitations" | null;
  no_data: Both | null;
  table: ListData | null;
}

export interface RegionData {
  code: (string | null)[];
  name: string[];
  firms: number[];
  local: number[];
  products: number[];
  whole: boolean[];
  x: (number | null)[];
  y: (number | null)[];
  province: string[];
  province_code: string[];
  province_at: [number, number][];
  counties: number;
  county_code: string[];
  step: number;
  notice: string;
}

export interface Header {
  product: string;
  name: string;
  place: string;
  as_of: string;
  states: [string, string, string][];
  rules: [string, string, string][];
  profile: { title: Both; status: Both; source: Both; url: string | null; note: Both | null };
  headline: Both;
  urgent: Both;
  total: number;
  nodes: Record<string, Value[]>;
  links: { product: number[]; input: number[]; share: (number | null)[]; quantity: (number | null)[]; essential: (boolean | null)[] };
  firms: Record<string, Value[]>;
  regions: RegionData;
  maps: MapData[];
  lists: ListData[];
  sources: Both[];
}

/** A product of the atlas; what is unknown is NaN. */
export interface Product {
  index: number;
  id: string;
  name: string;
  chain: string | null;
  industry: string | null;
  /** 0 the product itself, below 0 its inputs, above 0 its users. */
  level: number;
  loop: boolean;
  state: number;
  local: number;
  outside: number;
  unknown: number;
  possible: number;
  output: number;
  national: number;
  supplyLow: number;
  supplyHigh: number;
  imported: number;
  /** The product of the next nearer level that it belongs to most: −1 for none. */
  parent: number;
}

export interface Link {
  product: number;
  input: number;
  share: number;
  quantity: number;
  essential: boolean | null;
}

export interface Firm {
  name: string;
  place: string;
  where: string | null;
  size: string | null;
  titles: string | null;
  employees: number;
  revenue: number;
  output: number;
  national: number;
}

/** How early a state is shown: missing, imported, single source, weak, unknown, strong. */
const URGENCY = ["missing", "imported", "single_source", "weak", "unknown", "strong"];

export class Atlas {
  readonly products: Product[];
  readonly links: Link[];
  readonly inputsOf: Link[][];
  readonly usersOf: Link[][];
  readonly firmsOf: Firm[][];
  /** By state, its place in the order of urgency. */
  readonly urgency: number[];

  private constructor(
    readonly header: Header,
    readonly arrays: Record<string, Numbers>,
  ) {
    const { nodes, links, firms, states } = header;
    this.urgency = states.map(([state]) => URGENCY.indexOf(state));
    const number = (value: Value | undefined): number => (typeof value === "number" ? value : NaN);
    const text = (value: Value | undefined): string | null => (typeof value === "string" && value !== "" ? value : null);
    this.products = nodes["id"]!.map((id, i) => ({
      index: i,
      id: String(id),
      name: String(nodes["name"]![i]),
      chain: text(nodes["chain"]![i]),
      industry: text(nodes["industry"]![i]),
      level: Number(nodes["level"]![i]),
      loop: nodes["loop"]![i] === true,
      state: Number(nodes["state"]![i]),
      local: number(nodes["local_firms"]![i]),
      outside: number(nodes["outside_firms"]![i]),
      unknown: number(nodes["unknown_firms"]![i]),
      possible: number(nodes["possible_firms"]![i]),
      output: number(nodes["output"]![i]),
      national: number(nodes["national_share"]![i]),
      supplyLow: number(nodes["local_supply_low"]![i]),
      supplyHigh: number(nodes["local_supply_high"]![i]),
      imported: number(nodes["imported_share"]![i]),
      parent: -1,
    }));
    this.links = links.product.map((product, i) => ({
      product,
      input: links.input[i]!,
      share: number(links.share[i]),
      quantity: number(links.quantity[i]),
      essential: links.essential[i] ?? null,
    }));
    this.inputsOf = this.products.map(() => []);
    this.usersOf = this.products.map(() => []);
    for (const link of this.links) {
      this.inputsOf[link.product]!.push(link);
      this.usersOf[link.input]!.push(link);
    }
    const largest = (a: Link, b: Link): number => (b.share || 0) - (a.share || 0);
    for (const own of [...this.inputsOf, ...this.usersOf]) own.sort(largest);
    for (const product of this.products) product.parent = this.parentOf(product);
    this.firmsOf = this.products.map(() => []);
    firms["node"]!.forEach((node, i) =>
      this.firmsOf[Number(node)]!.push({
        name: String(firms["name"]![i]),
        place: String(firms["place"]![i]),
        where: text(firms["where"]![i]),
        size: text(firms["size"]![i]),
        titles: text(firms["titles"]![i]),
        employees: number(firms["employees"]![i]),
        revenue: number(firms["revenue"]![i]),
        output: number(firms["output"]![i]),
        national: number(firms["national"]![i]),
      }),
    );
  }

  static async read(base64: string): Promise<Atlas> {
    const { header, arrays } = await unpack(base64);
    return new Atlas(header as unknown as Header, arrays);
  }

  get root(): Product {
    return this.products.find((product) => product.level === 0)!;
  }

  /** The levels that there are, from the farthest user to the farthest input. */
  get levels(): number[] {
    return [...new Set(this.products.map((product) => product.level))].sort((a, b) => b - a);
  }

  at(level: number): Product[] {
    return this.products.filter((product) => product.level === level).sort((a, b) => this.order(a, b));
  }

  /** The most urgent states first, then the nearest levels, then the names. */
  order(a: Product, b: Product): number {
    return this.urgency[a.state]! - this.urgency[b.state]! || Math.abs(a.level) - Math.abs(b.level) || a.name.localeCompare(b.name, "zh-CN");
  }

  state(product: Product): string {
    return this.header.states[product.state]![0];
  }

  stateWords(product: Product): Both {
    const [, zh, en] = this.header.states[product.state]!;
    return [zh, en];
  }

  private parentOf(product: Product): number {
    if (product.level === 0) return -1;
    const nearer = product.level - Math.sign(product.level);
    const links = product.level < 0 ? this.usersOf[product.index]! : this.inputsOf[product.index]!;
    const other = (link: Link): number => (product.level < 0 ? link.product : link.input);
    const found = links.find((link) => this.products[other(link)]!.level === nearer);
    return found ? other(found) : -1;
  }
}
