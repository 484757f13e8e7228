// Recording a meeting. Each decision replaces only its paragraph, keys work on the focused paragraph, and searches run
// while the user types. Without this script, every form and link still works, with a whole page as the answer.

const FRAGMENT_HEADERS = { "HX-Request": "true" };
const SEARCH_DELAY = 180; // milliseconds after the last key
const text = document.querySelector("[data-recording]");

class NotAParagraph extends Error {}

async function fetchFragment(url, options = {}) {
  const response = await fetch(url, { ...options, headers: FRAGMENT_HEADERS, credentials: "same-origin" });
  const html = await response.text();
  if (response.redirected || !html.includes("data-paragraph")) throw new NotAParagraph(url);
  return new DOMParser().parseFromString(html, "text/html");
}

// ---- replacing a paragraph and the progress, and moving between paragraphs ----

function replaceParts(fragment) {
  for (const part of [...fragment.body.children]) document.getElementById(part.id)?.replaceWith(part);
}

function paragraphs() {
  return [...document.querySelectorAll("[data-paragraph]")];
}

// Make this paragraph the one that the Tab key reaches.
function makeTabStop(paragraph) {
  for (const each of paragraphs()) each.tabIndex = each === paragraph ? 0 : -1;
}

function goTo(paragraph) {
  if (!paragraph) return;
  makeTabStop(paragraph);
  paragraph.focus();
}

function nextUndecided(paragraph) {
  const all = paragraphs();
  const after = all.slice(all.indexOf(paragraph) + 1);
  return after.find((each) => "undecided" in each.dataset) ?? null;
}

// Focus the first invalid field or the likely twins, else the new form, else this paragraph or the next undecided one.
function focusAfter(id, { onwards = false } = {}) {
  const paragraph = document.getElementById(id);
  const invalid = paragraph.querySelector("[aria-invalid=true], [data-twins]");
  if (invalid) invalid.focus();
  else if (paragraph.querySelector(".rec__new")) paragraph.querySelector(".rec__new textarea").focus();
  else goTo((onwards && nextUndecided(paragraph)) || paragraph);
}

// ---- decisions ----

// Send the form as a browser without this script does.
function submitPage(form, submitter) {
  if (submitter?.name) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: submitter.name, value: submitter.value });
    form.append(input);
  }
  form.submit();
}

function showOffline(paragraph) {
  const notice = paragraph.querySelector("[data-offline]") ?? document.createElement("p");
  Object.assign(notice, { className: "notice notice--bad", textContent: text.dataset.offline });
  notice.setAttribute("role", "alert");
  notice.dataset.offline = "";
  paragraph.querySelector(".rec__side").prepend(notice);
}

async function decide(form, submitter) {
  const paragraph = form.closest("[data-paragraph]");
  if (paragraph.getAttribute("aria-busy") === "true") return; // clicked twice
  paragraph.setAttribute("aria-busy", "true");
  try {
    replaceParts(await fetchFragment(form.action, { method: "POST", body: new FormData(form, submitter) }));
    document.dispatchEvent(new Event("form-answered"));
    focusAfter(paragraph.id, { onwards: Boolean(submitter && "nothing" in submitter.dataset) });
  } catch (error) {
    if (error instanceof NotAParagraph) submitPage(form, submitter); // signed out, refused or gone: show that page
    else if (error instanceof TypeError) showOffline(paragraph);
    else throw error;
  } finally {
    paragraph.removeAttribute("aria-busy");
  }
}

async function openLink(link) {
  const paragraph = link.closest("[data-paragraph]");
  try {
    replaceParts(await fetchFragment(link.href));
    focusAfter(paragraph.id);
  } catch {
    location.assign(link.href);
  }
}

// ---- search while typing ----

const running = new WeakMap();

async function searchCommitments(input) {
  running.get(input)?.abort();
  const search = new AbortController();
  running.set(input, search);
  const url = new URL(input.form.action);
  url.searchParams.set("q", input.value);
  try {
    const fragment = await fetchFragment(url, { signal: search.signal });
    const options = fragment.querySelector("[data-options]");
    input.closest("[data-paragraph]").querySelector("[data-options]").replaceWith(options);
  } catch (error) {
    if (error instanceof NotAParagraph) input.form.submit();
    else if (error.name !== "AbortError") throw error;
  }
}

