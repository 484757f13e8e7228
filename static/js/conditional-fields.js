// Shows a field only while the choice that needs it is selected. Without this script the field is always shown.

function showWithChoice(field) {
  const [name, value] = field.dataset.with.split("=");
  const form = field.closest("form");
  const isRefused = field.classList.contains("field--bad");

  function update() {
    field.hidden = !isRefused && new FormData(form).get(name) !== value;
    for (const control of field.querySelectorAll("input, select, textarea")) control.disabled = field.hidden;
  }

  form.addEventListener("change", update);
  addEventListener("pageshow", update); // after the browser has restored the form
  update();
}

document.querySelectorAll("[data-with]").forEach(showWithChoice);
