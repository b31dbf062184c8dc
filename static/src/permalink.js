// Links that hold a short snippet themselves: /#v1:<deflate, base64url> of {"source", "options"}. Never sent to the server.
import { copy } from "./copy.js";

const PREFIX = "#v1:";
const LIMIT = 64 * 1024; // bytes after inflating: what the server takes, and a bound for hostile links
const LONGEST = 8000; // characters of a link that chat programs and mail still pass on whole

export async function sourceFromFragment() {
  if (!location.hash.startsWith(PREFIX)) return null;
  try {
    const text = await inflate(fromBase64(location.hash.slice(PREFIX.length)));
    const { source, options } = JSON.parse(text);
    if (typeof source !== "string") throw new Error("no source");
    return { source, options: options && typeof options === "object" ? options : {} };
  } catch {
    return { problem: "This link is damaged or too long; the code in it can't be read." };
  }
}

export function startFragmentLinks({ form, editor }) {
  const button = document.getElementById("copy-link");
  if (!button || !("CompressionStream" in window)) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { dialect, models, dynamic, python, target, convert_escaping, convert_bulk, schema } = form.elements;
    const options = {
      dialect: dialect.value,
      models: models.value,
      dynamic: dynamic.value,
      python: python.value,
      target: target.value,
      convert_escaping: convert_escaping.checked,
      convert_bulk: convert_bulk.checked,
      ...(schema.value.trim() ? { schema: schema.value } : {}),
    };
    const packed = toBase64(await deflate(JSON.stringify({ source: editor.text(), options })));
    if (packed.length > LONGEST) {
      document.getElementById("status").textContent = "Too long for a link that holds its own code: use Share.";
      return;
    }
    await copy(button, `${location.origin}/${PREFIX}${packed}`);
  });
  addEventListener("hashchange", async () => {
    const opened = await sourceFromFragment();
    if (opened?.source !== undefined) editor.replace(opened.source);
  });
}

async function deflate(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function inflate(bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > 2 * LIMIT) {
      await reader.cancel();
      throw new Error("too large");
    }
    parts.push(value);
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(await new Blob(parts).arrayBuffer());
}

function toBase64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}
