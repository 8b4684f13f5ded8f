// The mark of each state: a shape and a colour, so that it is told apart without colours, and printed in grey.

import { s } from "../dom";

/** A drawing 16 wide: full, half, one dot, crossed, from outside, asked for. */
export function mark(state: string): SVGSVGElement {
  const parts: Record<string, () => Node[]> = {
    strong: () => [s("circle", { cx: 8, cy: 8, r: 6.5 })],
    weak: () => [s("circle", { cx: 8, cy: 8, r: 5.8, class: "outline" }), s("path", { d: "M8 2.2a5.8 5.8 0 0 0 0 11.6z" })],
    single_source: () => [s("circle", { cx: 8, cy: 8, r: 5.8, class: "outline" }), s("circle", { cx: 8, cy: 8, r: 2.4 })],
    missing: () => [s("path", { d: "M3 3l10 10M13 3L3 13", class: "outline thick" })],
    imported: () => [s("path", { d: "M8 1.5l6.5 6.5L8 14.5 1.5 8z" })],
    unknown: () => [s("circle", { cx: 8, cy: 8, r: 7, class: "outline thin" }), s("text", { x: 8, y: 11.8, "text-anchor": "middle" }, "?")],
  };
  return s("svg", { viewBox: "0 0 16 16", width: 16, height: 16, class: `mark ${state}`, "aria-hidden": "true", focusable: "false" }, ...(parts[state]?.() ?? []));
}
