// The list: keeps focus, scroll position and open menus when htmx replaces parts of the page, opens the page of an
// error, and adds keyboard shortcuts. Without this script every filter, link and form works as usual.

const FIELDS = "input, select, textarea, [contenteditable]";
const results = () => document.getElementById("results");
const panel = () => document.getElementById("panel");

// ---- filters: keep the state of the panel, announce the number of results ----

let state = null;
let entered = false; // Enter was pressed in the search: focus the first row once the rows have arrived

function remember() {
  const facets = [...document.querySelectorAll("[data-facet]")];
  const open = new Set(facets.filter((each) => each.open).map((each) => each.dataset.facet));
  const scrolled = facets.map((each) => [each.dataset.facet, each.querySelector("fieldset")?.scrollTop ?? 0]);
  const menus = [...document.querySelectorAll(".menu[open] > summary")].map((each) => each.textContent);
  const rowPath = document.activeElement?.closest("#results .reg__title")?.pathname;
  state = { open, scrolled: new Map(scrolled), focus: document.activeElement?.id, rowPath, menus };
}

function restore(swapped) {
  if (!state) return;
  for (const facet of panel().querySelectorAll("[data-facet]")) {
    if (state.open.has(facet.dataset.facet)) facet.open = true;
    const list = facet.querySelector("fieldset");
    if (list) list.scrollTop = state.scrolled.get(facet.dataset.facet) ?? 0;
  }
  const row = state.rowPath && rows().find((each) => each.pathname === state.rowPath);
  const focused = row || (state.focus && document.getElementById(state.focus));
  if (entered && swapped === "results" && rows().length) moveFocus(1);
  else if (focused) focused.focus({ preventScroll: true });
  else if (swapped === "results" && document.activeElement === document.body) results()?.focus({ preventScroll: true });
  state = null;
}

function updateFields() {
  const parameters = new URLSearchParams(location.search);
  for (const id of ["q", "as_of", "compare"]) {
    const field = document.getElementById(id);
    if (field !== document.activeElement) field.value = parameters.get(id) ?? "";
  }
  document.getElementById("announcement").textContent = results()?.dataset.announcement ?? "";
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const url = new URL(event.detail.xhr.responseURL || location.href);
  const isList = /id="(results|figures|part-\w+)"/.test(event.detail.serverResponse);
  if (event.detail.shouldSwap && !isList) {
    event.detail.shouldSwap = false;
    location.assign(url); // signed out, or another page
    return;
  }
  remember();
});
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (!["results", "figures"].includes(target.id)) return;
  restore(target.id);
  if (target.id === "results") {
    entered = false;
    updateFields();
  }
});
for (const name of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(name, ({ detail }) => location.assign(detail.pathInfo.finalRequestPath));
}

// ---- keyboard shortcuts ----

const keys = document.getElementById("keys");
const opener = document.querySelector("[data-keys-open]");

function rows() {
  return [...document.querySelectorAll("#results table.reg tbody .reg__title")].filter((each) => each.checkVisibility());
}

function moveFocus(step) {
  const all = rows();
  const here = all.indexOf(document.activeElement?.closest("tr")?.querySelector(".reg__title"));
  const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.closest("tr").scrollIntoView({ block: "nearest" });
}

function toggleSelection() {
  const row = document.activeElement?.closest("#results tbody tr");
  row?.querySelector(".reg__check .box")?.click();
}

function leaveSearch(event) {
  if (event.isComposing || event.target.id !== "q") return;
  const searched = new URLSearchParams(location.search).get("q") ?? "";
  if (event.key === "Enter") entered = true;
  else if (event.key === "Escape" && event.target.value === searched) {
    event.preventDefault(); // keep a search that was run; text that was not searched for yet is cleared, as usual
    results().focus({ preventScroll: true });
  } else if (event.key.length === 1) entered = false;
}

const KEYS = {
  "/": () => document.getElementById("q").select(),
  "?": () => keys.showModal(),
  j: () => moveFocus(1),
  k: () => moveFocus(-1),
  x: toggleSelection,
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
