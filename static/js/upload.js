// Files are sent ahead of their form, each in a request of its own: chosen many at once, dropped or pasted; with
// progress, cancelling and trying again. What is through stands in the form as a ticked box with the upload's id.
// Without this script the plain fields inside [data-files-field] do the same in one request.
"use strict";

(() => {
  const words = document.currentScript.dataset;
  const AT_ONCE = 2; // requests
  const MIB = 1024 * 1024;
  const NOWHERE = "00000000-0000-0000-0000-000000000000";
  const fine = !window.matchMedia("(any-pointer: coarse)").matches;
  const queue = [];
  const running = new Set();
  const held = new Map(); // form → the button that was pressed while files were on their way

  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  const size = (bytes) => (bytes < MIB ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / MIB).toFixed(1)} MB`);

  // The cookie is renewed by a login in another window, the token that stands in this page is not.
  const token = (form) => {
    const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    const field = form.querySelector("input[name=csrfmiddlewaretoken]");
    const found = cookie ? decodeURIComponent(cookie.slice("csrftoken=".length)) : field?.value || "";
    if (field && found) {
      field.value = found;
    }
    return found;
  };

  // --- one file

  class Item {
    constructor(field, file) {
      Object.assign(this, { field, file, state: "queued" });
      this.note = element("span", { className: "files-note" });
      this.acts = element("span", { className: "files-acts" });
      this.row = element("li", { className: "files-row" }, element("span", { className: "files-name", textContent: file.name }), this.note, this.acts);
      this.row.item = this;
      field.list.append(this.row);
    }

    show(state, text, ...buttons) {
      this.state = state;
      this.row.dataset.state = state;
      this.note.replaceChildren(text);
      this.acts.replaceChildren(...buttons);
    }

    button(text, act) {
      const made = element("button", { type: "button", className: "btn btn-link btn-sm", textContent: text });
      made.setAttribute("aria-label", `${text}: ${this.file.name}`);
      made.addEventListener("click", act);
      return made;
    }

    remove() {
      this.request?.abort();
      const position = queue.indexOf(this);
      if (position >= 0) {
        queue.splice(position, 1);
      }
      this.row.remove();
      this.field.input.focus();
      settle();
    }

    start() {
      const sentence = this.field.refusal(this.file);
      if (sentence) {
        this.fail(sentence, false);
        return;
      }
      this.show("queued", `${size(this.file.size)} · ${words.queued}`, this.button(words.cancel, () => this.remove()));
      queue.push(this);
      next();
    }

    fail(sentence, again, link) {
      const text = element("span", { className: "files-problem" }, sentence);
      if (link) {
        text.append(" ", element("a", { href: words.loginUrl, target: "_blank", textContent: words.logIn }));
      }
      const buttons = again ? [this.button(words.again, () => this.start())] : [];
      this.show("failed", text, ...buttons, this.button(words.remove, () => this.remove()));
    }

    done({ uuid, name, size: bytes }) {
      const box = element("input", { type: "checkbox", name: this.field.name, value: uuid, checked: true, hidden: true });
      const link = element("a", { className: "files-name", href: words.uploadedUrl.replace(NOWHERE, uuid), textContent: name });
      this.row.firstChild.replaceWith(element("span", {}, box, link));
      this.show("done", `${size(bytes)} · ${words.uploaded}`, this.button(words.remove, () => this.remove()));
      this.field.keepOne(this);
    }

    send() {
      const bar = element("progress", { max: this.file.size || 1, value: 0 });
      bar.setAttribute("aria-label", words.progress.replace("{name}", this.file.name));
      const told = element("span", { className: "num", textContent: "0 %" });
      const request = new XMLHttpRequest();
      const body = new FormData();
      body.append("file", this.file, this.file.name);
      this.request = request;
      this.show("running", element("span", { className: "files-progress" }, bar, told), this.button(words.cancel, () => this.remove()));
      request.open("POST", `${words.uploadUrl}?size=${this.file.size}`);
      request.setRequestHeader("X-CSRFToken", token(this.field.form));
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) {
          bar.max = event.total;
          bar.value = event.loaded;
          told.textContent = `${Math.floor((event.loaded / event.total) * 100)} %`;
        }
      });
      request.addEventListener("load", () => this.answered(request));
      request.addEventListener("error", () => this.fail(words.broken, true));
      request.addEventListener("loadend", () => {
        running.delete(this);
        this.request = null;
        next();
        settle();
      });
      running.add(this);
      request.send(body);
    }

    answered(request) {
      let told = {};
      try {
        told = JSON.parse(request.responseText);
      } catch {
        // a page, not an answer: the login, a proxy, a server in trouble
      }
      if (request.status === 201 && told.uuid) {
        this.done(told);
      } else if (told.problem) {
        this.fail(told.problem, told.again);
      } else if (request.status === 413) {
        this.fail(this.field.advice.sentences.too_large, false);
      } else if (request.status < 400 || request.status === 403) {
        this.fail(words.signedOut, true, true);
      } else {
        this.fail(words.trouble, true);
      }
    }
  }

  const next = () => {
    while (running.size < AT_ONCE && queue.length) {
      queue.shift().send();
    }
  };

  // --- one field

  class Field {
    constructor(box) {
      this.box = box;
      this.form = box.closest("form");
      this.name = box.dataset.name;
      this.multiple = "multiple" in box.dataset;
      this.advice = JSON.parse(box.dataset.advice);
      this.list = box.querySelector("[data-files-list]");
      const inputs = [...box.querySelectorAll("input[type=file]")];
      this.input = inputs.at(-1);
      for (const input of inputs) {
        input.multiple = this.multiple && fine && !input.accept;
        input.addEventListener("change", () => this.choose(input));
        this.choose(input);
      }
      box.querySelector("[data-files-drop]").hidden = !fine;
      for (const row of box.querySelectorAll("[data-files-done]")) {
        this.adopt(row);
      }
      box.addEventListener("dragover", (event) => {
        event.preventDefault();
        box.classList.add("is-dragged");
      });
      box.addEventListener("dragleave", (event) => box.contains(event.relatedTarget) || box.classList.remove("is-dragged"));
      box.addEventListener("drop", (event) => {
        event.preventDefault();
        box.classList.remove("is-dragged");
        this.take([...event.dataTransfer.files]);
      });
    }

    // A file the page came with is left out by a button instead of unticking it.
    adopt(row) {
      row.querySelector("input").hidden = true;
      const name = row.querySelector(".files-name").textContent;
      const out = element("button", { type: "button", className: "btn btn-link btn-sm", textContent: words.remove });
      out.setAttribute("aria-label", `${words.remove}: ${name}`);
      out.addEventListener("click", () => {
        row.remove();
        this.input.focus();
      });
      row.append(element("span", { className: "files-acts" }, out));
    }

    choose(input) {
      const files = [...input.files];
      input.value = ""; // they travel on their own
      this.take(files);
    }

    take(files) {
      for (const file of this.multiple ? files : files.slice(0, 1)) {
        new Item(this, file).start();
      }
    }

    keepOne(item) {
      if (!this.multiple) {
        for (const row of [...this.list.children]) {
          if (row !== item.row) {
            row.item ? row.item.remove() : row.remove();
          }
        }
      }
    }

    // The sentence why a file need not be sent at all; what is inside it is for the portal to judge.
    refusal(file) {
      const { taken, maximum, codes, newer, sentences } = this.advice;
      const dot = file.name.lastIndexOf(".");
      const ending = dot > 0 ? file.name.slice(dot + 1).toLowerCase() : "";
      if (file.size === 0) {
        return sentences.empty;
      }
      if (!taken.includes(ending)) {
        const sentence = sentences[codes[ending] || (ending ? "ending" : "no_ending")];
        return sentence.replace("{ending}", ending).replace("{newer}", newer[ending] || "");
      }
      return file.size > maximum ? sentences.too_large : "";
    }
  }

  const fields = [...document.querySelectorAll("[data-files-field]")].filter((box) => box.closest("form")).map((box) => new Field(box));
  const rows = (form, states) => [...form.querySelectorAll(".files-row")].filter((row) => states.includes(row.dataset.state));

  // --- the form waits for its files

  const settle = () => {
    for (const [form, button] of [...held]) {
      if (!rows(form, ["queued", "running"]).length) {
        held.delete(form);
        for (const resting of form.querySelectorAll("[data-held]")) {
          resting.textContent = resting.dataset.held;
          delete resting.dataset.held;
        }
        form.requestSubmit(button && form.contains(button) ? button : undefined);
      }
    }
  };

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (event.defaultPrevented || !fields.some((field) => field.form === form)) {
        return;
      }
      token(form);
      const failed = rows(form, ["failed"]);
      if (rows(form, ["queued", "running"]).length) {
        event.preventDefault();
        if (!held.has(form)) {
          held.set(form, event.submitter);
          const button = event.submitter?.textContent ? event.submitter : form.querySelector(".form-buttons button");
          if (button) {
            button.dataset.held = button.textContent;
            button.textContent = words.waiting;
          }
        }
      } else if (failed.length) {
        event.preventDefault();
        const row = failed[0];
        if (!row.querySelector(".files-unfinished")) {
          row.append(element("p", { className: "files-unfinished", textContent: words.unfinished }));
        }
        row.querySelector("button").focus();
        row.scrollIntoView({ block: "center" });
      }
    },
    true,
  );

  window.addEventListener("beforeunload", (event) => {
    if (running.size || queue.length) {
      event.preventDefault();
    }
  });

  // --- pasting, and files dropped beside the field

  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])];
    if (!files.length || event.clipboardData.types.includes("text/plain")) {
      return;
    }
    const field = fields.find((one) => one.box.contains(document.activeElement)) || fields.find((one) => one.form.contains(document.activeElement)) || fields[0];
    if (field) {
      event.preventDefault();
      const now = new Date();
      const stamp = [now.getHours(), now.getMinutes(), now.getSeconds()].map((part) => String(part).padStart(2, "0")).join("");
      field.take(files.map((file) => (file.name && file.name !== "image.png" ? file : new File([file], `${words.picture}-${stamp}.png`, { type: file.type }))));
    }
  });

  for (const kind of ["dragover", "drop"]) {
    window.addEventListener(kind, (event) => {
      if (fields.length && event.dataTransfer?.types.includes("Files") && !event.target.closest?.("[data-files-field]")) {
        event.preventDefault(); // else the browser leaves the page to show the file
      }
    });
  }
})();
