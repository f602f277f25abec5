// What evidence proves: a box to find things in long groups, the guess asked anew when files have come, and every box
// somebody ticked or unticked by hand kept as it is, whatever the portal guesses meanwhile.
"use strict";

(() => {
  const touched = new Map(); // value of a box → whether people ticked it
  const groups = new Map(); // sort → whether people opened it
  let wanted = "";

  const boxes = () => document.querySelectorAll("[data-evidence-groups] input[type=checkbox]");

  const count = (group) => {
    const own = [...group.querySelectorAll("input[type=checkbox]")];
    const ticked = own.filter((box) => box.checked).length;
    group.querySelector("[data-evidence-count]").textContent = ticked ? `${ticked}/${own.length}` : `${own.length}`;
  };

  const find = () => {
    for (const group of document.querySelectorAll("[data-group]")) {
      let found = 0;
      for (const row of group.querySelectorAll("li")) {
        const fits = !wanted || row.textContent.toLowerCase().includes(wanted);
        row.classList.toggle("is-out", !fits);
        found += fits ? 1 : 0;
      }
      group.hidden = !found;
      if (wanted && found) {
        group.open = true;
      }
    }
  };

  const settle = () => {
    for (const box of boxes()) {
      if (touched.has(box.value)) {
        box.checked = touched.get(box.value);
      }
    }
    for (const group of document.querySelectorAll("[data-group]")) {
      if (groups.has(group.dataset.group)) {
        group.open = groups.get(group.dataset.group);
      }
      count(group);
      group.querySelector("summary").addEventListener("click", () => groups.set(group.dataset.group, !group.open));
    }
    const search = document.querySelector("[data-evidence-search]");
    if (search) {
      search.hidden = boxes().length < 12;
      const field = search.querySelector("input");
      field.value = wanted;
      field.addEventListener("input", () => {
        wanted = field.value.trim().toLowerCase();
        find();
      });
      field.addEventListener("keydown", (event) => {
        if (event.key === "Enter") {
          event.preventDefault();
        }
      });
    }
    find();
  };

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-evidence-groups] input[type=checkbox]")) {
      touched.set(box.value, box.checked);
      count(box.closest("[data-group]"));
    }
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id === "evidence-part" || document.getElementById("evidence-part") === event.target) {
      settle();
    }
  });

  // The portal reads the names of the files, too: ask again when one has come or gone.
  const said = document.querySelector("[data-evidence-said]");
  const list = said?.querySelector("[data-files-list]");
  if (list) {
    let names = "";
    new MutationObserver(() => {
      const now = [...list.querySelectorAll("input")].map((box) => box.value).join();
      if (now !== names) {
        names = now;
        said.dispatchEvent(new CustomEvent("evidence-files"));
      }
    }).observe(list, { childList: true, subtree: true });
  }

  settle();
})();
