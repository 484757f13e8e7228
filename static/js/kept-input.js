// Keeps what was typed when a form meets an ended session: it comes back after signing in as the same account, in the same
// tab. Each form that is sent is stored in the session storage of the tab. A page of the same account means that the
// server has answered, and what was sent is forgotten. A page without an account (sign-in, an expired form) means that it
// was not, and it is kept until the form is opened again. Another account, and signing out, delete everything, and so does
// an hour: whoever comes to the tab later finds nothing.

const PREFIX = "kept-input:";
const NOTICE = "kept-input-notice";
const NEVER = new Set(["csrfmiddlewaretoken", "once", "next"]);
const LONGEST = 60 * 60 * 1000;
const account = document.querySelector('meta[name="account"]')?.content;

const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
const pathOf = (form) => new URL(form.getAttribute("action") ?? "", location.href).pathname;
const isSecret = (control) => control.type === "password" || control.autocomplete === "one-time-code";
const postForms = () => [...document.forms].filter((form) => form.method === "post");
const keyOf = (form) => {
  const alike = postForms().filter((each) => pathOf(each) === pathOf(form));
  return `${PREFIX}${pathOf(form)}#${alike.indexOf(form)}`;
};

const read = (key) => JSON.parse(sessionStorage.getItem(key));

function clear() {
  for (const key of keys()) sessionStorage.removeItem(key);
}

// Forget what is too old, now and while the page stays open.
function forgetOld() {
  const ages = keys().map((key) => [key, Date.now() - (read(key).at ?? 0)]);
  for (const [key, age] of ages) if (age >= LONGEST) sessionStorage.removeItem(key);
  const left = ages.filter(([, age]) => age < LONGEST).map(([, age]) => LONGEST - age);
  if (left.length) setTimeout(forgetOld, Math.min(...left));
  for (const hint of document.querySelectorAll("[data-kept-hint]")) hint.hidden = Boolean(account) || keys().length === 0;
}

// Forget the form that was sent last: the server has answered it.
function forgetSent() {
  for (const key of keys()) if (!read(key).isKept) sessionStorage.removeItem(key);
}

// ---- storing ----

function store(form) {
  forgetSent();
  const controls = [...form.elements];
  const isTyped = (control) => control.name && !["hidden", "file"].includes(control.type) && control.localName !== "button";
  if (controls.some(isSecret) || !controls.some(isTyped)) return;
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NEVER.has(name));
  const labels = controls
    .flatMap((control) => [...(control.selectedOptions ?? [])].map((option) => [control.name, option.value, option.text]));
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify({ account, at: Date.now(), isKept: false, fields, labels }));
  } catch {
    // Too long for the storage of the browser.
  }
}

document.addEventListener("submit", ({ target }) => {
  if ("signOut" in target.dataset) clear();
  else if (account && target.method === "post") store(target);
}, true);

// A script that sends a form itself says so when the server has answered.
document.addEventListener("form-answered", forgetSent);

// ---- bringing back ----

// Adds rows to the tables of the admin until there are as many as were sent.
function addRows(form, fields) {
  for (const [name, value] of fields.filter(([each]) => each.endsWith("-TOTAL_FORMS"))) {
    const total = form.elements[name];
    const add = document.querySelector(`#${CSS.escape(name.replace("-TOTAL_FORMS", "-group"))} .add-row a`);
    for (let n = 0; total && add && Number(total.value) < Number(value) && n < 100; n += 1) add.click();
  }
}

function fillSelect(select, values, labels) {
  for (const value of values) {
    const label = labels.find(([name, each]) => name === select.name && each === value)?.[2];
    if (label !== undefined && ![...select.options].some((option) => option.value === value)) select.add(new Option(label, value));
  }
  for (const option of select.options) option.selected = values.includes(option.value);
}

function fill(form, { fields, labels }) {
  addRows(form, fields);
  for (const control of form.elements) {
    if (!control.name || NEVER.has(control.name) || isSecret(control) || control.type === "file" || control.localName === "button") continue;
    const values = fields.filter(([name]) => name === control.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(control.type)) control.checked = values.includes(control.value);
    else if (control.options) fillSelect(control, values, labels);
    else if (values.length) control.value = values[0];
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const missing = fields.filter(([name]) => !form.elements[name]);
  const more = form.querySelector("button[name=more]");
  if (missing.length && more) askForRows(form, missing, more);
  else showNotice(form);
}

// The form of a meeting gets more rows from the server, which fills them in.
function askForRows(form, missing, more) {
  for (const [name, value] of missing) {
    const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    form.append(input);
  }
  sessionStorage.setItem(NOTICE, keyOf(form));
  form.requestSubmit(more);
}

function showNotice(form) {
  const template = document.querySelector("template[data-kept-input]");
  if (template) form.prepend(template.content.cloneNode(true));
}

function bringBack() {
  forgetOld();
  for (const key of keys()) {
    const entry = read(key);
    if (!account) sessionStorage.setItem(key, JSON.stringify({ ...entry, isKept: true }));
    else if (entry.account !== account || !entry.isKept) sessionStorage.removeItem(key);
  }
  if (!account) return;
  const asked = sessionStorage.getItem(NOTICE);
  sessionStorage.removeItem(NOTICE);
  for (const form of postForms()) {
    const key = keyOf(form);
    const entry = read(key);
    sessionStorage.removeItem(key);
    if (entry) fill(form, entry);
    else if (asked === key) showNotice(form);
  }
}

// In the admin, after its own scripts are ready to add rows.
addEventListener("load", () => (window.django?.jQuery ? window.django.jQuery(bringBack) : bringBack()));
