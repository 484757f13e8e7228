// The API's pages are drawn by a library. It has colours for the night, but waits to be told; and its markup lacks what
// somebody needs who does not see it. Drawn anew at every click, it is mended at every click.

const night = matchMedia("screen and (prefers-color-scheme: dark)");
const place = document.getElementById("swagger-ui");
const said = place.dataset;
const LACKING = [
  [".information-container", { role: "region", "aria-label": said.introduction }], // stands before the library's <main>
  [".dialog-ux .modal-ux", { role: "dialog", "aria-modal": "true", "aria-label": said.dialog }],
  [".close-modal", { "aria-label": said.close }],
  [".examples-select-element", { "aria-label": said.example }],
  ["textarea.body-param__text", { "aria-label": said.body }],
  ["pre.microlight", { tabindex: "0" }], // scrolls, so it must be in reach of the keys
];

function dress() {
  document.documentElement.classList.toggle("dark-mode", night.matches);
}

function mend() {
  // A link inside a button is two things at one place: the button opens and closes, and the address follows it anyway.
  for (const link of place.querySelectorAll("button a[href]")) link.removeAttribute("href");
  for (const [selector, attributes] of LACKING) {
    for (const element of place.querySelectorAll(selector)) {
      for (const [name, value] of Object.entries(attributes)) {
        if (!element.hasAttribute(name)) element.setAttribute(name, value);
      }
    }
  }
}

dress();
night.addEventListener("change", dress);
new MutationObserver(mend).observe(place, { childList: true, subtree: true });
mend();
