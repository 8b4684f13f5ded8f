// The map as a picture that can stand alone: with its title, its legend, its source and date, and the notice of boundaries.

import type { Class } from "./colouring";
import { FONT } from "../shared/drawing";
import { save } from "../shared/saving";

const MARGIN = 24;
const LINE = 22;

export interface Said {
  title: string;
  measure: string;
  source: string;
  notice: string;
}

export function savePicture(map: HTMLCanvasElement, said: Said, legend: Class[]): void {
  const scale = map.width < 1400 ? 2 : 1;
  const width = Math.max(map.width * scale, 1200);
  const unit = width / 1200;
  const drawing = document.createElement("canvas");
  const context = drawing.getContext("2d")!;
  const inner = width - 2 * MARGIN * unit;
  const font = (size: number, weight = 400): string => `${weight} ${size * unit}px ${FONT}`;
  context.font = font(24, 600);
  const title = wrapped(context, said.title, inner);
  context.font = font(13);
  const foot = [...wrapped(context, said.source, inner), ...wrapped(context, said.notice, inner)];
  const rows = legendRows(context, legend, inner, unit);
  const height = (width * map.height) / map.width;
  const top = (MARGIN + title.length * 32 + 12) * unit;
  const below = top + height + 16 * unit;
  drawing.width = width;
  drawing.height = Math.round(below + (LINE * (rows.length + 1) + 8 + foot.length * 18 + MARGIN) * unit);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, drawing.width, drawing.height);
  context.drawImage(map, 0, top, width, height);
  context.textBaseline = "top";
  context.fillStyle = "#1c262d";
  context.font = font(24, 600);
  title.forEach((line, i) => context.fillText(line, MARGIN * unit, (MARGIN + i * 32) * unit));
  context.font = font(13, 600);
  context.fillText(said.measure, MARGIN * unit, below);
  context.font = font(13);
  rows.forEach((row, i) => {
    const y = below + LINE * (i + 1) * unit;
    for (const { x, entry } of row) {
      context.fillStyle = entry.colour;
      context.fillRect(x, y, 22 * unit, 14 * unit);
      context.strokeStyle = "#a9b3b9";
      context.strokeRect(x, y, 22 * unit, 14 * unit);
      context.fillStyle = "#1c262d";
      context.fillText(textOf(entry), x + 28 * unit, y);
    }
  });
  context.fillStyle = "#57636b";
  foot.forEach((line, i) => context.fillText(line, MARGIN * unit, below + (LINE * (rows.length + 1) + 8 + i * 18) * unit));
  save(`${said.title}.png`, drawing.toDataURL("image/png"));
}

const textOf = (entry: Class): string => `${entry.label} (${entry.regions})`;

function legendRows(context: CanvasRenderingContext2D, legend: Class[], inner: number, unit: number): { x: number; entry: Class }[][] {
  const rows: { x: number; entry: Class }[][] = [[]];
  let x = MARGIN * unit;
  for (const entry of legend) {
    const wide = (28 + 18) * unit + context.measureText(textOf(entry)).width;
    if (x + wide > inner + MARGIN * unit && rows.at(-1)!.length > 0) {
      rows.push([]);
      x = MARGIN * unit;
    }
    rows.at(-1)!.push({ x, entry });
    x += wide;
  }
  return rows;
}

/** Chinese breaks anywhere, Latin words stay together. */
function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of text.match(/[\x21-\x7e]+|\s+|[^\x21-\x7e\s]/g) ?? []) {
    if (line && context.measureText(line + piece).width > width) {
      lines.push(line);
      line = piece.trimStart();
    } else line += piece;
  }
  return line ? [...lines, line] : lines;
}
