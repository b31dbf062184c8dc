// What the page does beyond a plain form: the editor, converting while typing, copying, links. Without it all still works.
import "htmx.org";
import { startCopying } from "./copy.js";
import { draft, keepDraft } from "./draft.js";
import { startEditor } from "./editor.js";
import { sourceFromFragment, startFragmentLinks } from "./permalink.js";
import { startResult } from "./result.js";

async function start() {
  startCopying(document);
  const form = document.getElementById("convert");
  if (!form) return;
  const textarea = form.elements.source;
  const editor = startEditor(textarea);
  startResult({ form, editor });
  startFragmentLinks({ form, editor });
  keepDraft(editor);
  const opened = await sourceFromFragment();
  if (opened?.problem) {
    document.getElementById("status").textContent = opened.problem;
  } else if (opened) {
    for (const name of ["dialect", "models", "dynamic", "python", "target", "schema"]) {
      if (opened.options[name]) form.elements[name].value = opened.options[name];
    }
    for (const name of ["convert_escaping", "convert_bulk"]) {
      if (name in opened.options) form.elements[name].checked = opened.options[name];
    }
    editor.replace(opened.source);
  } else {
    const kept = draft();
    if (kept !== null && kept !== editor.text()) editor.replace(kept);
  }
}

// A deferred script runs before DOMContentLoaded, and htmx listens from that event on; a draft or a link that is put into
// the editor any earlier would never be converted.
if (document.readyState === "complete") {
  start();
} else {
  document.addEventListener("DOMContentLoaded", start);
}
