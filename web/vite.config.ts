import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

const MAPLIBRE = "node_modules/maplibre-gl";
const WORKER = "virtual:map-worker";
const LICENCE = "virtual:map-licence";

// The map's worker as text of a classic script, and the library's licence. A page opened from a folder has no origin, so
// a module worker would have to be fetched, which the page's content security policy forbids.
function mapParts(): Plugin {
  const held = (text: string): string => `export default ${JSON.stringify(text)};`;
  return {
    name: "map-parts",
    resolveId: (id) => (id === WORKER || id === LICENCE ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${LICENCE}`) return held(readFileSync(`${MAPLIBRE}/LICENSE.txt`, "utf8"));
      if (id !== `\0${WORKER}`) return undefined;
      const module = readFileSync(`${MAPLIBRE}/dist/maplibre-gl-worker.mjs`, "utf8").replace(/^\/\/# sourceMappingURL=.*$/m, "");
      const classic = module.replace(/;?\s*export\s*\{[^{}]*\};?\s*$/, ";");
      if (classic === module || /import\.meta|\bexport\s*\{/.test(classic))
        throw new Error("the map's worker is no longer a module with one export at its end");
      return held(`"use strict";(()=>{${classic}})();`);
    },
  };
}

// One classic script and one style sheet, which src/gaoyuan/report/map_page.py puts into the page.
export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [mapParts()],
  build: {
    outDir: "../src/gaoyuan/report/static",
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false,
    assetsInlineLimit: 1_000_000,
    modulePreload: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 4000,
    rollupOptions: {
      input: "src/main.ts",
      output: { format: "iife", entryFileNames: "map.js", assetFileNames: "map[extname]" },
    },
  },
});
