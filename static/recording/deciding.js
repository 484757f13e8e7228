// Deciding on the paragraphs of a text. What is pressed, clicked or sent waits in one queue and is done in order, so that
// nothing is lost however fast somebody presses. A decision replaces the rows that it changes. A row gets its forms
// ("drawn") when it is opened; the next page is added below when its end is near. The keys are read from the help on the
// page (pages/recording/keys.py); ACTIONS has a function for each. Without this script every form and link still works.

const list = document.querySelector("[data-recording]");
const help = document.getElementById("text-keys");
const FRAGMENT_HEADERS = { "HX-Request": "true" };
const SEARCH_DELAY = 180; // milliseconds after the last key
const NEAR_THE_END = 8; // rows below the open one, before the next page is asked for

class NotAFragment extends Error {} // signed out, refused or gone: the server answers with another page

// ---- rows ----

let open = null; // the id of the open row

const rows = () => [...list.children];
const rowOf = (element) => element?.closest("[data-paragraph]");
const openRow = () => document.getElementById(open);
const isUndecided = (row) => "undecided" in row.dataset;
const proposes = (row) => "proposes" in row.dataset;
const optionsOf = (row) => [...row.querySelectorAll("[data-options] button")].filter((each) => each.checkVisibility());
const current = (row) => row.querySelector("[data-current]");
const addressOf = (row) => `${list.dataset.recording}${row.dataset.paragraph}/`;

async function fetchFragment(url, options = {}) {
  const response = await fetch(url, { ...options, headers: FRAGMENT_HEADERS, credentials: "same-origin" });
  const html = await response.text();
  if (response.redirected || !html.includes('id="progress"')) throw new NotAFragment(url);
  return new DOMParser().parseFromString(html, "text/html").body;
}

// Put the parts of an answer in place. What somebody may be typing into is only replaced if it is the row decided on.
function replaceParts(fragment, decided = null) {
  for (const part of [...fragment.children]) {
    const old = document.getElementById(part.id);
    const isBusy = old?.matches("[data-drawn]") && old !== decided && "drawn" in part.dataset;
    if (!old || isBusy || (old !== decided && old.querySelector(".rec__new"))) continue;
    const hadFocus = old.contains(document.activeElement);
    if (part.dataset.paragraph) part.tabIndex = old.tabIndex;
    if (part.id === open) part.classList.add("rec--active");
    old.replaceWith(part);
    if (hadFocus && part.id === open) part.focus({ preventScroll: true });
  }
  showSelection();
}

const drawing = new Map(); // the rows that are being fetched

// Fetch the forms of a row, once. The answer is dropped if a decision has replaced the row meanwhile.
function draw(row) {
  if (!row || "drawn" in row.dataset || row.querySelector(".rec__new")) return Promise.resolve();
  if (!drawing.has(row)) {
    const fetched = fetchFragment(addressOf(row)).then((fragment) => {
      if (!row.isConnected) return;
      const progress = fragment.querySelector("#progress");
      progress.remove(); // it may be older than the one on the page
      const ticked = row.querySelector("[name=n]")?.checked;
      replaceParts(fragment, row);
      const drawn = document.getElementById(row.id);
      if (ticked && drawn.querySelector("[name=n]")) drawn.querySelector("[name=n]").checked = true;
      if (drawn.id === open) drawn.scrollIntoView({ block: "nearest" });
    });
    drawing.set(row, fetched.finally(() => drawing.delete(row)));
  }
  return drawing.get(row);
}

// Show this row as the open one, and make it the one that the Tab key reaches.
function activate(row) {
  if (row.id !== open) {
    openRow()?.classList.remove("rec--active");
    open = row.id;
  }
  for (const each of rows()) each.tabIndex = each === row ? 0 : -1;
  row.classList.add("rec--active");
  if (!waiting.slice(1).some((press) => press.moves)) draw(row).catch(() => {}); // told when a decision needs it
  if (rows().indexOf(row) >= rows().length - NEAR_THE_END) addPage("next").catch(() => {});
}

