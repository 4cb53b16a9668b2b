// Bundles static/src into static/dist: one style sheet and script for every page, one of each for uploads.
// Bootstrap, tus-js-client and Inter come from node_modules; nothing is fetched at run time.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const target = join(here, "dist");

// Every script and style sheet at the top of static/src is an entry; the rooms below hold their parts, base/ what all need.
const entries = existsSync(source)
  ? readdirSync(source).filter((name) => /\.(js|css)$/.test(name)).map((name) => join(source, name))
  : [];

rmSync(target, { recursive: true, force: true });
await build({
  entryPoints: entries,
  outdir: target,
  bundle: true,
  minify: true,
  sourcemap: false,
  format: "iife",
  target: ["chrome109", "edge109", "firefox115", "safari16"],
  loader: { ".woff2": "file", ".svg": "file", ".png": "file" },
  assetNames: "files/[name]-[hash]",
  legalComments: "linked",
  logLevel: "warning",
});
