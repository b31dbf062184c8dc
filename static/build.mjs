// Bundles static/src into static/build with hashed names, a manifest and compressed copies. No arguments, no watching.
import { brotliCompressSync, gzipSync } from "node:zlib";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "build");

rmSync(out, { recursive: true, force: true });
mkdirSync(out);

const result = await build({
  entryPoints: [join(here, "src", "main.js")],
  outdir: out,
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  if (output.entryPoint) manifest[basename(output.entryPoint)] = basename(path);
}
for (const file of Object.values(manifest)) {
  const content = readFileSync(join(out, file));
  writeFileSync(join(out, `${file}.gz`), gzipSync(content, { level: 9 }));
  writeFileSync(join(out, `${file}.br`), brotliCompressSync(content));
}
// Written last: a page that finds the manifest finds everything it names.
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
console.log(`Built ${Object.values(manifest).join(", ")}`);