function goTo(row) {
  if (!row) return;
  activate(row);
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

// ---- pages ----

const adding = {};

// Add the rows of the next or the previous page. Returns whether there was one.
function addPage(rel) {
  const nav = document.querySelector(".pages");
  const link = nav?.querySelector(`a[rel=${rel}]`);
  if (!link) return Promise.resolve(false);
  adding[rel] ??= fetch(link.href, { credentials: "same-origin" })
    .then(async (response) => {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const more = page.querySelector("[data-recording]");
      if (!more) throw new NotAFragment(link.href);
      const added = [...more.children].filter((each) => !document.getElementById(each.id));
      list[rel === "next" ? "append" : "prepend"](...added);
      const following = page.querySelector(`.pages a[rel=${rel}]`);
      if (following) link.href = following.href;
      else link.remove();
      for (const each of nav.querySelectorAll("span.quiet:first-child, ol")) each.remove(); // several pages are shown
      return true;
    })
    .finally(() => delete adding[rel]);
  return adding[rel];
}

async function neighbour(step) {
  const at = () => rows().indexOf(openRow()) + step;
  if (!rows()[at()]) await addPage(step > 0 ? "next" : "prev");
  return rows()[at()];
}

// The next row after the open one that fits, on this page or a later one.
async function nextRow(fits) {
  let from = rows().indexOf(openRow()) + 1;
  for (;;) {
    const found = rows().slice(from).find(fits);
    if (found) return found;
    from = rows().length;
    if (!(await addPage("next"))) return null;
  }
}

// ---- the queue ----

const waiting = []; // what was pressed and is not done yet, with the one that is being done

class Stop extends Error {} // what was pressed later is not done

// Do this after everything that waits. `moves` says that it opens another row or changes what a number means.
async function enqueue(run, { moves = true } = {}) {
  waiting.push({ run, moves });
  if (waiting.length > 1) return;
  while (waiting.length) {
    try {
      await waiting[0].run();
    } catch (error) {
      waiting.length = 1;
      if (error instanceof TypeError) showOffline(openRow());
      else if (error instanceof NotAFragment) location.assign(addressOf(openRow()));
      else if (!(error instanceof Stop)) throw error;
    } finally {
      waiting.shift();
    }
  }
}

function showOffline(row) {
  const notice = row.querySelector("[data-offline]") ?? document.createElement("p");
  Object.assign(notice, { className: "notice notice--bad", textContent: list.dataset.offline });
  notice.setAttribute("role", "alert");
  notice.dataset.offline = "";
  row.querySelector(".rec__side").prepend(notice);
}

// ---- decisions ----

// Send what a browser without this script sends: the answer is a whole page.
function sendPage(url, body) {
  const form = Object.assign(document.createElement("form"), { method: "post", action: url, hidden: true });
  for (const [name, value] of body) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
}

// Send a decision on a row. Afterwards the row is open, or, if `goesOn` is given and the row does not fit it any more,
// the next one that does.
async function decide(row, url, body, { goesOn = null } = {}) {
  row.setAttribute("aria-busy", "true");
  try {
    replaceParts(await fetchFragment(url, { method: "POST", body }), row);
  } catch (error) {
    if (error instanceof NotAFragment) {
      sendPage(url, body);
      throw new Stop();
    }
    throw error;
  } finally {
    row.removeAttribute("aria-busy");
  }
  document.dispatchEvent(new Event("form-answered"));
  const shown = document.getElementById(row.id);
  if (shown.querySelector("[data-refused], .rec__new")) {
    focusInside(shown);
    throw new Stop();
  }
  if (row.id === open) goTo((goesOn && !goesOn(shown) && (await nextRow(goesOn))) || shown);
}

// Where a decision leads: from "nothing" to the next undecided row, from a proposed passage to the next one.
function onwards(control) {
  if ("nothing" in control.dataset) return { goesOn: isUndecided };
  return { goesOn: control.closest("[data-candidate]") ? proposes : null };
}

function focusInside(row) {
  activate(row);
  (row.querySelector("[aria-invalid=true], [data-twins], .rec__new textarea") ?? row).focus();
}

function csrf() {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", document.querySelector("#many [name=csrfmiddlewaretoken]").value);
  return body;
}

// Mark "nothing", or undo it, in several rows: the selected ones, what looks like a heading, or the rest.
async function decideMany(which, button = document.querySelector(`#many [data-which=${which}]`)) {
  if (!button) return;
  const body = new FormData(button.form, button);
  body.set("first", rows()[0].dataset.paragraph);
  body.set("last", rows().at(-1).dataset.paragraph);
  try {
    replaceParts(await fetchFragment(button.form.action, { method: "POST", body }));
  } catch (error) {
    if (!(error instanceof NotAFragment)) throw error;
    sendPage(button.form.action, body);
    throw new Stop();
  }
  const row = openRow() ?? rows()[0];
  goTo(which === "undo" || isUndecided(row) ? row : (await nextRow(isUndecided)) ?? row);
}

async function follow(link) {
  const row = rowOf(link);
  try {
    replaceParts(await fetchFragment(link.href), row);
  } catch {
    location.assign(link.href);
    throw new Stop();
  }
  focusInside(document.getElementById(row.id));
}

// ---- selection ----

const ticked = () => [...list.querySelectorAll("[name=n]:checked")];

function showSelection() {
  const button = document.querySelector("#many [data-which=ticked]");
  if (!button) return;
  button.hidden = ticked().length === 0;
  button.dataset.count = ticked().length;
  for (const each of rows()) each.classList.toggle("rec--ticked", Boolean(each.querySelector("[name=n]:checked")));
}

function tick(row, isTicked) {
  const box = row.querySelector("[name=n]");
  if (box) box.checked = isTicked ?? !box.checked;
  showSelection();
}

// ---- search while typing ----

const timers = new WeakMap();
const searching = new WeakMap();

async function search(input) {
  clearTimeout(timers.get(input));
  searching.get(input)?.abort();
  const asked = new AbortController();
  searching.set(input, asked);
  const url = new URL(input.form.action);
  url.searchParams.set("q", input.value);
  try {
    const found = (await fetchFragment(url, { signal: asked.signal })).querySelector("[data-options]");
    rowOf(input)?.querySelector("[data-options]").replaceWith(found);
  } catch (error) {
    if (error instanceof NotAFragment) input.form.submit();
    else if (error.name !== "AbortError") throw error;
  }
}

// ---- what keys do: each function is given the open row, the argument of the key, and the key ----

const ACTIONS = {
  next: async () => goTo(await neighbour(1)),
  previous: async () => goTo(await neighbour(-1)),
  undecided: async () => {
    const row = (await nextRow(isUndecided)) ?? rows().find(isUndecided);
    if (row) goTo(row);
    else document.querySelector("[data-next]")?.click(); // on an earlier page
  },
  worded: async () => goTo(await nextRow((row) => isUndecided(row) && row.querySelector(".said"))),
  mention: async (row, _argument, key) => {
    await draw(row);
    const shown = openRow();
    const button = optionsOf(shown)[Number(key) - 1];
    if (!button || button.closest("[data-candidate]")) return; // a proposal that was not seen when the key was pressed
    await decide(shown, button.form.action, new FormData(button.form, button));
  },
  kind: async (row, kind) => {
    await draw(row);
    const radio = openRow().querySelector(`[name=kind][value=${kind}]`);
    if (radio) radio.checked = true;
  },
  search: async (row) => {
    await draw(row);
    const otherwise = openRow().querySelector(".rec__else");
    if (otherwise) otherwise.open = true;
    openRow().querySelector("[data-search]")?.focus();
  },
  create: async (row) => {
    await draw(row);
    const link = openRow().querySelector("[data-new]:not([data-change])");
    if (!link) return;
    await follow(link);
    throw new Stop(); // what is pressed now is meant for the form
  },
  candidate: async (row, kind) => {
    const fits = (each) => each.dataset.proposes === kind;
    const found = (await nextRow(fits)) ?? rows().find(fits);
    if (found) goTo(found);
  },
  passage: (row) => draw(row), // press() decides on what is seen
  change: async (row) => {
    await draw(row);
    const link = current(openRow())?.querySelector("[data-change]");
    if (!link) return;
    await follow(link);
    throw new Stop();
  },
  split: async (row) => {
    await draw(row);
    const details = current(openRow())?.querySelector(".cand__split");
    if (!details) return;
    details.open = true;
    details.querySelector("button").focus();
  },
  read: () => document.querySelector("[data-read] button").click(),
  nothing: async (row) => {
    if (ticked().length) await decideMany("ticked");
    else if (isUndecided(row)) await decide(row, `${addressOf(row)}nothing/`, csrf(), { goesOn: isUndecided });
  },
  undo: async (row) => {
    const form = [...row.querySelectorAll("form[data-undo]")].at(-1);
    if (form) await decide(row, form.action, new FormData(form, form.querySelector("button")));
  },
  select: (row) => tick(row),
  extend: async (row) => {
    tick(row, true);
    goTo(await neighbour(1));
  },
  many: (_row, which) => decideMany(which),
  enter: async (row) => {
    await draw(row);
    const controls = openRow().querySelectorAll(".rec__side :is(button, input, select, a, textarea)");
    [...controls].find((each) => each.type !== "hidden" && each.checkVisibility())?.focus();
  },
  summary: () => document.querySelector("[data-summary]").click(),
  help: () => help.showModal(),
};

const KEYS = new Map();
for (const line of help?.querySelectorAll("[data-action]") ?? []) {
  for (const key of line.dataset.keys.split(" ")) KEYS.set(key, line.dataset);
}

const MOVES = new Set([
  ...["next", "previous", "undecided", "worded", "candidate"],
  ...["nothing", "many", "extend", "undo", "passage", "split"],
]);

function nameOf(event) {
  const name = event.key === " " ? "Space" : event.key;
  return event.shiftKey && name.length > 1 ? `Shift+${name}` : name;
}

function press(name, { action, argument }) {
  // A number means what stands beside it when it is pressed, not what follows while an earlier press is being sent.
  const row = openRow();
  const seen = action === "mention" && !waiting.some((each) => each.moves) && "drawn" in row.dataset;
  const button = seen ? optionsOf(row)[Number(name) - 1] : null;
  // Nobody accepts or refuses a proposal that was not on the page when the key was pressed.
  const isPassage = action === "passage" && "drawn" in row.dataset;
  const decision = isPassage && !waiting.some((each) => each.moves) ? current(row)?.querySelector(argument) : button;
  if (decision) enqueueForm(decision.form, decision);
  else if (!isPassage) enqueue(() => ACTIONS[action](openRow(), argument, name), { moves: MOVES.has(action) });
}

function enqueueForm(form, submitter) {
  const url = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
  const body = new FormData(form, submitter);
  const id = rowOf(submitter ?? form).id;
  const { goesOn } = onwards(submitter ?? form);
  const isMention = form.matches(".rec__form") && !goesOn;
  enqueue(() => decide(document.getElementById(id), url, body, { goesOn }), { moves: !isMention });
}

const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

// Whether the browser itself does something with the key, where the focus is.
function isNative(target, name) {
  if (target.closest(TYPING)) return true;
  if (target.matches("[type=radio]")) return name.includes("Arrow") || name === "Space";
  return target.matches("a, button, summary, [type=checkbox]") && (name === "Enter" || name === "Space");
}

function leave(event) {
  const row = rowOf(event.target);
  if (!row || event.target === row) return;
  const close = row.querySelector("[data-close]");
  if (close) enqueue(() => follow(close));
  else goTo(row);
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
  const isElsewhere = event.target !== document.body && !event.target.closest("[data-recording], #progress");
  if (isElsewhere || event.altKey || !openRow()) return;
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "Enter") event.target.closest(".rec__new")?.requestSubmit();
    return;
  }
  const name = nameOf(event);
  if (name === "Escape") leave(event);
  else if (KEYS.has(name) && !isNative(event.target, name)) {
    event.preventDefault();
    if (!event.repeat || name.includes("Arrow")) press(name, KEYS.get(name));
  }
}

