// A cluster's footprint on a map of the counties around it: <div data-map data-geojson="#id-of-a-json-script">. Without
// scripts, or where the browser cannot draw maps, the page keeps its own drawing of the footprint. The style of maps is in
// explore.css: imported here too it would move into a sheet of its own that no page names.

import { Map as MapView, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { CLUSTER, GROUND } from "../colours";
import { h } from "../dom";
import { outlinesOf } from "./explore/data";
import { savePicture } from "./explore/picture";
import { say } from "./shared/language";
import { sourceLine } from "./shared/saving";

setWorkerUrl(workerUrl);

type Bounds = [[number, number], [number, number]];

for (const box of document.querySelectorAll<HTMLElement>("[data-map]")) {
  try {
    draw(box);
  } catch (fault) {
    // No WebGL: the drawing stays.
    box.classList.remove("drawn");
    console.info("map not drawn", fault);
  }
}

function draw(box: HTMLElement): void {
  const held = document.querySelector(box.dataset["geojson"] ?? "")?.textContent;
  if (!held) return;
  const footprint = JSON.parse(held) as GeoJSON.Polygon | GeoJSON.MultiPolygon;
  box.classList.add("drawn");
  const place = h("div", { class: "cluster-map" });
  box.append(place);
  const view = new MapView({
    container: place, bounds: boundsOf(footprint), fitBoundsOptions: { padding: 48, maxZoom: 12.5 }, attributionControl: false, dragRotate: false,
    pitchWithRotate: false, touchPitch: false, maxZoom: 15, minZoom: 4, renderWorldCopies: false, fadeDuration: 0,
    cooperativeGestures: matchMedia("(pointer: coarse)").matches, canvasContextAttributes: { preserveDrawingBuffer: true },
    locale: { "NavigationControl.ZoomIn": say("放大", "Zoom in"), "NavigationControl.ZoomOut": say("缩小", "Zoom out"), "Map.Title": say("集群范围地图", "Map of the footprint") },
    style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": GROUND } }] },
  });
  view.touchZoomRotate.disableRotation();
  view.keyboard.disableRotation();
  view.addControl(new NavigationControl({ showCompass: false }), "top-left");
  view.addControl(new ScaleControl({ maxWidth: 90 }), "bottom-left");
  view.once("idle", () => (box.dataset["ready"] = "true"));
  view.once("style.load", () => {
    view.addSource("footprint", { type: "geojson", data: { type: "Feature", geometry: footprint, properties: {} } });
    view.addLayer({ id: "footprint", type: "fill", source: "footprint", paint: { "fill-color": CLUSTER, "fill-opacity": 0.35 } });
    view.addLayer({ id: "footprint-line", type: "line", source: "footprint", paint: { "line-color": CLUSTER, "line-width": 2 } });
    if (box.dataset["outlines"]) void addCounties(view, box.dataset["outlines"]);
  });
  box.after(h("div", { class: "toolbar" }, h("button", { type: "button", onclick: () => picture(view, box.dataset["name"] ?? document.title) }, "PNG")));
}

async function addCounties(view: MapView, address: string): Promise<void> {
  const outlines = await outlinesOf(address);
  const features = outlines.shapes.flatMap((shape, i): GeoJSON.Feature[] =>
    shape.length > 0 ? [{ type: "Feature", geometry: { type: "MultiPolygon", coordinates: shape }, properties: { name: outlines.name[i] } }] : []);
  view.addSource("counties", { type: "geojson", data: { type: "FeatureCollection", features } });
  view.addLayer({ id: "county-lines", type: "line", source: "counties", paint: { "line-color": "#6d7880", "line-width": 1 } }, "footprint");
  const names = outlines.code.map((_, i): GeoJSON.Feature => ({ type: "Feature", geometry: { type: "Point", coordinates: [outlines.x[i]!, outlines.y[i]!] }, properties: { name: outlines.name[i] } }));
  view.addSource("names", { type: "geojson", data: { type: "FeatureCollection", features: names } });
  view.addLayer({
    id: "county-names", type: "symbol", source: "names", minzoom: 7,
    layout: { "text-field": ["get", "name"], "text-font": ["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"], "text-size": 12 },
    paint: { "text-color": "#26333b", "text-halo-color": "rgba(255,255,255,.9)", "text-halo-width": 1.4 },
  });
}

function picture(view: MapView, title: string): void {
  const notice = document.querySelector("footer.site p:last-child")?.textContent?.trim() ?? "";
  savePicture(view.getCanvas(), { title, measure: say("集群范围（WGS-84）", "Footprint (WGS-84)"), source: sourceLine(), notice }, []);
}

function boundsOf(shape: GeoJSON.Polygon | GeoJSON.MultiPolygon): Bounds {
  const polygons = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
  const points = polygons.flat(2);
  const x = points.map((point) => point[0]!), y = points.map((point) => point[1]!);
  return [[Math.min(...x), Math.min(...y)], [Math.max(...x), Math.max(...y)]];
}
