// One tap on a demonstration account fills the login form.
"use strict";

for (const link of document.querySelectorAll("[data-demo-user]")) {
  link.addEventListener("click", (event) => {
    const username = document.querySelector('input[name="username"]');
    const password = document.querySelector('input[name="password"]');
    if (!username || !password) {
      return;
    }
    event.preventDefault();
    username.value = link.dataset.demoUser;
    if (link.dataset.demoPassword) {
      password.value = link.dataset.demoPassword;
    }
    for (const other of document.querySelectorAll("[data-demo-user]")) {
      other.toggleAttribute("data-chosen", other === link);
    }
    const button = document.querySelector("#login-submit");
    button.focus({ preventScroll: true });
    button.scrollIntoView({ block: "center" });
  });
}
