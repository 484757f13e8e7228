// The list: what htmx replaced keeps the reader's place, faults lead to the page that says so, and keys walk the rows.
// Without this script every filter, link and form does the same by itself.

const FIELDS = "input, select, textarea, [contenteditable]";
const results = () => document.getElementById("results");
const panel = () => document.getElementById("panel");

// ---- filters: what is open stays open, what was said is said aloud ----

let place = null;
let entered = false; // Enter in the search: once the rows have come, the first of them is wanted

function remember() {
  const facets = [...document.querySelectorAll("[data-facet]")];
  const open = new Set(facets.filter((each) => each.open).map((each) => each.dataset.facet));
  const scrolled = facets.map((each) => [each.dataset.facet, each.querySelector("fieldset")?.scrollTop ?? 0]);
  const menus = [...document.querySelectorAll(".menu[open] > summary")].map((each) => each.textContent);
  const at = document.activeElement?.closest("#results .reg__title")?.pathname;
  place = { open, scrolled: new Map(scrolled), focus: document.activeElement?.id, at, menus };
}

function restore(swapped) {
  if (!place) return;
  for (const facet of panel().querySelectorAll("[data-facet]")) {
    if (place.open.has(facet.dataset.facet)) facet.open = true;
    const list = facet.querySelector("fieldset");
    if (list) list.scrollTop = place.scrolled.get(facet.dataset.facet) ?? 0;
  }
  const row = place.at && rows().find((each) => each.pathname === place.at);
  const focused = row || (place.focus && document.getElementById(place.focus));
  if (entered && swapped === "results" && rows().length) walk(1);
  else if (focused) focused.focus({ preventScroll: true });
  else if (swapped === "results" && document.activeElement === document.body) results()?.focus({ preventScroll: true });
  place = null;
}

function agree() {
  const asked = new URLSearchParams(location.search);
  for (const id of ["q", "as_of", "compare"]) {
    const field = document.getElementById(id);
    if (field !== document.activeElement) field.value = asked.get(id) ?? "";
  }
  document.getElementById("told").textContent = results()?.dataset.told ?? "";
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const there = new URL(event.detail.xhr.responseURL || location.href);
  const isList = /id="(results|figures)"/.test(event.detail.serverResponse);
  if (event.detail.shouldSwap && !isList) {
    event.detail.shouldSwap = false;
    location.assign(there); // signed out meanwhile, or another page altogether
    return;
  }
  remember();
});
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (!["results", "figures"].includes(target.id)) return;
  restore(target.id);
  if (target.id === "results") {
    entered = false;
    agree();
  }
});
for (const fault of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(fault, ({ detail }) => location.assign(detail.pathInfo.finalRequestPath));
}

// ---- keys ----

const keys = document.getElementById("keys");
const opener = document.querySelector("[data-keys-open]");

function rows() {
  return [...document.querySelectorAll("#results table.reg tbody .reg__title")].filter((each) => each.checkVisibility());
}

function walk(step) {
  const all = rows();
  const here = all.indexOf(document.activeElement?.closest("tr")?.querySelector(".reg__title"));
  const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.closest("tr").scrollIntoView({ block: "nearest" });
}

function tick() {
  const row = document.activeElement?.closest("#results tbody tr");
  row?.querySelector(".reg__check .box")?.click();
}

function leaveSearch(event) {
  if (event.isComposing || event.target.id !== "q") return;
  const asked = new URLSearchParams(location.search).get("q") ?? "";
  if (event.key === "Enter") entered = true;
  else if (event.key === "Escape" && event.target.value === asked) {
    event.preventDefault(); // what was asked for stays; what was only begun is cleared, as everywhere
    results().focus({ preventScroll: true });
  } else if (event.key.length === 1) entered = false;
}

const KEYS = {
  "/": () => document.getElementById("q").select(),
  "?": () => keys.showModal(),
  j: () => walk(1),
  k: () => walk(-1),
  x: tick,
};

if (keys) {
  opener.hidden = false;
  opener.addEventListener("click", () => keys.showModal());
  document.addEventListener("keydown", leaveSearch);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || keys.open) return;
    const field = event.target.closest?.(FIELDS);
    if (!KEYS[event.key] || (field && !["checkbox", "radio"].includes(field.type))) return;
    event.preventDefault();
    KEYS[event.key]();
  });
}
