// Findings by keyboard. In the queue (form[data-findings]) j/k or the arrows move from row to row, x ticks, a ticks all,
// c charges, d goes to the reason, o or Enter opens; with none ticked the row one is at is decided. Elsewhere a key
// presses, follows or goes to what is marked data-key. “?” shows the keys. Works by its buttons alone without it.
"use strict";

const PLACE = "findings-place"; // where to go on after a decision
const queue = document.querySelector("form[data-findings]");
const dialog = document.querySelector("dialog[data-keys]");
const rows = queue ? [...queue.querySelectorAll("tr[data-finding]")] : [];
let at = -1;

const boxOf = (row) => row?.querySelector('input[name="finding"]');

const goTo = (index) => {
  if (rows.length === 0) {
    return;
  }
  rows[at]?.classList.remove("row-at");
  at = Math.max(0, Math.min(index, rows.length - 1));
  rows[at].classList.add("row-at");
  rows[at].focus({ preventScroll: true });
  rows[at].scrollIntoView({ block: "nearest", behavior: "instant" });
};

const tick = (box, checked) => {
  if (box && box.checked !== checked) {
    box.checked = checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
};

// With none ticked the row one is at is meant, until one leaves the reason again.
let meant = null;

const tickSomething = () => {
  if (!rows.some((row) => boxOf(row)?.checked)) {
    meant = boxOf(rows[at]) ?? null;
    tick(meant, true);
  }
};

const press = (element) => {
  if (element.matches("input, textarea")) {
    if (queue) {
      tickSomething();
    }
    element.focus();
    element.select();
  } else if (element.matches('button[value="charge"]')) {
    if (queue) {
      tickSomething();
    }
    element.form.requestSubmit(element);
  } else {
    element.click();
  }
};

const inQueue = {
  j: () => goTo(at + 1),
  ArrowDown: () => goTo(at + 1),
  k: () => goTo(at - 1),
  ArrowUp: () => goTo(at - 1),
  x: () => at >= 0 && tick(boxOf(rows[at]), !boxOf(rows[at])?.checked),
  a: () => queue.querySelector("[data-select-all]")?.click(),
  o: () => rows[at]?.querySelector("a.cell-link")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog?.open) {
    return;
  }
  const field = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (field) {
    if (event.key === "Escape" && field.dataset.key) {
      field.blur();
      tick(meant, false);
      meant = null;
      goTo(at);
    }
    return;
  }
  if (event.key === "?" && dialog) {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  if (event.key === "Enter" && event.target.matches("tr[data-finding]")) {
    event.preventDefault();
    inQueue.o();
    return;
  }
  const marked = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const act = queue && rows.length > 0 ? inQueue[event.key] : undefined;
  if (act || marked) {
    event.preventDefault();
    (act ?? (() => press(marked)))();
  }
});

// The place follows the mouse and the Tab key, too.
queue?.addEventListener("focusin", (event) => {
  const index = rows.indexOf(event.target.closest("tr[data-finding]"));
  if (index >= 0 && index !== at) {
    rows[at]?.classList.remove("row-at");
    at = index;
    rows[at].classList.add("row-at");
  }
});

// Remember the rows that stay behind the first one decided, so that the next page shows goes on there.
queue?.addEventListener("submit", (event) => {
  if (event.defaultPrevented) {
    return;
  }
  const first = rows.findIndex((row) => boxOf(row)?.checked);
  const stays = rows.filter((row) => !boxOf(row)?.checked);
  const following = stays.find((row) => rows.indexOf(row) > first) ?? stays.at(-1);
  sessionStorage.setItem(PLACE, following?.id ?? "");
});

const place = sessionStorage.getItem(PLACE);
if (queue && place !== null) {
  sessionStorage.removeItem(PLACE);
  const invalid = queue.querySelector("[aria-invalid]");
  const index = rows.findIndex((row) => row.id === place);
  if (invalid) {
    at = rows.findIndex((row) => boxOf(row)?.checked);
    invalid.focus();
  } else {
    goTo(Math.max(index, 0));
  }
}

if (!queue) {
  document.querySelector("[data-key][aria-invalid]")?.focus();
}

if (dialog) {
  for (const button of document.querySelectorAll("[data-keys-open]")) {
    button.hidden = false;
    button.addEventListener("click", () => dialog.showModal());
  }
}
