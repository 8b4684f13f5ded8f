import { defineConfig } from "vite";

// The page of an atlas, as one classic script and one style sheet, which src/gaoyuan/report/atlas_page.py puts into it.
// A build of this kind has one entry, so the map page (vite.config.ts) is built first, and empties the folder.
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "../src/gaoyuan/report/static",
    emptyOutDir: false,
    target: "es2022",
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: "src/atlas/main.ts",
      output: { format: "iife", entryFileNames: "atlas.js", assetFileNames: "atlas[extname]" },
    },
  },
});
