// Boxes that stand for several departments (data-members: their ids) tick them, and follow them when they change.
"use strict";

for (const place of document.querySelectorAll("[data-recipients]")) {
  const groups = [...place.querySelectorAll("[data-members]")];
  const boxes = new Map([...place.querySelectorAll('input[name="departments"]')].map((box) => [box.value, box]));
  const membersOf = (group) => group.dataset.members.split(" ").map((id) => boxes.get(id)).filter(Boolean);
  const follow = () => {
    for (const group of groups) {
      const members = membersOf(group);
      const ticked = members.filter((box) => box.checked).length;
      group.checked = ticked > 0 && ticked === members.length;
      group.indeterminate = ticked > 0 && ticked < members.length;
    }
  };
  const spread = (group) => {
    for (const box of membersOf(group)) {
      box.checked = group.checked;
    }
  };
  place.addEventListener("change", (event) => {
    if (event.target.matches("[data-members]")) {
      spread(event.target);
    }
    follow();
  });
  window.addEventListener("pageshow", () => {
    groups.filter((group) => group.checked).forEach(spread);
    follow();
  });
}
