// Buttons that copy: the translated code, or the text of an element.
export function startCopying(root) {
  root.documentElement.classList.add("can-copy");
  root.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button[data-copy]");
    if (!button) return;
    await copy(button, textOf(button.dataset.copy));
  });
}

export async function copy(button, text) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    // No permission, or a page without https: select nothing behind the user's back, just say so.
    button.textContent = "Copying is not allowed here";
  }
  setTimeout(() => {
    button.textContent = label;
  }, 1800);
}

function textOf(name) {
  if (name === "output") return JSON.parse(document.getElementById("result-data").textContent).output ?? "";
  const element = document.getElementById(name);
  return element.value ?? element.textContent;
}
