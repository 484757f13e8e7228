// The keys of the queue: c confirms, r returns, s skips, b goes back. Without this script the buttons do the same.

const form = document.querySelector(".queue__decision form");
const note = form.querySelector("textarea[name=note]");
const hint = document.querySelector(".queue__decision [data-hint]");
let sent = false;

form.addEventListener("submit", () => (sent = true));
addEventListener("pageshow", () => (sent = false)); // after going back in the browser

const press = (decision) => form.querySelector(`button[value=${decision}]`).click();

function giveBack() {
  if (note.value.trim()) press("return");
  else {
    note.focus();
    hint.textContent = hint.dataset.hint;
  }
}

const follow = (key) => document.querySelector(`[data-key="${key}"]`)?.click();
const KEYS = { c: () => press("confirm"), r: giveBack, s: () => follow("s"), b: () => follow("b") };

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=radio]), textarea, select");
  if (typing && event.key === "Escape" && !event.isComposing) typing.blur();
  if (sent || typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]") || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});
