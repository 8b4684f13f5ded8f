// The map: counties in the colours of their regions, borders, clusters. Its boundaries are our own; nothing else is asked
// for but, where the portal has a key, the approved base map.

import { Map as MapView, NavigationControl, ScaleControl, setWorkerUrl, type GeoJSONSource, type StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { CLUSTER, CLUSTER_DARK, GROUND, NO_FIRMS, NOT_SIGNIFICANT, RAMP } from "../../colours";
import type { Shape } from "../../unpack";
import { say } from "../shared/language";
import { Borders } from "./borders";
import { HIDDEN_COLOUR, NONE, NOT_SHOWN, NOT_SIGNIFICANT_CLASS, OUTSIDE, OUTSIDE_COLOUR } from "./colouring";
import type { Outlines } from "./data";
import type { Frame } from "./frame";
import { groupOf, insideOf, LEVELS, type Level } from "./state";

setWorkerUrl(workerUrl);

const FONT = ["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];
const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
type Bounds = [[number, number], [number, number]];

export interface ClusterMark {
  id: string;
  name: string;
  point: [number, number];
  shape: Shape;
  firms: number;
}

export interface MapEvents {
  region(code: string): void;
  cluster(id: string): void;
  moved(position: string): void;
  /** What to say of what is under the pointer. */
  describe(region: string | null, cluster: string | null): string;
}

export class RegionMap {
  readonly view: MapView;
  private readonly ready: Promise<void>;
  private readonly classes: Int8Array;
  private level: Level = "county";
  private borders: Borders | null = null;
  private hovered: number | null = null;
  private marks: ClusterMark[] = [];
  private hasChosen = false;

  constructor(
    private readonly container: HTMLElement,
    private readonly outlines: Outlines,
    private readonly frame: Frame,
    private readonly events: MapEvents,
    region: string,
    position: string,
    tianditu: string,
  ) {
    this.classes = new Int8Array(outlines.code.length).fill(NONE);
    const at = position.split(",").map(Number);
    this.view = new MapView({
      container,
      ...(at.length === 3 ? { center: [at[0]!, at[1]!] as [number, number], zoom: at[2]! } : { bounds: this.boundsOf(region), fitBoundsOptions: { padding: 16 } }),
      attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxZoom: 14, minZoom: 2, renderWorldCopies: false,
      cooperativeGestures: matchMedia("(pointer: coarse)").matches || document.body.classList.contains("embedded"),
      fadeDuration: 0,
      localIdeographFontFamily: FONT.join(", "),
      locale: {
        "NavigationControl.ZoomIn": say("放大", "Zoom in"), "NavigationControl.ZoomOut": say("缩小", "Zoom out"), "Map.Title": say("可缩放的地图", "Map that zooms"),
        "CooperativeGesturesHandler.WindowsHelpText": say("按住 Ctrl 键滚动以缩放地图", "Use Ctrl + scroll to zoom the map"),
        "CooperativeGesturesHandler.MacHelpText": say("按住 ⌘ 键滚动以缩放地图", "Use ⌘ + scroll to zoom the map"),
        "CooperativeGesturesHandler.MobileHelpText": say("用两个手指移动地图", "Use two fingers to move the map"),
      },
      style: styleOf(tianditu),
    });
    this.view.touchZoomRotate.disableRotation();
    this.view.keyboard.disableRotation();
    this.view.addControl(new NavigationControl({ showCompass: false }), "top-left");
    this.view.addControl(new ScaleControl({ maxWidth: 90 }), "bottom-left");
    this.ready = new Promise((resolve) => this.view.once("style.load", () => { this.addLayers(); this.listen(); resolve(); }));
    new ResizeObserver(() => this.view.resize()).observe(container);
  }

  /** Colour the regions of a level by their classes; regions outside an area are paler. */
  async colour(level: Level, classes: Map<string, number>, area: string): Promise<void> {
    await this.ready;
    const inside = insideOf(area);
    this.outlines.code.forEach((county, i) => {
      const found = county.startsWith(inside) ? (classes.get(groupOf(county, level)) ?? NONE) : OUTSIDE;
      if (found === this.classes[i]) return;
      this.classes[i] = found;
      this.view.setFeatureState({ source: "counties", id: i }, { step: found });
    });
    this.level = level;
    if (this.borders) this.drawBorders();
  }

  /** Draw what is not needed at once: borders and names. */
  async finish(): Promise<void> {
    await this.ready;
    if (this.borders) return;
    this.borders = new Borders(this.outlines.shapes, this.outlines.step);
    this.set("county-lines", [lines(this.borders.between(this.groups("county")))]);
    this.set("province-lines", [lines(this.borders.between(this.groups("province")))]);
    this.drawBorders();
    this.set("labels", LEVELS.flatMap((level) => this.labels(level)));
  }

  async mark(marks: ClusterMark[]): Promise<void> {
    await this.ready;
    this.marks = marks;
    this.set("points", marks.map((mark, id) => ({
      type: "Feature", id, geometry: { type: "Point", coordinates: mark.point },
      properties: { name: mark.name, size: Math.log10(Math.max(mark.firms, 1)), own: mark.shape.length > 0 },
    })));
    this.set("footprints", marks.flatMap((mark, id): GeoJSON.Feature[] => mark.shape.length > 0 ? [{ type: "Feature", id, geometry: { type: "MultiPolygon", coordinates: mark.shape }, properties: {} }] : []));
  }

  /** Outline a region, "" for none. */
  async choose(region: string, level: Level): Promise<void> {
    if (region === "" && !this.hasChosen) return;
    this.hasChosen = region !== "";
    if (region) await this.finish();
    await this.ready;
    const counties = new Set<number>();
    if (region) this.outlines.code.forEach((county, i) => { if (groupOf(county, level) === region) counties.add(i); });
    this.set("chosen", counties.size > 0 ? [lines(this.borders!.around(counties))] : []);
  }

  fit(area: string): void {
    this.view.fitBounds(this.boundsOf(area), { padding: 16, duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 500 });
  }

  /** Wait until all that is to be seen is drawn. */
  async drawn(): Promise<void> {
    await this.ready;
    if (this.view.loaded()) return;
    const idle = this.view.once("idle");
    // The map is idle only after it has drawn: it shall draw once more, whatever it has drawn already.
    this.view.triggerRepaint();
    await idle;
  }

  /** A picture of the map as it stands. */
  async picture(): Promise<HTMLCanvasElement> {
    await this.drawn();
    return new Promise((resolve) => {
      this.view.once("render", () => {
        const shown = this.view.getCanvas();
        const copy = document.createElement("canvas");
        copy.width = shown.width;
        copy.height = shown.height;
        copy.getContext("2d")!.drawImage(shown, 0, 0);
        resolve(copy);
      });
      this.view.triggerRepaint();
    });
  }

  /** For print: a copy of the map in its place, for the map itself is empty on paper. */
  printed(): void {
    const shown = this.view.getCanvas();
    const copy = this.container.querySelector<HTMLCanvasElement>("canvas.printed") ?? document.createElement("canvas");
    copy.className = "printed";
    copy.setAttribute("aria-hidden", "true");
    copy.width = shown.width;
    copy.height = shown.height;
    // What is drawn can be read until the browser has shown it.
    this.view.redraw();
    copy.getContext("2d")!.drawImage(shown, 0, 0);
    if (!copy.isConnected) this.container.append(copy);
  }

  /** Show the approved base map below, or not. */
  base(shown: boolean): void {
    for (const layer of ["tianditu", "tianditu-names"]) if (this.view.getLayer(layer)) this.view.setLayoutProperty(layer, "visibility", shown ? "visible" : "none");
    this.view.setPaintProperty("counties", "fill-opacity", shown ? 0.62 : 1);
  }

  private set(source: string, features: GeoJSON.Feature[]): void {
    (this.view.getSource(source) as GeoJSONSource).setData({ type: "FeatureCollection", features });
  }

  private groups(level: Level): Int32Array {
    return Int32Array.from(this.outlines.code, (county) => Number(groupOf(county, level)));
  }

  private drawBorders(): void {
    this.set("prefecture-lines", this.level === "prefecture" ? [lines(this.borders!.between(this.groups("prefecture")))] : []);
    this.view.setPaintProperty("county-lines", "line-opacity", this.level === "county" ? 0.6 : 0.12);
  }

  private labels(level: Level): GeoJSON.Feature[] {
    const sums = new Map<string, [number, number, number]>();
    this.outlines.code.forEach((county, i) => {
      const sum = sums.get(groupOf(county, level)) ?? [0, 0, 0];
      sums.set(groupOf(county, level), [sum[0] + this.outlines.x[i]!, sum[1] + this.outlines.y[i]!, sum[2] + 1]);
    });
    return [...sums].map(([code, [x, y, n]]) => ({
      type: "Feature", geometry: { type: "Point", coordinates: [x / n, y / n] },
      properties: { kind: level, name: this.frame.name(code, level).replace(level === "province" ? /(省|市|(维吾尔|壮族|回族)?自治区|特别行政区)$/ : /^(?=\d)/, "") },
    }));
  }

  private boundsOf(area: string): Bounds {
    const provinces = new Set([...this.frame.regions("county"), ...this.frame.regions("province")].map((code) => code.slice(0, 2)));
    const inside = insideOf(area);
    const whole = inside === "" && (provinces.size === 0 || provinces.size > 8);
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    this.outlines.code.forEach((county, i) => {
      if (!(inside ? county.startsWith(inside) : whole || provinces.has(county.slice(0, 2)))) return;
      for (const polygon of this.outlines.shapes[i]!)
        for (const [x, y] of polygon[0]!) {
          // The far islands would make the rest too small to read.
          if (whole && y < 17) continue;
          west = Math.min(west, x);
          east = Math.max(east, x);
          south = Math.min(south, y);
          north = Math.max(north, y);
        }
    });
    return west <= east ? [[west, south], [east, north]] : [[73, 18], [135, 54]];
  }

  private addLayers(): void {
    const { view, outlines } = this;
    const counties = outlines.shapes.flatMap((shape, id): GeoJSON.Feature[] => shape.length > 0 ? [{ type: "Feature", id, geometry: { type: "MultiPolygon", coordinates: shape }, properties: {} }] : []);
    view.addSource("counties", { type: "geojson", data: { type: "FeatureCollection", features: counties }, tolerance: 0.375, buffer: 16, maxzoom: 10 });
    for (const name of ["county-lines", "prefecture-lines", "province-lines", "hover", "chosen", "footprints", "points", "labels"]) view.addSource(name, { type: "geojson", data: EMPTY, tolerance: 0.2 });
    const names = view.getLayer("tianditu-names") ? "tianditu-names" : undefined;
    view.addLayer({
      id: "counties", type: "fill", source: "counties",
      paint: {
        "fill-antialias": false,
        "fill-color": ["match", ["coalesce", ["feature-state", "step"], NONE],
          0, RAMP[0], 1, RAMP[1], 2, RAMP[2], 3, RAMP[3], 4, RAMP[4], 5, RAMP[5],
          NOT_SHOWN, HIDDEN_COLOUR, NOT_SIGNIFICANT_CLASS, NOT_SIGNIFICANT, OUTSIDE, OUTSIDE_COLOUR, NO_FIRMS],
      },
    }, names);
    const line = (id: string, source: string, colour: string, widths: [number, number, number], opacity = 1): void => {
      view.addLayer({
        id, type: "line", source, layout: { "line-join": "round" },
        paint: { "line-color": colour, "line-opacity": opacity, "line-width": ["interpolate", ["linear"], ["zoom"], 3, widths[0], 6, widths[1], 9, widths[2]] },
      });
    };
    line("county-lines", "county-lines", "#8a949b", [0.15, 0.4, 0.9], 0.6);
    line("prefecture-lines", "prefecture-lines", "#6d7880", [0.4, 0.8, 1.4], 0.85);
    line("province-lines", "province-lines", "#4d5960", [0.6, 1.2, 1.8], 0.9);
    view.addLayer({ id: "footprints", type: "fill", source: "footprints", paint: { "fill-color": CLUSTER, "fill-opacity": 0.3 } });
    line("footprint-lines", "footprints", CLUSTER, [0.8, 1, 2]);
    line("hover", "hover", "#1c2a33", [1.2, 1.4, 1.6], 0.9);
    line("chosen-casing", "chosen", "#fff", [4, 5, 6], 0.9);
    line("chosen", "chosen", "#111a20", [2, 2.6, 3]);
    for (const [kind, from, to, size] of [["province", 2, 5.6, 13], ["prefecture", 5.6, 7.8, 12], ["county", 7.8, 24, 11]] as const)
      view.addLayer({
        id: `${kind}-names`, type: "symbol", source: "labels", minzoom: from, maxzoom: to, filter: ["==", ["get", "kind"], kind],
        layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": size, "text-max-width": 8 },
        paint: { "text-color": "#26333b", "text-halo-color": "rgba(255,255,255,.88)", "text-halo-width": 1.4 },
      });
    view.addLayer({
      id: "points", type: "circle", source: "points",
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 3, ["max", 3, ["*", 1.6, ["get", "size"]]], 8, ["max", 5, ["*", 3, ["get", "size"]]]],
        "circle-color": CLUSTER, "circle-stroke-color": "#fff", "circle-stroke-width": 1.2,
        "circle-opacity": ["interpolate", ["linear"], ["zoom"], 8, 0.9, 10, ["case", ["get", "own"], 0, 0.9]],
        "circle-stroke-opacity": ["interpolate", ["linear"], ["zoom"], 8, 1, 10, ["case", ["get", "own"], 0, 1]],
      },
    });
    view.addLayer({
      id: "cluster-names", type: "symbol", source: "points", minzoom: 7.2,
      layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12, "text-anchor": "top", "text-offset": [0, 0.9], "text-max-width": 9 },
      paint: { "text-color": CLUSTER_DARK, "text-halo-color": "rgba(255,255,255,.92)", "text-halo-width": 1.5 },
    });
  }

  private listen(): void {
    const { view } = this;
    const tip = document.createElement("div");
    tip.className = "map-tip";
    tip.hidden = true;
    this.container.append(tip);
    const under = (x: number, y: number): { county: number | null; cluster: number | null } => {
      const near: [[number, number], [number, number]] = [[x - 4, y - 4], [x + 4, y + 4]];
      const cluster = view.queryRenderedFeatures(near, { layers: ["points"] })[0] ?? view.queryRenderedFeatures([x, y], { layers: ["footprints"] })[0];
      const county = view.queryRenderedFeatures([x, y], { layers: ["counties"] })[0];
      return { county: (county?.id as number | undefined) ?? null, cluster: (cluster?.id as number | undefined) ?? null };
    };
    const regionOf = (county: number | null): string | null => (county === null ? null : groupOf(this.outlines.code[county]!, this.level));
    view.on("click", ({ point }) => {
      const { county, cluster } = under(point.x, point.y);
      if (cluster !== null) this.events.cluster(this.marks[cluster]!.id);
      else if (county !== null) this.events.region(regionOf(county)!);
    });
    view.on("mousemove", ({ point }) => {
      const { county, cluster } = under(point.x, point.y);
      view.getCanvas().style.cursor = county === null && cluster === null ? "" : "pointer";
      this.hover(county);
      tip.textContent = this.events.describe(regionOf(county), cluster === null ? null : this.marks[cluster]!.id);
      tip.hidden = tip.textContent === "";
      const right = point.x > this.container.clientWidth / 2;
      tip.style.transform = `translate(${right ? point.x - 12 : point.x + 14}px, ${point.y + 14}px)${right ? " translateX(-100%)" : ""}`;
    });
    view.on("mouseout", () => {
      this.hover(null);
      tip.hidden = true;
    });
    view.on("moveend", (event) => {
      if (!("originalEvent" in event) || !event.originalEvent) return;
      const { lng, lat } = view.getCenter();
      this.events.moved(`${lng.toFixed(3)},${lat.toFixed(3)},${view.getZoom().toFixed(2)}`);
    });
  }

  private hover(county: number | null): void {
    if (county === this.hovered) return;
    this.hovered = county;
    const outlined = county !== null && this.level === "county";
    this.set("hover", outlined ? [{ type: "Feature", geometry: { type: "MultiPolygon", coordinates: this.outlines.shapes[county]! }, properties: {} }] : []);
  }
}

function lines(geometry: GeoJSON.MultiLineString): GeoJSON.Feature {
  return { type: "Feature", geometry, properties: {} };
}

function styleOf(key: string): StyleSpecification {
  const style: StyleSpecification = { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": GROUND } }] };
  if (!key) return style;
  for (const [id, layer] of [["tianditu", "vec"], ["tianditu-names", "cva"]] as const) {
    const query = `SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=${layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=${encodeURIComponent(key)}`;
    style.sources[id] = { type: "raster", tileSize: 256, maxzoom: 18, tiles: [0, 1, 2, 3].map((n) => `https://t${n}.tianditu.gov.cn/${layer}_w/wmts?${query}`), attribution: "天地图" };
    style.layers.push({ id, type: "raster", source: id, layout: { visibility: "none" } });
  }
  return style;
}
