// A checkbox data-select-all="name" ticks every checkbox of that name in its form; an element
// data-selected-count="name" shows how many are ticked, a button data-needs-selection="name" waits for one.
"use strict";

const boxesOf = (form, name) => [...form.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(name)}"]`)];

const refresh = (form) => {
  for (const all of form.querySelectorAll("[data-select-all]")) {
    const boxes = boxesOf(form, all.dataset.selectAll);
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }
  for (const place of form.querySelectorAll("[data-selected-count]")) {
    place.textContent = String(boxesOf(form, place.dataset.selectedCount).filter((box) => box.checked).length);
  }
  for (const button of form.querySelectorAll("[data-needs-selection]")) {
    button.disabled = !boxesOf(form, button.dataset.needsSelection).some((box) => box.checked);
  }
};

document.addEventListener("change", (event) => {
  const form = event.target.closest("form");
  if (!form?.querySelector("[data-select-all]")) {
    return;
  }
  if (event.target.matches("[data-select-all]")) {
    for (const box of boxesOf(form, event.target.dataset.selectAll)) {
      box.checked = event.target.checked;
    }
  }
  refresh(form);
});

window.addEventListener("pageshow", () => {
  for (const all of document.querySelectorAll("form [data-select-all]")) {
    all.hidden = false;
    refresh(all.closest("form"));
  }
});
