// Writing a plan: warns before unsaved text is left, brings the eye to what htmx put into the page, and takes a form
// back that a plan handed in meanwhile would not save. The page works without any of it.
"use strict";

const forms = () => [...document.querySelectorAll("form[data-plan-form]")];
const hasUnsaved = (within = document) => forms().some((form) => within.contains(form) && "dirty" in form.dataset);

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-plan-form]");
  if (form) {
    form.dataset.dirty = "";
  }
});

let leaving = false;

document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && event.target.matches("form[data-plan-form]")) {
    leaving = true;
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-leaves]")) {
    leaving = true;
  }
  const cancel = event.target.closest("[data-drop-form]");
  if (cancel) {
    event.preventDefault();
    cancel.closest(".plan-card").remove();
  }
});

window.addEventListener("pageshow", () => {
  leaving = false;
});

window.addEventListener("beforeunload", (event) => {
  if (!leaving && hasUnsaved()) {
    event.preventDefault();
  }
});

// The list comes anew after a move, and a new form takes the place of the one before.
document.addEventListener("htmx:confirm", (event) => {
  const { elt, target } = event.detail;
  const takesOthersAlong = elt.matches("[data-moves]") || target?.id?.startsWith("new-");
  const list = document.querySelector("[data-unsaved]");
  if (takesOthersAlong && list && hasUnsaved(target) && !window.confirm(list.dataset.unsaved)) {
    event.preventDefault();
  }
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (xhr.status !== 403) {
    return;
  }
  if (requestConfig.verb === "post" && xhr.responseText.trimStart().startsWith("<article")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  } else {
    leaving = true;
    window.location.reload();
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const card = event.target.closest?.(".plan-card") ?? event.target.querySelector?.(".plan-card-open");
  if (!card) {
    return;
  }
  foldOnPhone(card);
  const place = card.querySelector("[data-error-summary]") ?? card.querySelector("input:not([type=hidden]), textarea:not([hidden])");
  (place ?? card).focus();
});

const foldOnPhone = (within) => {
  if (window.matchMedia("(max-width: 767.98px)").matches) {
    for (const fold of within.querySelectorAll("details[data-fold-on-phone]")) {
      fold.open = fold.querySelector(".is-invalid") !== null;
    }
  }
};

foldOnPhone(document);
