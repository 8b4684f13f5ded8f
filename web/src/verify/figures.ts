// The figures of gaoyuan.trust.pack.figures, in whole numbers, so that both give the same to the last digit.

import { type Json, need } from "./formats";
import type { Entry } from "./records";

export interface Trade {
  entry: Entry;
  sold: boolean;
  partner: string;
  partnerId: string;
  amount: bigint | null;
  on: string;
  day: number;
  case: string;
  late: boolean;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const dayOf = (text: string): number => Math.round(Date.parse(`${text}T00:00:00Z`) / 86_400_000);
const of = (entry: Entry, name: string): string => entry.shown[name] ?? "";

export function readTrade(entry: Entry, subject: string): Trade {
  const seller = of(entry, "seller"), buyer = of(entry, "buyer"), sold = seller === subject;
  const partner = of(entry, sold ? "buyer_as" : "seller_as"), on = of(entry, "on"), amount = of(entry, "amount_yuan");
  const logged = of(entry, "logged").slice(0, 10);
  const known = /^(0|[1-9]\d{0,21})\.\d{2}$/.test(amount);
  const well = (sold || buyer === subject) && seller !== buyer && partner && of(entry, "case") && DAY.test(on) && DAY.test(logged) && (known || amount === "unknown");
  need(well, `第 ${entry.index} 条记录：交易内容不全`, `record ${entry.index}: it does not show what a trade shows`);
  return { entry, sold, partner, partnerId: sold ? buyer : seller, amount: known ? BigInt(amount.replace(".", "")) : null, on, day: dayOf(on), case: of(entry, "case"), late: dayOf(logged) - dayOf(on) > 7 };
}

export function monthsBetween(first: string, last: string): string[] {
  const number = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
  const well = [first, last].every((one) => /^\d{4}-(0[1-9]|1[0-2])$/.test(one)) && first <= last && number(last) < number(first) + 120;
  need(well, "期间无效", "the period is malformed");
  return Array.from({ length: number(last) - number(first) + 1 }, (_, at) => {
    const month = number(first) + at;
    return `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;
  });
}

const share = (part: bigint, whole: bigint): number | null => (whole > 0n ? Number((part * 20_000n + whole) / (2n * whole)) : null);
const yuan = (fen: bigint): string => `${fen / 100n}.${String(fen % 100n).padStart(2, "0")}`;
const sum = (trades: Trade[]): bigint => trades.reduce((total, one) => total + (one.amount ?? 0n), 0n);
const smaller = (one: bigint, other: bigint): bigint => (one < other ? one : other);

function pairs(bought: Trade[], sold: Trade[]): number {
  const order = (one: Trade, other: Trade): number => {
    if (one.amount !== other.amount) return one.amount! < other.amount! ? -1 : 1;
    return one.on === other.on ? one.entry.index - other.entry.index : one.on < other.on ? -1 : 1;
  };
  bought.sort(order);
  sold.sort(order);
  let found = 0, at = 0, other = 0;
  while (at < bought.length && other < sold.length) {
    const one = bought[at]!, two = sold[other]!;
    const less = smaller(one.amount!, two.amount!), more = one.amount! + two.amount! - less;
    const alike = (more - less) * 100n <= more;
    if (alike && Math.abs(one.day - two.day) <= 30) {
      found++;
      at++;
      other++;
    } else if (alike ? one.on < two.on : one.amount! < two.amount!) at++;
    else other++;
  }
  return found;
}

export function figuresOf(entries: Entry[], subject: string, first: string, last: string, signed: Map<string, Set<string>>): Record<string, Json> {
  const months = monthsBetween(first, last);
  const all = entries.filter((one) => one.kind === "trade" && of(one, "on")).map((one) => readTrade(one, subject));
  const trades = all.filter((one) => first <= one.on.slice(0, 7) && one.on.slice(0, 7) <= last);
  const sales = trades.filter((one) => one.sold), bought = trades.filter((one) => !one.sold);
  const total = sum(sales), spent = sum(bought), count = BigInt(trades.length);
  const monthly = months.map((month) => {
    const within = trades.filter((one) => one.on.startsWith(month));
    return { month, sold: sum(within.filter((one) => one.sold)), paid: sum(within.filter((one) => !one.sold)), number: within.length, sales: within.some((one) => one.sold) };
  });
  let gap = 0, running = 0;
  for (const one of monthly) {
    running = one.sales ? 0 : running + 1;
    gap = Math.max(gap, running);
  }
  const half = Math.floor(months.length / 2);
  const part = (from: number, to: number): bigint => monthly.slice(from, to).reduce((all, one) => all + one.sold, 0n);
  const grown = half ? share(part(months.length - half, months.length), part(0, half)) : null;
  const customers = new Map<string, bigint>();
  for (const one of sales) customers.set(one.partner, (customers.get(one.partner) ?? 0n) + (one.amount ?? 0n));
  const largest = [...customers.values()].sort((one, other) => (one > other ? -1 : one < other ? 1 : 0));
  const stages = new Map<string, Set<string>>();
  for (const one of entries) {
    const stage = of(one, "stage"), where = of(one, "case");
    if (one.kind === "move" && stage) stages.set(where, (stages.get(where) ?? new Set()).add(stage));
  }
  const having = (stage: string): bigint => BigInt(trades.filter((one) => stages.get(one.case)?.has(stage)).length);
  const both = trades.filter((one) => signed.get(one.entry.leaf)?.size === 2);
  const flows = new Map<string, [bigint, bigint]>(), sides = new Map<string, [Trade[], Trade[]]>();
  for (const one of trades) {
    const flow = flows.get(one.partner) ?? [0n, 0n];
    flow[one.sold ? 1 : 0] += one.amount ?? 0n;
    flows.set(one.partner, flow);
    if (!one.amount) continue;
    const side = sides.get(one.partner) ?? [[], []];
    side[one.sold ? 1 : 0].push(one);
    sides.set(one.partner, side);
  }
  const ways = [...flows.values()].map(([one, other]) => smaller(one, other)).filter((one) => one > 0n);
  const sumOf = (amounts: bigint[]): bigint => amounts.reduce((one, other) => one + other, 0n);
  return {
    trades: trades.length,
    sales_yuan: yuan(total),
    purchases_yuan: yuan(spent),
    amounts_unknown: trades.filter((one) => one.amount === null).length,
    months: months.length,
    months_with_sales: monthly.filter((one) => one.sales).length,
    longest_gap_months: gap,
    growth_bp: grown === null ? null : grown - 10_000,
    customers: customers.size,
    suppliers: new Set(bought.map((one) => one.partner)).size,
    largest_customer_bp: share(sumOf(largest.slice(0, 1)), total),
    three_largest_bp: share(sumOf(largest.slice(0, 3)), total),
    hhi_bp: share(sumOf(largest.map((one) => one * one)), total * total),
    disputed_bp: share(having("dispute"), count),
    returned_bp: share(having("return"), count),
    both_signed_bp: share(BigInt(both.length), count),
    both_signed_amount_bp: share(sum(both), total + spent),
    with_order_bp: share(having("order"), count),
    with_delivery_bp: share(having("delivery"), count),
    with_acceptance_bp: share(having("acceptance"), count),
    bookings: [...stages.values()].filter((one) => one.has("booking")).length,
    not_shown: entries.filter((one) => ["trade", "move"].includes(one.kind) && !of(one, "on") && !of(one, "move") && first <= of(one, "logged").slice(0, 7) && of(one, "logged").slice(0, 7) <= last).length,
    late_bp: share(BigInt(trades.filter((one) => one.late).length), count),
    both_ways_partners: ways.length,
    both_ways_bp: share(2n * sumOf(ways), total + spent),
    mirrored_pairs: [...sides.values()].reduce((all, [one, other]) => all + pairs(one, other), 0),
    by_month: monthly.map((one) => [one.month, yuan(one.sold), yuan(one.paid), String(one.number)]),
  };
}
