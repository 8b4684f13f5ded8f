// The atlas of a product as a picture that can stand alone: all of its levels, also those that are scrolled away, with
// title, source and date. Drawn from where things stand on the page, so that it shows what is seen.

import { s } from "../../dom";
import { say } from "../shared/language";
import { save, sourceLine } from "../shared/saving";

const MARGIN = 24;
const HEAD = 56;
const FOOT = 36;
const LEAST_WIDTH = 720;
/** Browsers draw no larger canvas. */
const MOST_PIXELS = 16_000;
const BAR = 5;

/** Buttons that save the atlas as PNG and SVG. */
export function savers(bands: HTMLElement, title: string): HTMLElement[] {
  const button = (kind: "PNG" | "SVG"): HTMLElement => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = kind;
    made.dataset["save"] = kind.toLowerCase();
    made.setAttribute("aria-label", say(`将图谱存为 ${kind}`, `Save the atlas as ${kind}`));
    made.addEventListener("click", () => {
      const { text, width, height } = pictureOf(bands, title);
      if (kind === "SVG") save(`${title}.svg`, new Blob([text], { type: "image/svg+xml" }));
      else void asPng(text, width, height).then((address) => save(`${title}.png`, address));
    });
    return made;
  };
  return [button("PNG"), button("SVG")];
}

interface Picture {
  text: string;
  width: number;
  height: number;
}

function pictureOf(bands: HTMLElement, title: string): Picture {
  const width = Math.max(LEAST_WIDTH, bands.scrollWidth + 2 * MARGIN);
  const height = HEAD + bands.scrollHeight + FOOT;
  const font = getComputedStyle(document.body).fontFamily.replaceAll('"', "'");
  const svg = s("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, "font-family": font });
  const inside = s("g", { transform: `translate(${MARGIN} ${HEAD})` });
  svg.append(
    s("rect", { width, height, fill: "#fff" }),
    s("text", { x: MARGIN, y: 34, "font-size": 18, "font-weight": 600, fill: "#1c262d" }, title),
    inside,
    s("text", { x: MARGIN, y: height - 14, "font-size": 11, fill: "#57636b" }, sourceLine()),
  );
  const frame = bands.getBoundingClientRect();
  const left = frame.left - bands.scrollLeft, top = frame.top - bands.scrollTop;
  for (const path of bands.querySelectorAll("svg.links path"))
    inside.append(s("path", { d: path.getAttribute("d"), fill: "none", stroke: "#9aa3ad", "stroke-width": 1, opacity: 0.6 }));
  for (const node of bands.querySelectorAll<HTMLElement>(".node")) {
    const box = node.getBoundingClientRect(), look = getComputedStyle(node);
    const place = { x: round(box.left - left), y: round(box.top - top), width: round(box.width), height: round(box.height) };
    inside.append(
      s("rect", { ...place, rx: 4, fill: look.backgroundColor, stroke: "#c8ccd0" }),
      s("rect", { ...place, width: BAR, fill: look.borderLeftColor }),
    );
  }
  for (const part of bands.querySelectorAll<HTMLElement>(".band h2, .node strong, .node span")) inside.append(...linesOf(part, left, top));
  return { text: new XMLSerializer().serializeToString(svg), width, height };
}

/** The lines into which the browser has broken a text, each where it stands. */
function linesOf(element: HTMLElement, left: number, top: number): SVGTextElement[] {
  const look = getComputedStyle(element);
  const lines: { at: DOMRect; text: string }[] = [];
  const range = document.createRange();
  for (const node of element.childNodes) {
    if (!(node instanceof Text)) continue;
    for (let i = 0; i < node.data.length; i++) {
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const at = range.getBoundingClientRect();
      if (at.width === 0) continue;
      const last = lines.at(-1);
      if (last && Math.abs(last.at.top - at.top) < 2) last.text += node.data[i]!;
      else lines.push({ at, text: node.data[i]! });
    }
  }
  return lines.map(({ at, text }) =>
    s("text", {
      x: round(at.left - left), y: round(at.bottom - top - at.height * 0.22), "font-size": parseFloat(look.fontSize), "font-weight": look.fontWeight, fill: look.color,
    }, text.trimEnd()));
}

const round = (number: number): number => Math.round(number * 10) / 10;

async function asPng(text: string, width: number, height: number): Promise<string> {
  const scale = Math.min(2, MOST_PIXELS / Math.max(width, height));
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/png");
  } finally {
    URL.revokeObjectURL(address);
  }
}