function onSubmit(event) {
  const { target: form, submitter } = event;
  const input = form.querySelector("[data-search]");
  if (form.id !== "many" && !list.contains(form)) return;
  event.preventDefault();
  if (input) search(input).then(() => rowOf(input)?.querySelector("[data-options] button")?.focus());
  else if (submitter?.dataset.which) enqueue(() => decideMany(submitter.dataset.which));
  else enqueueForm(form, submitter);
}

function onClick(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest?.("[data-new], [data-close], [data-open], [data-next]");
  if (!link) return;
  const undecided = rows().slice(rows().indexOf(openRow()) + 1).find(isUndecided) ?? rows().find(isUndecided);
  if ("next" in link.dataset && !undecided) return; // on another page
  event.preventDefault();
  if ("next" in link.dataset) goTo(undecided);
  else if ("open" in link.dataset) goTo(rowOf(link));
  else enqueue(() => follow(link));
}

if (list) {
  document.addEventListener("keydown", onKey);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("click", onClick);
  list.addEventListener("focusin", ({ target }) => activate(rowOf(target)));
  list.addEventListener("change", showSelection);
  list.addEventListener("input", ({ target }) => {
    if (!("search" in target.dataset)) return;
    clearTimeout(timers.get(target));
    timers.set(target, setTimeout(search, SEARCH_DELAY, target));
  });
  const opener = document.querySelector("[data-keys-open]");
  opener.hidden = false;
  opener.addEventListener("click", () => help.showModal());
  const end = document.querySelector(".pages a[rel=next]")?.closest("nav");
  if (end) {
    new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && addPage("next").catch(() => {})).observe(end);
  }
  list.classList.add("rec-text--keys");
  showSelection();
  const target = document.getElementById(location.hash.slice(1));
  goTo(rowOf(target) ?? rows().find(isUndecided) ?? rows()[0]);
}
