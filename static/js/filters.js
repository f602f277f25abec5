// Filters (<details data-filters>) are folded on a phone; on a desk they lie open.
"use strict";

const desk = window.matchMedia("(min-width: 768px)");

if (desk.matches) {
  for (const filters of document.querySelectorAll("details[data-filters]")) {
    filters.open = true;
  }
}
