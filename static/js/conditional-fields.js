// A field that goes with one choice alone is in sight while that choice is made. Without this script it stays, with its hint.

function follow(field) {
  const [name, value] = field.dataset.with.split("=");
  const form = field.closest("form");
  const isRefused = field.classList.contains("field--bad");

  function show() {
    field.hidden = !isRefused && new FormData(form).get(name) !== value;
    for (const control of field.querySelectorAll("input, select, textarea")) control.disabled = field.hidden;
  }

  form.addEventListener("change", show);
  addEventListener("pageshow", show); // after the browser has put back what was chosen
  show();
}

document.querySelectorAll("[data-with]").forEach(follow);
