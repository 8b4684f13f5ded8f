// Explore: an industry in all regions as map, ranked table and chart of one selection, all of it in the address.

import "maplibre-gl/dist/maplibre-gl.css";
import "./explore.css";
import { Page } from "./explore/page";

const root = document.getElementById("explore");
if (root) void new Page(root).start();
