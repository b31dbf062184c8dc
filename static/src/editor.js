// CodeMirror over the form's textarea. The textarea stays the form's field; the editor writes every change into it.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorSelection, EditorState, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.controlKeyword], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.definition(tags.function(tags.variableName)), tags.definition(tags.className)], color: "var(--code-name)" },
  { tag: tags.meta, color: "var(--code-name)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "transparent", color: "var(--text)", fontSize: "var(--code-size)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "var(--code-line)" },
  ".cm-content": { caretColor: "var(--text)", padding: "var(--code-pad) 0" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--faint)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 8px 0 12px", minWidth: "2.5rem" },
  ".cm-gutter-lint": { width: "0.9rem" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0" },
  ".cm-lint-marker": { width: "0.6rem", height: "0.6rem" },
  ".cm-activeLine": { backgroundColor: "var(--active-line)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection)", outline: "none" },
  ".cm-selectionMatch": { backgroundColor: "var(--active-line)" },
  ".cm-changed": { backgroundColor: "var(--del-mark)", borderRadius: "2px" },
  ".cm-tooltip": {
    backgroundColor: "var(--surface)",
    color: "var(--text)",
    border: "1px solid var(--line)",
    borderRadius: "6px",
    boxShadow: "var(--shadow)",
    maxWidth: "34rem",
  },
  ".cm-diagnostic": { fontFamily: "var(--sans)", padding: "6px 10px", borderLeftWidth: "3px" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--text)", borderColor: "var(--line)" },
  ".cm-panels input, .cm-panels button": { font: "inherit", color: "inherit" },
});

const setChanged = StateEffect.define();
const changed = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setChanged)) next = Decoration.set(effect.value, true);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});
const changedMark = Decoration.mark({ class: "cm-changed" });

const SEVERITIES = { error: "error", removed: "error", legacy: "warning", note: "info" };

export function startEditor(textarea) {
  const nonce = document.querySelector('meta[name="style-nonce"]')?.content;
  const listeners = [];
  const view = new EditorView({
    doc: textarea.value,
    extensions: [
      nonce ? EditorView.cspNonce.of(nonce) : [],
      lineNumbers(),
      lintGutter(),
      highlightSpecialChars(),
      history(),
      drawSelection(),
      EditorState.allowMultipleSelections.of(true),
      indentUnit.of("    "),
      python(),
      syntaxHighlighting(colours),
      bracketMatching(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      // No binding for Tab: it leaves the editor, as on every other field.
      keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
      EditorView.contentAttributes.of({
        "aria-label": "SQLAlchemy 1.x code",
        spellcheck: "false",
        autocorrect: "off",
        autocapitalize: "off",
      }),
      changed,
      theme,
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        textarea.value = update.state.doc.toString();
        for (const listener of listeners) listener(textarea.value);
        // htmx listens for this on the textarea and waits until the typing pauses.
        textarea.dispatchEvent(new Event("input", { bubbles: true }));
      }),
    ],
  });
  textarea.hidden = true;
  textarea.after(view.dom);
  document.documentElement.classList.add("with-editor");
  return {
    text: () => view.state.doc.toString(),
    onChange: (listener) => listeners.push(listener),
    replace: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    goToLine: (number) => goToLine(view, number),
    show: (data) => show(view, data),
    focus: () => view.focus(),
  };
}

function goToLine(view, number) {
  const line = view.state.doc.line(Math.min(Math.max(1, number), view.state.doc.lines));
  view.dispatch({
    selection: EditorSelection.cursor(line.from),
    effects: EditorView.scrollIntoView(line.from, { y: "center" }),
  });
  view.focus();
}

// The answer belongs to the text as it was sent; if typing went on, its places may be wrong, and a newer answer follows.
function show(view, { diagnostics = [], marks = [] }) {
  const doc = view.state.doc;
  const found = diagnostics.map((item) => {
    const [from, to] = offsets(doc, item.range);
    const related = (item.related ?? []).map((other) => `\nLine ${other.range.start.line}: ${other.message}`);
    const message = [item.message, item.cause ? `\n${item.cause}` : "", ...related].join("");
    return { from, to, severity: SEVERITIES[item.severity] ?? "warning", message };
  });
  const words = marks
    .filter(([line]) => line <= doc.lines)
    .map(([line, start, end]) => [doc.line(line), start, end])
    .map(([line, start, end]) => [Math.min(line.to, line.from + start), Math.min(line.to, line.from + end)])
    .filter(([from, to]) => from < to)
    .map(([from, to]) => changedMark.range(from, to));
  view.dispatch(setDiagnostics(view.state, found));
  view.dispatch({ effects: setChanged.of(words) });
}

function offsets(doc, range) {
  const from = offset(doc, range.start);
  return [from, Math.max(from, offset(doc, range.end))];
}

function offset(doc, place) {
  if (place.line > doc.lines) return doc.length;
  const line = doc.line(Math.max(1, place.line));
  return Math.min(line.to, line.from + place.utf16 - 1);
}
