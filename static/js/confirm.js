// Asks before a form or link marked data-confirm="sentence" goes on. A button's own mark wins over its form's.
"use strict";

document.addEventListener(
  "submit",
  (event) => {
    const marked = event.submitter?.closest("[data-confirm]") ?? event.target.closest("[data-confirm]");
    if (marked && !window.confirm(marked.dataset.confirm)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  true,
);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-confirm]");
  if (link && !window.confirm(link.dataset.confirm)) {
    event.preventDefault();
  }
});
