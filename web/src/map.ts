// The map: counties by class, outlines of provinces, footprints and points of clusters. No tiles, no fonts, no network.

import { Map as MapView, NavigationControl, setWorkerUrl, ScaleControl, type GeoJSONSource, type LngLatBoundsLike } from "maplibre-gl";
import workerSource from "virtual:map-worker";
import {
  CLASS_NONE, CLASS_NOT_SIGNIFICANT, CLUSTER, CLUSTER_DARK, GROUND, NO_FIRMS, NOT_SIGNIFICANT, OTHER_PROVINCE, RAMP,
} from "./colours";
import type { Cluster, Model } from "./model";
import type { Shape } from "./unpack";

const MOST_POINTS = 300;
const FONT = ["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];

// The library fetches its worker wherever the page's own origin is not the worker's, as in a page opened from a folder;
// the page may fetch nothing. So it is told of a script beside the page (".cjs": a classic one), which it starts without
// fetching, and is handed the text that the page holds.
const WORKER = "map-worker.cjs";
const workerBlob = URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" }));
globalThis.Worker = class extends Worker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url === WORKER ? workerBlob : url, options);
  }
};
setWorkerUrl(WORKER);

type Collection = GeoJSON.FeatureCollection;
const EMPTY: Collection = { type: "FeatureCollection", features: [] };

export interface MapEvents {
  county(index: number): void;
  cluster(index: number): void;
  hover(county: number | null, cluster: number | null, x: number, y: number): void;
}

export class ClusterMap {
  readonly mostPoints = MOST_POINTS;
  private readonly view: MapView;
  private readonly ready: Promise<void>;
  private hovered: number | null = null;
  private selectedCounties: number[] = [];
  private marked: number[] = [];
  private readonly classes: Int8Array;

  constructor(
    container: HTMLElement,
    private readonly model: Model,
    private readonly events: MapEvents,
  ) {
    this.classes = new Int8Array(model.header.county.code.length).fill(CLASS_NONE);
    this.view = new MapView({
      container,
      bounds: this.whole(),
      fitBoundsOptions: { padding: 24 },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxZoom: 14,
      minZoom: 2,
      renderWorldCopies: false,
      localIdeographFontFamily: FONT.join(", "),
      locale: { "NavigationControl.ZoomIn": "放大 Zoom in", "NavigationControl.ZoomOut": "缩小 Zoom out", "Map.Title": "地图 Map" },
      style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": GROUND } }] },
    });
    this.view.touchZoomRotate.disableRotation();
    this.view.keyboard.disableRotation();
    this.view.addControl(new NavigationControl({ showCompass: false }), "top-left");
    this.view.addControl(new ScaleControl({ maxWidth: 90 }), "bottom-left");
    this.ready = new Promise((resolve) => this.view.once("load", () => { this.addLayers(); this.listen(); resolve(); }));
    void this.ready.then(() => this.view.once("idle", () => (container.dataset["ready"] = "true")));
  }

  /** Colour the counties: a class for each, see `colours`. */
  async colour(classes: Int8Array): Promise<void> {
    await this.ready;
    for (let i = 0; i < classes.length; i++) {
      if (classes[i] === this.classes[i]) continue;
      this.classes[i] = classes[i]!;
      this.view.setFeatureState({ source: "counties", id: i }, { step: classes[i]! });
    }
  }

  /** Show clusters, the strongest first; those found on counties mark their county where `mark` is set. */
  async show(clusters: Cluster[], mark: boolean): Promise<void> {
    await this.ready;
    const points = clusters.filter((cluster) => cluster.point).slice(0, MOST_POINTS);
    this.source("points").setData({
      type: "FeatureCollection",
      features: points.map((cluster) => ({
        type: "Feature",
        id: cluster.index,
        geometry: { type: "Point", coordinates: cluster.point! },
        properties: { name: cluster.name, size: Math.log10(Math.max(cluster.firms, 1)), strength: -cluster.minusLog10P, own: cluster.shape.length > 0 },
      })),
    });
    this.source("footprints").setData({
      type: "FeatureCollection",
      features: clusters.filter((cluster) => cluster.shape.length > 0).map((cluster) => feature(cluster.index, cluster.shape)),
    });
    for (const county of this.marked) this.view.setFeatureState({ source: "counties", id: county }, { cluster: false });
    this.marked = mark ? clusters.filter((c) => c.shape.length === 0 && c.foundBy).flatMap((c) => c.counties) : [];
    for (const county of this.marked) this.view.setFeatureState({ source: "counties", id: county }, { cluster: true });
  }

