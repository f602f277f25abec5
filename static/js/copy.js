// <div data-copy>: a button copies the text of [data-copy-text]; where the browser forbids it, the text is selected
// and the hint says which keys to press. Without this script the text can be selected by hand. It also grows the
// field to the height of its text.
"use strict";

const copyByCommand = () => {
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
};

for (const box of document.querySelectorAll("[data-copy]")) {
  const field = box.querySelector("[data-copy-text]");
  const hint = box.querySelector("[data-copy-hint]");
  const button = box.querySelector("[data-copy-button]");
  field.rows = Math.max(field.rows, field.value.split("\n").length);
  while (field.scrollHeight > field.clientHeight && field.rows < 200) {
    field.rows += 1;
  }
  field.addEventListener("focus", () => field.select());
  button.hidden = false;
  button.addEventListener("click", async () => {
    let copied = false;
    if (navigator.clipboard && window.isSecureContext) {
      try {
        await navigator.clipboard.writeText(field.value);
        copied = true;
      } catch {
        copied = false;
      }
    }
    if (!copied) {
      field.focus();
      field.setSelectionRange(0, field.value.length);
      copied = copyByCommand();
    }
    hint.textContent = copied ? hint.dataset.copied : hint.dataset.blocked;
  });
}
