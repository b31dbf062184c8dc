// The text survives a reload, in this tab only: two tabs must not overwrite each other.
const KEY = `requery-draft:${location.pathname}${location.search}`;

export function draft() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null; // storage is switched off
  }
}

export function keepDraft(editor) {
  editor.onChange((text) => {
    try {
      sessionStorage.setItem(KEY, text);
    } catch {
      // Storage is switched off or full: the text is still in the editor.
    }
  });
}