  async select(counties: number[], cluster: Cluster | null): Promise<void> {
    await this.ready;
    for (const county of this.selectedCounties) this.view.setFeatureState({ source: "counties", id: county }, { selected: false });
    this.selectedCounties = cluster && cluster.shape.length > 0 ? [] : counties;
    for (const county of this.selectedCounties) this.view.setFeatureState({ source: "counties", id: county }, { selected: true });
    this.source("chosen").setData(cluster && cluster.shape.length > 0 ? { type: "FeatureCollection", features: [feature(cluster.index, cluster.shape)] } : EMPTY);
  }

  async fly(shapes: Shape[], padding: { left: number; right: number; top: number; bottom: number }, maxZoom: number): Promise<void> {
    await this.ready;
    const bounds = boundsOf(shapes);
    if (bounds) this.view.fitBounds(bounds, { padding, maxZoom, duration: 1400 });
  }

  resize(): void {
    this.view.resize();
  }

  home(): void {
    this.view.fitBounds(this.whole(), { padding: 24, duration: 800 });
  }

  private whole(): LngLatBoundsLike {
    return boundsOf(this.model.countyShapes) ?? [[73, 18], [135, 54]];
  }

  private source(name: string): GeoJSONSource {
    return this.view.getSource(name) as GeoJSONSource;
  }

