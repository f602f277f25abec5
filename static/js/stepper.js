// A field marked data-stepper gets − and + beside it (data-minimum, data-maximum); typing works as before.
"use strict";

const step = (input, by) => {
  const least = Number(input.dataset.minimum ?? 1);
  const most = Number(input.dataset.maximum ?? 99);
  const now = Number.parseInt(input.value.normalize("NFKC"), 10);
  input.value = String(Math.min(most, Math.max(least, (Number.isNaN(now) ? least - by : now) + by)));
  input.dispatchEvent(new Event("input", { bubbles: true }));
};

const dress = (input) => {
  if (input.parentElement.matches(".stepper") || input.dataset.maximum === "1") {
    return;
  }
  const frame = document.createElement("span");
  frame.className = "stepper";
  input.before(frame);
  for (const [sign, by] of [["−", -1], ["+", 1]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet";
    button.textContent = sign;
    button.setAttribute("aria-label", sign);
    button.addEventListener("click", () => step(input, by));
    frame.append(button);
  }
  frame.firstChild.after(input);
};

const dressAll = () => document.querySelectorAll("input[data-stepper]").forEach(dress);

dressAll();
document.body.addEventListener("htmx:afterSettle", dressAll);
