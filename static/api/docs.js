// Swagger UI renders the API documentation. This script switches on its dark mode, and adds the roles and labels that
// screen readers need. Swagger UI renders again after every click, so the attributes are added again after every change.

const dark = matchMedia("screen and (prefers-color-scheme: dark)");
const container = document.getElementById("swagger-ui");
const labels = container.dataset;
const MISSING_ATTRIBUTES = [
  [".information-container", { role: "region", "aria-label": labels.introduction }], // It is before the <main> of Swagger UI.
  [".dialog-ux .modal-ux", { role: "dialog", "aria-modal": "true", "aria-label": labels.dialog }],
  [".close-modal", { "aria-label": labels.close }],
  [".examples-select-element", { "aria-label": labels.example }],
  ["textarea.body-param__text", { "aria-label": labels.body }],
  ["pre.microlight", { tabindex: "0" }], // It scrolls, so it must be reachable by keyboard.
];

function applyColorScheme() {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}

function addMissingAttributes() {
  // A link inside a button is invalid. The button opens and closes; the URL follows it anyway.
  for (const link of container.querySelectorAll("button a[href]")) link.removeAttribute("href");
  for (const [selector, attributes] of MISSING_ATTRIBUTES) {
    for (const element of container.querySelectorAll(selector)) {
      for (const [name, value] of Object.entries(attributes)) {
        if (!element.hasAttribute(name)) element.setAttribute(name, value);
      }
    }
  }
}

applyColorScheme();
dark.addEventListener("change", applyColorScheme);
new MutationObserver(addMissingAttributes).observe(container, { childList: true, subtree: true });
addMissingAttributes();