  private addLayers(): void {
    const { model, view } = this;
    const { county, province } = model.header;
    const counties = model.countyShapes.map((shape, i) => feature(i, shape)).filter((f) => f.geometry.coordinates.length > 0);
    view.addSource("provinces", collection(model.provinceShapes.map((shape, i) => feature(i, shape)), 0.2));
    view.addSource("counties", collection(counties, 0.2));
    view.addSource("footprints", collection([], 0));
    view.addSource("chosen", collection([], 0));
    view.addSource("points", collection([], 0));
    const shown = new Set(province.filter((p) => p.shown).map((p) => p.code.slice(0, 2)));
    const labels = county.outlined_provinces.flatMap((code, i): GeoJSON.Feature[] => {
      const name = province.find((p) => p.code.startsWith(code))?.name;
      return name && shown.has(code) && shown.size > 1 ? [pointFeature(middle(model.provinceShapes[i]!), { name: shortName(name), kind: "province" })] : [];
    });
    const points = model.arrays["county_point"]!;
    county.name.forEach((name, i) => {
      if (!Number.isNaN(points[2 * i]!)) labels.push(pointFeature([points[2 * i]!, points[2 * i + 1]!], { name, kind: "county" }));
    });
    view.addSource("labels", collection(labels, 0));

    view.addLayer({ id: "other", type: "fill", source: "provinces", paint: { "fill-color": OTHER_PROVINCE, "fill-antialias": false } });
    view.addLayer({
      id: "counties", type: "fill", source: "counties",
      paint: {
        "fill-antialias": false,
        // Paler close by, where the clusters' grounds are what one looks at.
        "fill-opacity": ["interpolate", ["linear"], ["zoom"], 9.5, 1, 11.5, 0.5],
        "fill-color": [
          "match", ["coalesce", ["feature-state", "step"], CLASS_NONE],
          0, RAMP[0], 1, RAMP[1], 2, RAMP[2], 3, RAMP[3], 4, RAMP[4], 5, RAMP[5],
          CLASS_NOT_SIGNIFICANT, NOT_SIGNIFICANT, NO_FIRMS,
        ],
      },
    });
    view.addLayer({
      id: "county-lines", type: "line", source: "counties",
      paint: { "line-color": "#8a949b", "line-width": ["interpolate", ["linear"], ["zoom"], 3, 0.15, 6, 0.4, 9, 0.9], "line-opacity": 0.55 },
    });
    view.addLayer({
      id: "province-lines", type: "line", source: "provinces", layout: { "line-join": "round" },
      paint: { "line-color": "#5f6b73", "line-width": ["interpolate", ["linear"], ["zoom"], 3, 0.6, 6, 1.1, 9, 1.8], "line-opacity": 0.8 },
    });
    view.addLayer({
      id: "marked-lines", type: "line", source: "counties", layout: { "line-join": "round" },
      paint: { "line-color": CLUSTER, "line-width": 1.6, "line-opacity": ["case", ["boolean", ["feature-state", "cluster"], false], 0.95, 0] },
    });
    view.addLayer({ id: "footprint", type: "fill", source: "footprints", paint: { "fill-color": CLUSTER, "fill-opacity": 0.3 } });
    view.addLayer({
      id: "footprint-casing", type: "line", source: "footprints", layout: { "line-join": "round" },
      paint: { "line-color": "#fff", "line-opacity": 0.85, "line-width": ["interpolate", ["linear"], ["zoom"], 5, 2, 10, 6] },
    });
    view.addLayer({
      id: "footprint-lines", type: "line", source: "footprints", layout: { "line-join": "round" },
      paint: { "line-color": CLUSTER, "line-width": ["interpolate", ["linear"], ["zoom"], 5, 0.8, 10, 2] },
    });
    view.addLayer({
      id: "county-names", type: "symbol", source: "labels", minzoom: 6.6, filter: ["==", ["get", "kind"], "county"],
      layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": ["interpolate", ["linear"], ["zoom"], 7, 10.5, 10, 13.5], "text-padding": 4 },
      paint: { "text-color": "#3a444b", "text-halo-color": "rgba(255,255,255,.85)", "text-halo-width": 1.3 },
    });
    view.addLayer({
      id: "province-names", type: "symbol", source: "labels", maxzoom: 6.6, filter: ["==", ["get", "kind"], "province"],
      layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": ["interpolate", ["linear"], ["zoom"], 3, 11, 6, 15], "text-letter-spacing": 0.08, "text-padding": 3 },
      paint: { "text-color": "#2b343a", "text-halo-color": "rgba(255,255,255,.85)", "text-halo-width": 1.4 },
    });
    view.addLayer({
      id: "hover-line", type: "line", source: "counties", layout: { "line-join": "round" },
      paint: { "line-color": "#1c2a33", "line-width": 1.4, "line-opacity": ["case", ["boolean", ["feature-state", "hover"], false], 0.9, 0] },
    });
    view.addLayer({
      id: "selected-line", type: "line", source: "counties", layout: { "line-join": "round" },
      paint: { "line-color": "#111a20", "line-width": 2.4, "line-opacity": ["case", ["boolean", ["feature-state", "selected"], false], 1, 0] },
    });
    view.addLayer({ id: "chosen-line", type: "line", source: "chosen", layout: { "line-join": "round" }, paint: { "line-color": CLUSTER_DARK, "line-width": 3 } });
    view.addLayer({
      id: "points", type: "circle", source: "points", layout: { "circle-sort-key": ["get", "strength"] },
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 3, ["max", 2.2, ["*", 1.6, ["get", "size"]]], 8, ["max", 4, ["*", 3.2, ["get", "size"]]]],
        "circle-color": CLUSTER,
        "circle-opacity": ["interpolate", ["linear"], ["zoom"], 8, 0.82, 10, ["case", ["get", "own"], 0, 0.82]],
        "circle-stroke-color": "#fff",
        "circle-stroke-width": 0.9,
        "circle-stroke-opacity": ["interpolate", ["linear"], ["zoom"], 8, 0.95, 10, ["case", ["get", "own"], 0, 0.95]],
      },
    });
    view.addLayer({
      id: "cluster-names", type: "symbol", source: "points", minzoom: 7.2,
      layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12, "text-anchor": "top", "text-offset": [0, 0.9], "symbol-sort-key": ["get", "strength"], "text-max-width": 9 },
      paint: { "text-color": CLUSTER_DARK, "text-halo-color": "rgba(255,255,255,.92)", "text-halo-width": 1.5 },
    });
  }

  private listen(): void {
    const { view } = this;
    const at = (point: [number, number]): { county: number | null; cluster: number | null } => {
      const [x, y] = point;
      const near: [[number, number], [number, number]] = [[x - 4, y - 4], [x + 4, y + 4]];
      const cluster = view.queryRenderedFeatures(near, { layers: ["points"] })[0] ?? view.queryRenderedFeatures(point, { layers: ["footprint"] })[0];
      const county = view.queryRenderedFeatures(point, { layers: ["counties"] })[0];
      return { county: (county?.id as number | undefined) ?? null, cluster: (cluster?.id as number | undefined) ?? null };
    };
    view.on("click", (event) => {
      const { county, cluster } = at([event.point.x, event.point.y]);
      if (cluster !== null) this.events.cluster(cluster);
      else if (county !== null) this.events.county(county);
    });
    view.on("mousemove", (event) => {
      const { county, cluster } = at([event.point.x, event.point.y]);
      view.getCanvas().style.cursor = county === null && cluster === null ? "" : "pointer";
      this.hover(county);
      this.events.hover(county, cluster, event.point.x, event.point.y);
    });
    view.on("mouseout", () => {
      this.hover(null);
      this.events.hover(null, null, 0, 0);
    });
  }

  private hover(county: number | null): void {
    if (county === this.hovered) return;
    if (this.hovered !== null) this.view.setFeatureState({ source: "counties", id: this.hovered }, { hover: false });
    this.hovered = county;
    if (county !== null) this.view.setFeatureState({ source: "counties", id: county }, { hover: true });
  }
}

