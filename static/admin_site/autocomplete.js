// Autocomplete fields of the admin.
//
// Labels each control with the label of its field, which select2 does not do. A select with data-limited-by
// sends the value of that sibling field with the search: only paragraphs of the sources of the chosen meeting,
// only focal points of the chosen agency.
const $ = window.django.jQuery;

function setLabel(select) {
  const label = select.labels[0]?.textContent.replace(/[:\s]+$/, '').trim();
  const container = select.nextElementSibling;
  if (!label || !container?.classList.contains('select2-container')) return;
  for (const part of container.querySelectorAll('[role=combobox], [role=textbox], .select2-search__field')) {
    part.removeAttribute('aria-labelledby');
    part.setAttribute('aria-label', part.getAttribute('role') === 'textbox' && part.title ? `${label}: ${part.title}` : label);
  }
}

function setLabels(root) {
  for (const select of root.querySelectorAll('select.admin-autocomplete')) {
    setLabel(select);
    $(select).on('change', () => setTimeout(() => setLabel(select)));
  }
}

$(() => setLabels(document));
document.addEventListener('formset:added', (event) => setLabels(event.target));

$(document).on('select2:open', (event) => {
  const label = event.target.labels?.[0]?.textContent.replace(/[:\s]+$/, '').trim();
  for (const field of document.querySelectorAll('.select2-container--open .select2-search__field')) {
    if (label) field.setAttribute('aria-label', label);
  }
});

$.ajaxPrefilter((options) => {
  const select = document.querySelector('select[data-limited-by]:has(+ .select2-container--open)');
  if (!select || !options.url.includes('/autocomplete/')) return;
  const sibling = select.form.elements[select.name.replace(/[^-]+$/, select.dataset.limitedBy)];
  if (!sibling || !sibling.value) return;
  const limit = $.param({ [select.dataset.limitedBy]: sibling.value });
  options.data = options.data ? `${options.data}&${limit}` : limit;
});
