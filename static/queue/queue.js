// The keys of the queue, each by its button or link: c confirms, r returns, s skips. Without this script they do the same.

const form = document.querySelector(".queue__decision form");
const note = form.querySelector("textarea[name=note]");
const hint = document.querySelector(".queue__decision [data-hint]");
let sent = false;

form.addEventListener("submit", () => (sent = true));
addEventListener("pageshow", () => (sent = false)); // after going back in the browser

// A button without a note that it needs leads to the note first.
function press(control) {
  if ("needsNote" in control.dataset && !note.value.trim()) {
    note.focus();
    hint.textContent = hint.dataset.hint;
  } else control.click();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=radio]), textarea, select");
  if (typing && event.key === "Escape" && !event.isComposing) typing.blur();
  if (sent || typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const control = /^[a-z]$/.test(event.key) && document.querySelector(`.queue__decision [data-key="${event.key}"]`);
  if (document.querySelector("dialog[open]") || !control) return;
  event.preventDefault();
  press(control);
});
