// A long scan is read in steps, each of which is a request: this presses the button for the next one.
const next = document.querySelector("[data-reading-goes-on]");
if (next) {
  const timer = setTimeout(() => next.click(), 500);
  for (const each of document.querySelectorAll("[data-reading-stops]")) {
    each.addEventListener("click", () => clearTimeout(timer));
  }
  // Whoever works on the form in the meantime goes on by the button.
  document.addEventListener("input", () => clearTimeout(timer));
}
