// The pages on which a recording begins: meetings are searched for while somebody types, a known name fills in the last
// position and country, and a form is sent only once. Without this script every form and link still works.

const SEARCH_DELAY = 180; // milliseconds after the last key
const running = new WeakMap();
const timers = new WeakMap();

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

document.addEventListener("input", ({ target }) => {
  if (!("liveSearch" in target.dataset)) return;
  clearTimeout(timers.get(target));
  timers.set(target, setTimeout(searchMeetings, SEARCH_DELAY, target));
});

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
