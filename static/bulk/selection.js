// Ticked rows of the list stay ticked from page to page, as long as the filters stay the same.
// Without this script ticks count for one page, and “all that match” works as well.

const STORE = "bulk.rows";
const NO_FILTERS = ["page", "page_size", "ordering", "columns"];
const form = () => document.getElementById("bulk");
const boxes = () => [...form().querySelectorAll("tbody .box")];

function filters() {
  const asked = new URLSearchParams(location.search);
  for (const name of NO_FILTERS) asked.delete(name);
  const given = [...asked].filter(([, value]) => value !== "");
  return JSON.stringify([form().dataset.who, ...given.sort()]);
}

function read() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORE));
    return new Set(kept?.filters === filters() ? kept.rows : []);
  } catch {
    return new Set();
  }
}

function write(rows) {
  if (rows.size) sessionStorage.setItem(STORE, JSON.stringify({ filters: filters(), rows: [...rows] }));
  else sessionStorage.removeItem(STORE);
}

function say(rows) {
  const here = boxes();
  const ticked = here.filter((box) => box.checked).length;
  const elsewhere = rows.size - ticked;
  const told = form().querySelector(".bulk__n");
  const numbers = [rows.size, elsewhere];
  const words = told.dataset[elsewhere ? "elsewhere" : "told"].replaceAll("#", () => numbers.shift());
  told.classList.add("bulk__n--told");
  if (told.textContent !== words) told.textContent = words;
  form().classList.toggle("bulk-scope--some", rows.size > 0);
  const all = form().querySelector("[data-pick-all]");
  all.hidden = false;
  const box = all.querySelector("input");
  box.checked = ticked === here.length;
  box.indeterminate = ticked > 0 && ticked < here.length;
  form().querySelector("[data-untick]").hidden = false;
  const shown = new Set(here.map((each) => each.value));
  form().querySelector("[data-kept]").value = [...rows].filter((row) => !shown.has(row)).join(",");
}

function show() {
  if (!form()) return;
  const rows = read();
  write(rows); // what belonged to other filters is forgotten
  for (const box of boxes()) box.checked = rows.has(box.value);
  say(rows);
}

function change(changed, ticked) {
  const rows = read();
  for (const box of changed) {
    box.checked = ticked;
    rows[ticked ? "add" : "delete"](box.value);
  }
  write(rows);
  say(rows);
}

document.addEventListener("change", ({ target }) => {
  if (!target.closest?.("#bulk")) return;
  if (target.closest("[data-pick-all]")) change(boxes(), target.checked);
  else if (target.matches("tbody .box")) change([target], target.checked);
});
document.addEventListener("click", ({ target }) => {
  if (!target.closest?.("[data-untick]")) return;
  sessionStorage.removeItem(STORE);
  show();
  document.getElementById("results").focus({ preventScroll: true });
});
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id === "results") show();
});
addEventListener("pageshow", show); // also on the way back, where the browser kept the page as it was
show();
