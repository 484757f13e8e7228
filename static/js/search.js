// The search in everything as a dialog over the page: "/" or Ctrl-K opens it. Arrow keys choose a result, Enter opens it.
// Without this script the link "Search" leads to a page that finds the same.

const link = document.querySelector("[data-search]");
const PAUSE = 120; // milliseconds without a key before the results are asked for

let dialog = null;
let input = null;
let list = null;
let count = null;
let shown = null; // the words that the results on the screen belong to
let timer = 0;
let asked = null;

const options = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => list.querySelector("[aria-selected=true]");

function element(name, properties, attributes = {}) {
  const made = Object.assign(document.createElement(name), properties);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function build() {
  const { label, results, hint } = link.dataset;
  dialog = element("dialog", { className: "search-box" }, { "aria-label": link.firstChild.textContent.trim() });
  const form = element("form", { method: "get", action: link.href }, { role: "search" });
  input = element(
    "input",
    { type: "search", name: "q", maxLength: 200, autocomplete: "off", spellcheck: false, placeholder: label },
    {
      role: "combobox", "aria-label": label, "aria-expanded": "false", "aria-controls": "search-found",
      "aria-autocomplete": "list",
    },
  );
  list = element("div", { id: "search-found", className: "search-box__found" }, { role: "listbox", "aria-label": results });
  count = element("p", { className: "visually-hidden" }, { role: "status" });
  form.append(input, list, count, element("p", { className: "small quiet", textContent: hint }));
  dialog.append(form);
  document.body.append(dialog);
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, PAUSE);
  });
  form.addEventListener("submit", openChosen);
  dialog.addEventListener("keydown", move);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

async function find() {
  const words = input.value;
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(`${link.dataset.found}?${new URLSearchParams({ q: words })}`, { signal: asked.signal });
    if (answer.redirected || !answer.ok) return; // signed out, or too long: Enter opens the page, which says so
    list.innerHTML = await answer.text();
    shown = words;
    count.textContent = list.querySelector("[data-count]").textContent;
    input.setAttribute("aria-expanded", String(options().length > 0));
    choose(words.trim() ? options()[0] : null);
  } catch (error) {
    if (error.name !== "AbortError") shown = null; // no connection: Enter opens the page
  }
}

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

function move(event) {
  if (event.isComposing || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  const all = options();
  const step = event.key === "ArrowDown" ? 1 : -1;
  const here = all.indexOf(chosen());
  choose(all[here < 0 ? (step > 0 ? 0 : all.length - 1) : (here + step + all.length) % all.length]);
}

// Enter opens what is chosen among the results of the words that are in the field now, and waits for them. Without results
// it opens the page of the search, which says so.
async function openChosen(event) {
  event.preventDefault();
  clearTimeout(timer);
  if (shown !== input.value) await find();
  const option = shown === input.value ? chosen() : null;
  location.assign(option ? option.href : `${link.href}?${new URLSearchParams({ q: input.value })}`);
}

function open() {
  if (!dialog) build();
  if (dialog.open) return;
  dialog.showModal();
  input.select();
  find();
}

function opens(event) {
  if (event.defaultPrevented || event.repeat || event.altKey) return false;
  const command = event.ctrlKey || event.metaKey;
  if (command) return event.key.toLowerCase() === "k" && !event.shiftKey;
  const types = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  // The list of commitments has a search of its own under this key.
  return event.key === "/" && !types && !document.getElementById("keys") && !document.querySelector("dialog[open]");
}

if (link) {
  document.addEventListener("keydown", (event) => {
    if (!opens(event)) return;
    event.preventDefault();
    open();
  });
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
}
