// Recording a meeting: each decision replaces its paragraph alone, keys work on the paragraph that has the focus, and
// searches answer while one types. Without this script every form and link does the same by itself.

const QUICK = { "HX-Request": "true" };
const PAUSE = 180;
const text = document.querySelector("[data-recording]");

class NotAPassage extends Error {}

async function ask(url, options = {}) {
  const answer = await fetch(url, { ...options, headers: QUICK, credentials: "same-origin" });
  const html = await answer.text();
  if (answer.redirected || !html.includes("data-passage")) throw new NotAPassage(url);
  return new DOMParser().parseFromString(html, "text/html");
}

// ---- one paragraph in the place of another, and how far the text was read ----

function put(answer) {
  for (const part of [...answer.body.children]) document.getElementById(part.id)?.replaceWith(part);
}

function passages() {
  return [...document.querySelectorAll("[data-passage]")];
}

function rest(passage) {
  for (const each of passages()) each.tabIndex = each === passage ? 0 : -1;
}

function goTo(passage) {
  if (!passage) return;
  rest(passage);
  passage.focus();
}

function nextWaiting(passage) {
  const all = passages();
  const after = all.slice(all.indexOf(passage) + 1);
  return after.find((each) => "waits" in each.dataset) ?? null;
}

function settle(id, { onwards = false } = {}) {
  const passage = document.getElementById(id);
  const wrong = passage.querySelector("[aria-invalid=true]");
  if (wrong) wrong.focus();
  else if (passage.querySelector(".rec__new")) passage.querySelector(".rec__new textarea").focus();
  else goTo((onwards && nextWaiting(passage)) || passage);
}

// ---- decisions ----

function plainly(form, submitter) {
  if (submitter?.name) {
    const carried = document.createElement("input");
    Object.assign(carried, { type: "hidden", name: submitter.name, value: submitter.value });
    form.append(carried);
  }
  form.submit();
}

function sayOffline(passage) {
  const notice = passage.querySelector("[data-offline]") ?? document.createElement("p");
  Object.assign(notice, { className: "notice notice--bad", textContent: text.dataset.offline });
  notice.setAttribute("role", "alert");
  notice.dataset.offline = "";
  passage.querySelector(".rec__side").prepend(notice);
}

async function decide(form, submitter) {
  const passage = form.closest("[data-passage]");
  if (passage.getAttribute("aria-busy") === "true") return; // pressed twice
  passage.setAttribute("aria-busy", "true");
  try {
    put(await ask(form.action, { method: "POST", body: new FormData(form, submitter) }));
    settle(passage.id, { onwards: Boolean(submitter && "nothing" in submitter.dataset) });
  } catch (error) {
    if (error instanceof NotAPassage) plainly(form, submitter); // signed out, refused or gone: the page that says so
    else if (error instanceof TypeError) sayOffline(passage);
    else throw error;
  } finally {
    passage.removeAttribute("aria-busy");
  }
}

async function open(link) {
  const passage = link.closest("[data-passage]");
  try {
    put(await ask(link.href));
    settle(passage.id);
  } catch {
    location.assign(link.href);
  }
}

// ---- searching while one types ----

const pending = new WeakMap();

async function find(input) {
  pending.get(input)?.abort();
  const search = new AbortController();
  pending.set(input, search);
  const url = new URL(input.form.action);
  url.searchParams.set("q", input.value);
  try {
    const answer = await ask(url, { signal: search.signal });
    const offer = answer.querySelector("[data-offer]");
    input.closest("[data-passage]").querySelector("[data-offer]").replaceWith(offer);
  } catch (error) {
    if (error instanceof NotAPassage) input.form.submit();
    else if (error.name !== "AbortError") throw error;
  }
}

async function findMeetings(input) {
  pending.get(input)?.abort();
  const search = new AbortController();
  pending.set(input, search);
  const url = new URL(location.pathname, location.origin);
  if (input.value) url.searchParams.set("q", input.value);
  try {
    const answer = await fetch(url, { signal: search.signal, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById(input.dataset.instant);
    if (found) document.getElementById(input.dataset.instant).replaceChildren(...found.childNodes);
    const carried = page.querySelector("[data-carries]");
    if (carried) document.querySelector("[data-carries]").href = carried.href;
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

const timers = new WeakMap();

document.addEventListener("input", ({ target }) => {
  const run = "find" in target.dataset && text ? find : "instant" in target.dataset ? findMeetings : null;
  if (!run) return;
  clearTimeout(timers.get(target));
  timers.set(target, setTimeout(run, PAUSE, target));
});

// ---- keys, on the paragraph that has the focus and nowhere else ----

function press(passage, selector, nth = 0) {
  const control = passage.querySelectorAll(selector)[nth];
  if (control?.checkVisibility()) control.click();
}

const KEYS = {
  ArrowDown: (passage) => goTo(passages()[passages().indexOf(passage) + 1]),
  ArrowUp: (passage) => goTo(passages()[passages().indexOf(passage) - 1]),
  n: (passage) => press(unfold(passage), "[data-new]"),
  m: (passage) => unfold(passage).querySelector("[data-find]")?.focus(),
  x: (passage) => press(passage, "[data-nothing]"),
};

function unfold(passage) {
  const more = passage.querySelector(".rec__more");
  if (more) more.open = true;
  return passage;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const passage = event.target.closest("[data-passage]");
  if (!passage) return;
  if (event.key === "Escape" && event.target !== passage) {
    const close = passage.querySelector("[data-close]");
    if (close) open(close);
    else goTo(passage);
  } else if (event.target === passage) {
    if (/^[1-9]$/.test(event.key)) press(passage, "[data-offer] button", Number(event.key) - 1);
    else if (KEYS[event.key]) KEYS[event.key](passage);
    else return;
    event.preventDefault();
  }
}

if (text) {
  document.querySelector("[data-keys]").hidden = false;
  text.addEventListener("keydown", onKey);
  text.addEventListener("focusin", ({ target }) => rest(target.closest("[data-passage]")));
  text.addEventListener("click", (event) => {
    const link = event.target.closest("[data-new], [data-close]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
  text.addEventListener("submit", (event) => {
    event.preventDefault();
    const search = event.target.querySelector("[data-find]");
    if (!search) decide(event.target, event.submitter);
    else find(search).then(() => search.closest("[data-passage]").querySelector("[data-offer] button")?.focus());
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-next]")) return;
    const here = document.activeElement?.closest("[data-passage]") ?? passages().find((each) => each.tabIndex === 0);
    const next = here ? nextWaiting(here) ?? passages().find((each) => "waits" in each.dataset) : null;
    if (!next) return;
    event.preventDefault();
    goTo(next);
  });
  const begin = document.getElementById(location.hash.slice(1));
  if (begin && "passage" in begin.dataset) goTo(begin);
  else rest(passages().find((each) => "waits" in each.dataset) ?? passages()[0]);
}

// ---- the beginning: a known name brings the office last held, to be corrected; a form is sent once ----

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
