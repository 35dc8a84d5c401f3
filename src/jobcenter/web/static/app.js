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

// "I am here" and "I am done" without a network: kept on the phone with its time, sent later.
const KEPT = "jobcenter-kept";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.offline || navigator.onLine) return;
  event.preventDefault();
  const fields = [...new FormData(form).entries()];
  fields.push(["said_at", new Date().toISOString().replace(/\.\d+Z$/, "Z")]);
  const kept = JSON.parse(localStorage.getItem(KEPT) || "[]");
  kept.push({ path: form.getAttribute("action"), fields });
  localStorage.setItem(KEPT, JSON.stringify(kept));
  const note = form.querySelector("[role=status]");
  if (note) note.textContent = form.dataset.offline;
});

async function sendKept() {
  const kept = JSON.parse(localStorage.getItem(KEPT) || "[]");
  const csrf = document.querySelector("form[data-offline] input[name=csrf]");
  if (!kept.length || !navigator.onLine || !csrf) return;
  const left = [];
  for (const one of kept) {
    const body = new URLSearchParams(one.fields);
    // The page may have been opened anew since: its own word for forms is the one that holds.
    body.set("csrf", csrf.value);
    try {
      const answer = await fetch(one.path, { method: "POST", body });
      if (answer.status >= 500 || answer.status === 410) left.push(one);
    } catch {
      left.push(one);
    }
  }
  localStorage.setItem(KEPT, JSON.stringify(left));
  if (!left.length) location.reload();
}

window.addEventListener("online", sendKept);
document.addEventListener("DOMContentLoaded", sendKept);
