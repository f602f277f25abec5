// A fieldset data-rows="prefix" of a formset grows by a row from its <template>; its button waits for this script.
"use strict";

for (const rows of document.querySelectorAll("[data-rows]")) {
  const list = rows.querySelector("[data-rows-list]");
  const template = rows.querySelector("[data-rows-template]");
  const add = rows.querySelector("[data-rows-add]");
  const total = rows.querySelector(`input[name="${CSS.escape(rows.dataset.rows)}-TOTAL_FORMS"]`);
  const maximum = Number(rows.querySelector(`input[name="${CSS.escape(rows.dataset.rows)}-MAX_NUM_FORMS"]`).value);
  const wake = () => {
    add.hidden = list.children.length >= maximum;
  };
  add.addEventListener("click", () => {
    const number = list.children.length;
    const row = template.content.cloneNode(true);
    for (const element of row.querySelectorAll("[id], [name], [for]")) {
      for (const name of ["id", "name", "for"]) {
        const value = element.getAttribute(name);
        if (value) {
          element.setAttribute(name, value.replace("__prefix__", String(number)));
        }
      }
    }
    list.append(row);
    total.value = String(list.children.length);
    list.lastElementChild.querySelector("input:not([type=hidden]), textarea").focus();
    wake();
  });
  wake();
}
