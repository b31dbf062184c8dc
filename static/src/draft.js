// The text survives a reload, in this tab only: two tabs must not overwrite each other.
// Not on the page of a share, whose address promises the stored text.
const KEPT = location.pathname === "/";
const KEY = `requery-draft:${location.pathname}${location.search}`;

export function draft() {
  try {
    return KEPT ? sessionStorage.getItem(KEY) : null;
  } catch {
    return null; // storage is switched off
  }
}

export function keepDraft(editor) {
  editor.onChange((text) => {
    try {
      if (KEPT) sessionStorage.setItem(KEY, text);
    } catch {
      // Storage is switched off or full: the text is still in the editor.
    }
  });
}
