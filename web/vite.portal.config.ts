import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const PAGES = "src/portal";
const OUT = "../src/gaoyuan/portal/static/portal";

// Every script directly in src/portal is a page's, and keeps its name; what pages share lies in folders below and goes
// into chunks. A page's style sheet is called like its script.
const pages = Object.fromEntries(
  readdirSync(PAGES)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => [basename(name, ".ts"), join(PAGES, name)]),
);

// Compressed twins beside the files, which the server sends to browsers that take them.
function compressed(): Plugin {
  return {
    name: "compressed",
    writeBundle(options, bundle) {
      for (const name of Object.keys(bundle)) {
        const file = join(options.dir ?? OUT, name);
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
      }
    },
  };
}

// The licences of what the scripts contain, beside them.
function licences(): Plugin {
  const files = ["maplibre-gl/LICENSE.txt", "echarts/LICENSE", "echarts/NOTICE", "zrender/LICENSE", "tslib/LICENSE.txt"];
  return {
    name: "licences",
    generateBundle() {
      const source = files.map((file) => `${file}\n\n${readFileSync(join("node_modules", file), "utf8")}`).join("\n\n");
      this.emitFile({ type: "asset", fileName: "licences.txt", source });
    },
  };
}

export default defineConfig({
  base: "./",
  publicDir: "src/portal/public",
  plugins: [licences(), compressed()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      input: pages,
      preserveEntrySignatures: "exports-only",
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "chunks/[name]-[hash].js",
        // Not ".mjs", which some servers send as plain text.
        assetFileNames: (asset) => (asset.names[0]?.endsWith(".mjs") ? "chunks/[name]-[hash].js" : "[name][extname]"),
      },
    },
  },
});
