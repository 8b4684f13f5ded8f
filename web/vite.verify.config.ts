import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

// The licence of what the script contains, in front of it; the minifier would take it out.
function licence(): Plugin {
  return {
    name: "licence",
    generateBundle(_options, bundle) {
      const text = readFileSync("node_modules/@noble/curves/LICENSE", "utf8");
      for (const part of Object.values(bundle)) if (part.type === "chunk") part.code = `/* @noble/curves\n${text}*/\n${part.code}`;
    },
  };
}

// The page that checks evidence packs, as one classic script and one style sheet, which
// src/gaoyuan/report/verify_page.py puts into it.
export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [licence()],
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
