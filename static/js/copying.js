// Copies the text of a field when its button is pressed. Without this script the text is selected and copied by hand.

for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const note = button.parentElement.querySelector("[data-copied-note]");
  button.hidden = !navigator.clipboard; // browsers give no clipboard to pages over plain HTTP
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    note.hidden = false;
  });
}
