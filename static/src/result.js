// After each answer: tell the editor, announce the outcome, make line links jump. Also what to say when no answer comes.
export function startResult({ form, editor }) {
  const status = document.getElementById("status");
  const show = () => {
    const result = document.getElementById("result");
    editor.show(JSON.parse(document.getElementById("result-data").textContent));
    if (status.textContent !== result.dataset.summary) status.textContent = result.dataset.summary;
  };
  show();

  // A verdict on the old text must not be read as one on the new; short waits are not worth announcing.
  let waiting;
  document.body.addEventListener("htmx:beforeRequest", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      status.textContent = "Working…";
    }, 400);
  });
  document.body.addEventListener("htmx:afterRequest", () => clearTimeout(waiting));
  document.body.addEventListener("htmx:afterSwap", show);
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    // A proxy's own error page must not land in the middle of ours.
    if (event.detail.serverResponse.includes('id="result"')) return;
    event.detail.shouldSwap = false;
    status.textContent = `The server answered ${event.detail.xhr.status}; your text is still here. Try again in a moment.`;
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(name, () => {
      status.textContent = "The server can't be reached; your text is still here.";
    });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-line]");
    if (!link) return;
    event.preventDefault();
    if (link.dataset.side === "after") showOutputLine(form, Number(link.dataset.line));
    else showSourceLine(form, editor, Number(link.dataset.line));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      document.getElementById("convert-now").click();
    }
  });

  document.getElementById("take-models")?.addEventListener("click", () => {
    const { schema } = form.elements;
    schema.value = document.getElementById("used-models")?.textContent ?? "";
    schema.dispatchEvent(new Event("input", { bubbles: true }));
    schema.setSelectionRange(0, 0);
    schema.focus();
    schema.scrollTo(0, 0);
  });

  document.getElementById("clear")?.addEventListener("click", () => {
    editor.replace("");
    editor.focus();
  });
}

function showSourceLine(form, editor, line) {
  if (form.elements.view.value !== "compare") form.elements.view.value = "edit";
  if (form.elements.view.value === "compare") flash(document.getElementById(`B${line}`));
  else editor.goToLine(line);
}

function showOutputLine(form, line) {
  const narrow = window.matchMedia("(max-width: 800px)").matches;
  if (narrow) form.elements.view.value = "result";
  flash(document.getElementById(`A${line}`));
}

function flash(cell) {
  if (!cell) return;
  const row = cell.closest("tr");
  row.scrollIntoView({ block: "center" });
  row.classList.remove("flash");
  // Reading a size makes the browser notice that the class was gone, so that the flash starts anew.
  void row.offsetWidth;
  row.classList.add("flash");
}
