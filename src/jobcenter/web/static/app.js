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

// What is typed while an answer is on its way stays when that answer fills the form in.
const typed = new Map();
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target }) => {
    if (!target.id || !target.form) return;
    typed.set(target.id, { at: performance.now(), value: target.value, checked: target.checked });
  });
}
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  ctx.askedAt = performance.now();
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  for (const [id, { at, value, checked }] of typed) {
    const field = at > ctx.askedAt && document.getElementById(id);
    if (!field || field.type === "file") continue;
    field.value = value;
    if (checked !== undefined) field.checked = checked;
  }
});
