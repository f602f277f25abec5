// A form marked data-submit-once is sent once: its buttons rest after the first click and wake when the
// page is shown again (the back button) or after RESTING_MS (a download leaves the page where it is).
"use strict";

const RESTING_MS = 15000;

const wake = (form) => {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("button[data-resting], input[data-resting]")) {
    button.disabled = false;
    delete button.dataset.resting;
  }
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-submit-once]") || event.defaultPrevented) {
    return;
  }
  if ("sending" in form.dataset) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "";
  // Only after this event: a disabled button would not send its own name and value.
  setTimeout(() => {
    for (const button of form.querySelectorAll('button:not([type="button"]):not(:disabled), input[type="submit"]:not(:disabled)')) {
      button.disabled = true;
      button.dataset.resting = "";
    }
  }, 0);
  setTimeout(() => wake(form), RESTING_MS);
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-submit-once]").forEach(wake);
});
