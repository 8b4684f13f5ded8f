import { defineConfig } from "vite";

// The page that checks evidence packs, as one classic script and one style sheet, which
// src/gaoyuan/report/verify_page.py puts into it.
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
      input: "src/verify/main.ts",
      output: { format: "iife", entryFileNames: "verify.js", assetFileNames: "verify[extname]" },
    },
  },
});
