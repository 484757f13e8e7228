// Keeps the ticked rows of the list from page to page, as long as the filters stay the same.
// Without this script ticks count for one page; the buttons for all rows work as well.

const STORE = "bulk.rows";
const NO_FILTERS = ["page", "page_size", "ordering", "columns"];
const plurals = new Intl.PluralRules(document.documentElement.lang);
const form = () => document.getElementById("bulk");
const boxes = () => [...form().querySelectorAll("tbody .box")];

function filters() {
  const parameters = new URLSearchParams(location.search);
  for (const name of NO_FILTERS) parameters.delete(name);
  const set = [...parameters].filter(([, value]) => value !== "");
  return JSON.stringify([form().dataset.who, ...set.sort()]);
}

function read() {
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORE));
    return new Set(stored?.filters === filters() ? stored.rows : []);
  } catch {
    return new Set();
  }
}

function write(rows) {
  if (rows.size) sessionStorage.setItem(STORE, JSON.stringify({ filters: filters(), rows: [...rows] }));
  else sessionStorage.removeItem(STORE);
}

// The message `name` of the bar in the plural form for `n`, with `n` in the place of "#".
function message(bar, name, n) {
  return bar.dataset[name + (plurals.select(n) === "one" ? "One" : "Other")].replace("#", n.toLocaleString(document.documentElement.lang));
}

function update(rows) {
  const here = boxes();
  const ticked = here.filter((box) => box.checked).length;
  const elsewhere = rows.size - ticked;
  const count = form().querySelector(".bulk__n");
  const messages = [message(count, "selected", rows.size)];
  if (elsewhere) messages.push(message(count, "elsewhere", elsewhere));
  const text = messages.join(" · ");
  count.classList.add("bulk__n--by-script");
  if (count.textContent !== text) count.textContent = text;
  form().classList.toggle("bulk-scope--some", rows.size > 0);
  const all = form().querySelector("[data-pick-all]");
  all.hidden = false;
  const box = all.querySelector("input");
  box.checked = ticked === here.length;
  box.indeterminate = ticked > 0 && ticked < here.length;
  form().querySelector("[data-clear-selection]").hidden = false;
  const shown = new Set(here.map((each) => each.value));
  form().querySelector("[data-other-pages]").value = [...rows].filter((row) => !shown.has(row)).join(",");
}

function restore() {
  if (!form()) return;
  const rows = read();
  write(rows); // deletes the selection of other filters
  for (const box of boxes()) box.checked = rows.has(box.value);
  update(rows);
}

function tick(changed, ticked) {
  const rows = read();
  for (const box of changed) {
    box.checked = ticked;
    rows[ticked ? "add" : "delete"](box.value);
  }
  write(rows);
  update(rows);
}

document.addEventListener("change", ({ target }) => {
  if (!target.closest?.("#bulk")) return;
  if (target.closest("[data-pick-all]")) tick(boxes(), target.checked);
  else if (target.matches("tbody .box")) tick([target], target.checked);
});
document.addEventListener("click", ({ target }) => {
  if (!target.closest?.("[data-clear-selection]")) return;
  sessionStorage.removeItem(STORE);
  restore();
  document.getElementById("results").focus({ preventScroll: true });
});
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id === "results") restore();
});
addEventListener("pageshow", restore); // also when the browser restores the page from its history
restore();
