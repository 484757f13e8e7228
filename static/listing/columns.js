// The menu of columns: moves a column by its buttons, or by Alt and the arrow keys, without a request. The order is
// that of the form, which sends it. Without this script a button sends the form at once.

const LIST = "[data-columns]";

function isShown(item) {
  return item?.querySelector("input[type=checkbox]").checked && item.querySelector("button");
}

function move(item, step) {
  const next = step < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!isShown(item) || !isShown(next)) return;
  const focused = document.activeElement;
  if (step < 0) next.before(item);
  else next.after(item);
  focused.focus();
  item.scrollIntoView({ block: "nearest" });
  const all = [...item.parentElement.children];
  const place = `${item.querySelector("label").textContent.trim()}: ${all.indexOf(item) + 1}`;
  document.getElementById("announcement").textContent = place;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(`${LIST} button`);
  if (!button) return;
  event.preventDefault();
  move(button.closest("li"), button.name === "up" ? -1 : 1);
});

document.addEventListener("keydown", (event) => {
  const item = event.target.closest?.(`${LIST} li`);
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!item || !step || !event.altKey) return;
  event.preventDefault();
  move(item, step);
});
