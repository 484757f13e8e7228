// An autocomplete whose select carries data-limited-by sends the value of that sibling field along:
// paragraphs of the chosen meeting's sources, people of the chosen agency.
const $ = window.django.jQuery;

function openSelect() {
  return document.querySelector('select[data-limited-by]:has(+ .select2-container--open)');
}

$.ajaxPrefilter((options) => {
  const select = openSelect();
  if (!select || !options.url.includes('/autocomplete/')) return;
  const sibling = select.form.elements[select.name.replace(/[^-]+$/, select.dataset.limitedBy)];
  if (!sibling || !sibling.value) return;
  const limit = $.param({ [select.dataset.limitedBy]: sibling.value });
  options.data = options.data ? `${options.data}&${limit}` : limit;
});
