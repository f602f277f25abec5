// Brings the reader to the summary of errors when a form comes back with some.
"use strict";

document.querySelector("[data-error-summary]")?.focus();
