// Small comforts; every page works without them.
"use strict";

document.documentElement.classList.add("js");

// After a form comes back with faults, the summary gets the focus.
document.addEventListener("DOMContentLoaded", () => {
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
});

// A second click on the same button sends nothing twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent && !form.hasAttribute("hx-post")) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});