async function searchMeetings(input) {
  running.get(input)?.abort();
  const search = new AbortController();
  running.set(input, search);
  const url = new URL(location.pathname, location.origin);
  if (input.value) url.searchParams.set("q", input.value);
  try {
    const response = await fetch(url, { signal: search.signal, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.getElementById(input.dataset.liveSearch);
    if (found) document.getElementById(input.dataset.liveSearch).replaceChildren(...found.childNodes);
    const link = page.querySelector("[data-keeps-query]");
    if (link) document.querySelector("[data-keeps-query]").href = link.href;
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

const timers = new WeakMap();

document.addEventListener("input", ({ target }) => {
  const run = "search" in target.dataset && text ? searchCommitments : "liveSearch" in target.dataset ? searchMeetings : null;
  if (!run) return;
  clearTimeout(timers.get(target));
  timers.set(target, setTimeout(run, SEARCH_DELAY, target));
});

// ---- keys, only on the focused paragraph ----

function click(paragraph, selector, nth = 0) {
  const control = paragraph.querySelectorAll(selector)[nth];
  if (control?.checkVisibility()) control.click();
}

const KEYS = {
  ArrowDown: (paragraph) => goTo(paragraphs()[paragraphs().indexOf(paragraph) + 1]),
  ArrowUp: (paragraph) => goTo(paragraphs()[paragraphs().indexOf(paragraph) - 1]),
  n: (paragraph) => click(unfold(paragraph), "[data-new]"),
  m: (paragraph) => unfold(paragraph).querySelector("[data-search]")?.focus(),
  x: (paragraph) => click(paragraph, "[data-nothing]"),
};

function unfold(paragraph) {
  const more = paragraph.querySelector(".rec__more");
  if (more) more.open = true;
  return paragraph;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const paragraph = event.target.closest("[data-paragraph]");
  if (!paragraph) return;
  if (event.key === "Escape" && event.target !== paragraph) {
    const close = paragraph.querySelector("[data-close]");
    if (close) openLink(close);
    else goTo(paragraph);
  } else if (event.target === paragraph) {
    if (/^[1-9]$/.test(event.key)) click(paragraph, "[data-options] button", Number(event.key) - 1);
    else if (KEYS[event.key]) KEYS[event.key](paragraph);
    else return;
    event.preventDefault();
  }
}

if (text) {
  document.querySelector("[data-keys]").hidden = false;
  text.addEventListener("keydown", onKey);
  text.addEventListener("focusin", ({ target }) => makeTabStop(target.closest("[data-paragraph]")));
  text.addEventListener("click", (event) => {
    const link = event.target.closest("[data-new], [data-close]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openLink(link);
  });
  text.addEventListener("submit", (event) => {
    event.preventDefault();
    const search = event.target.querySelector("[data-search]");
    if (!search) decide(event.target, event.submitter);
    else searchCommitments(search).then(() => search.closest("[data-paragraph]").querySelector("[data-options] button")?.focus());
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-next]")) return;
    const current = document.activeElement?.closest("[data-paragraph]") ?? paragraphs().find((each) => each.tabIndex === 0);
    const next = current ? nextUndecided(current) ?? paragraphs().find((each) => "undecided" in each.dataset) : null;
    if (!next) return;
    event.preventDefault();
    goTo(next);
  });
  const target = document.getElementById(location.hash.slice(1));
  if (target && "paragraph" in target.dataset) goTo(target);
  else makeTabStop(paragraphs().find((each) => "undecided" in each.dataset) ?? paragraphs()[0]);
}

// ---- the form of a meeting: a known name fills in the last position and country; forms are sent only once ----

document.addEventListener("change", ({ target }) => {
  if (!("person" in target.dataset)) return;
  const known = [...target.list.options].find((option) => option.value === target.value);
  const [office, country] = ["office", "country"].map((name) => target.form.elements[target.name.replace("-name", `-${name}`)]);
  if (known && !office.value) office.value = known.dataset.office;
  if (known && !country.value) country.value = known.dataset.country;
});

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", () => setTimeout(() => form.querySelectorAll("button").forEach((each) => (each.disabled = true))));
}
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form[data-once] button")) button.disabled = false;
});
