// Numbers as people read them. Unknown is a dash, never a zero.

import { h } from "./dom";

export const UNKNOWN = "—";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

export function count(value: number): string {
  return Number.isFinite(value) && value >= 0 ? whole.format(value) : UNKNOWN;
}

/** Three significant digits, more before the point where there are more. */
export function decimal(value: number): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  const size = Math.abs(value);
  if (size >= 1000) return whole.format(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  if (size >= 1 || size === 0) return value.toFixed(2);
  return Number(value.toPrecision(2)).toString();
}

export function percent(value: number): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  const size = value * 100;
  return `${size >= 10 ? size.toFixed(0) : size >= 1 ? size.toFixed(1) : Number(size.toPrecision(2)).toString()}%`;
}

/** A probability by its decimal logarithm, so that one too small for a number can still be shown. */
export function power(minusLog10: number): string | Node {
  if (!Number.isFinite(minusLog10)) return UNKNOWN;
  if (minusLog10 < 3) return Number((10 ** -minusLog10).toPrecision(2)).toString();
  let exponent = Math.ceil(minusLog10);
  let mantissa = (10 ** (exponent - minusLog10)).toFixed(1);
  if (mantissa === "10.0") {
    mantissa = "1.0";
    exponent -= 1;
  }
  return tenTo(`${mantissa}×`, exponent);
}

export function probability(value: number): string | Node {
  if (!Number.isFinite(value)) return UNKNOWN;
  return value < 1e-300 ? tenTo("< ", 300) : power(-Math.log10(value));
}

/** Ten to a negative power, with an exponent that every font draws alike. */
export function tenTo(before: string, exponent: number): Node {
  return h("span", { class: "power" }, `${before}10`, h("sup", {}, `−${exponent}`));
}

/** Yuan in 万 and 亿. */
export function money(value: number): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  if (value >= 1e8) return `${decimal(value / 1e8)} 亿元`;
  if (value >= 1e4) return `${decimal(value / 1e4)} 万元`;
  return `${decimal(value)} 元`;
}