function collection(features: GeoJSON.Feature[], tolerance: number): { type: "geojson"; data: Collection; tolerance: number } {
  return { type: "geojson", data: { type: "FeatureCollection", features }, tolerance };
}

function feature(id: number, shape: Shape): GeoJSON.Feature<GeoJSON.MultiPolygon> {
  return { type: "Feature", id, geometry: { type: "MultiPolygon", coordinates: shape }, properties: {} };
}

function pointFeature(coordinates: [number, number], properties: Record<string, string>): GeoJSON.Feature {
  return { type: "Feature", geometry: { type: "Point", coordinates }, properties };
}

function shortName(province: string): string {
  return province.replace(/(省|市|(维吾尔|壮族|回族)?自治区|特别行政区)$/, "");
}

/** The centroid of the largest polygon. */
function middle(shape: Shape): [number, number] {
  let best: [number, number] = [0, 0];
  let largest = -1;
  for (const [ring] of shape) {
    let area = 0;
    let x = 0;
    let y = 0;
    for (let i = 1; i < ring!.length; i++) {
      const [x0, y0] = ring![i - 1]!;
      const [x1, y1] = ring![i]!;
      const cross = x0 * y1 - x1 * y0;
      area += cross / 2;
      x += ((x0 + x1) * cross) / 6;
      y += ((y0 + y1) * cross) / 6;
    }
    if (Math.abs(area) > largest) {
      largest = Math.abs(area);
      best = [x / area, y / area];
    }
  }
  return best;
}

function boundsOf(shapes: Shape[]): [[number, number], [number, number]] | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const shape of shapes)
    for (const polygon of shape)
      for (const [x, y] of polygon[0]!) {
        west = Math.min(west, x);
        east = Math.max(east, x);
        // The far islands would make the rest too small to read.
        if (y < 17 && shapes.length > 600) continue;
        south = Math.min(south, y);
        north = Math.max(north, y);
      }
  return west <= east ? [[west, south], [east, north]] : null;
}
