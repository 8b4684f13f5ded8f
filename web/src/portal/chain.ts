// Lines between the products of an atlas: what each goes into; and the atlas as a file. The page says the same without them.
import "./chain.css";
import { h } from "../dom";
import { savers } from "./chain/picture";

const NAMESPACE = "http://www.w3.org/2000/svg";

function nodeOf(product: string): HTMLElement | null {
  return document.getElementById(`node-${product}`);
}

function draw(bands: HTMLElement): void {
  const old = bands.querySelector("svg.links");
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.classList.add("links");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("width", String(bands.scrollWidth));
  svg.setAttribute("height", String(bands.scrollHeight));
  const frame = bands.getBoundingClientRect();
  const place = (box: DOMRect): { left: number; right: number; middle: number } => ({
    left: box.left - frame.left + bands.scrollLeft,
    right: box.right - frame.left + bands.scrollLeft,
    middle: (box.top + box.bottom) / 2 - frame.top + bands.scrollTop,
  });
  for (const node of bands.querySelectorAll<HTMLElement>(".node")) {
    for (const target of (node.dataset.feeds ?? "").split(" ").filter(Boolean)) {
      const other = nodeOf(target);
      if (!other) continue;
      const from = place(node.getBoundingClientRect());
      const to = place(other.getBoundingClientRect());
      const bend = (to.left - from.right) / 2;
      const path = document.createElementNS(NAMESPACE, "path");
      path.setAttribute(
        "d",
        `M${from.right},${from.middle} C${from.right + bend},${from.middle} ${to.left - bend},${to.middle} ${to.left},${to.middle}`,
      );
      path.dataset.ends = `${node.id} ${other.id}`;
      svg.append(path);
    }
  }
  old?.remove();
  bands.prepend(svg);
}

function mark(bands: HTMLElement, node: HTMLElement | null): void {
  for (const near of bands.querySelectorAll(".near")) near.classList.remove("near");
  if (!node) return;
  for (const path of bands.querySelectorAll<SVGPathElement>("svg.links path")) {
    const ends = (path.dataset.ends ?? "").split(" ");
    if (!ends.includes(node.id)) continue;
    path.classList.add("near");
    for (const end of ends) if (end !== node.id) document.getElementById(end)?.classList.add("near");
  }
}

const bands = document.querySelector<HTMLElement>(".bands");
if (bands) {
  const nodeAt = (event: Event): HTMLElement | null => (event.target as HTMLElement).closest<HTMLElement>(".node");
  draw(bands);
  new ResizeObserver(() => draw(bands)).observe(bands);
  for (const kind of ["mouseover", "focusin"]) bands.addEventListener(kind, (event) => mark(bands, nodeAt(event)));
  for (const kind of ["mouseleave", "focusout"]) bands.addEventListener(kind, () => mark(bands, null));
  const title = document.querySelector("h1")?.textContent?.trim() ?? document.title;
  bands.closest(".atlas")?.before(h("div", { class: "toolbar" }, ...savers(bands, title)));
  // The product itself in the middle, without moving the page.
  const own = bands.querySelector<HTMLElement>(".band.own");
  if (own) bands.scrollLeft = own.offsetLeft - (bands.clientWidth - own.offsetWidth) / 2;
}
