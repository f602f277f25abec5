// After a tap on a rule its picker (<details data-rule-picker>) folds, so that the next field is in sight; the arrow
// keys leave it open. Where htmx keeps the page up to date, the buttons marked .without-script are not needed.
"use strict";

document.addEventListener("click", (event) => {
  const picker = event.target.closest("[data-rule-picker]");
  if (picker && event.detail > 0 && event.target.closest(".rule-row")) {
    setTimeout(() => {
      picker.open = false;
      picker.scrollIntoView({ block: "nearest" });
    }, 0);
  }
});

if (window.htmx) {
  document.documentElement.classList.add("scripted");
}

// After the back button the browser puts the department back, but not the rules that came with it: fetch them again.
window.addEventListener("pageshow", () => {
  const department = document.querySelector("#id_charged, #id_department");
  if (window.htmx && department?.value && !document.querySelector("[data-rule-picker], .rule-mark")) {
    department.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
