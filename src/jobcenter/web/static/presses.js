// "I am here" and "I am done" on a bad network. Each press is kept on the phone, with the phone's own
// time, until we have taken it; they are sent in their order, and a refused one stays to be seen.
"use strict";

(() => {
  const KEY = "jobcenter-presses";
  // How long an answer is waited for, and how long until the next try; in milliseconds.
  const PATIENCE = 10000;
  const AGAIN = 30000;
  // A second tap of an impatient finger must not hit the button that has just come up.
  const STEADY = 1500;

  const box = document.querySelector("[data-presses]");
  if (!box) return;
  const lines = box.querySelector("[role=status]");
  const help = box.querySelector("[data-help]");
  const forms = [...document.querySelectorAll("form[data-press]")];

  function read() {
    try { return JSON.parse(localStorage.getItem(KEY)) || []; } catch { return []; }
  }

  function write(presses) {
    try { localStorage.setItem(KEY, JSON.stringify(presses)); return true; } catch { return false; }
  }

  // Of another gig's presses nothing is sent from here: that gig's page sends them.
  const mine = () => read().filter((one) => one.gig === box.dataset.presses);
  const stamp = (moment) => new Date(moment).toISOString().replace(/\.\d+Z$/, "Z");

  // One press for each button: the first time holds while it waits; a refused one is pressed anew.
  function keep(press) {
    const kept = read();
    const place = kept.findIndex((one) => one.gig === press.gig && one.path === press.path);
    if (place < 0) return write([...kept, press]);
    if (!kept[place].refused) return true;
    kept[place] = press;
    return write(kept);
  }

  function change(id, become) {
    write(read().flatMap((one) => (one.id === id ? become(one) : [one])));
  }

  async function sentence(answer) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const told = [...page.querySelectorAll("main ul li")];
    const all = told.length ? told : [...page.querySelectorAll("main h1")];
    return all.map((one) => one.textContent.trim()).join(" ") || String(answer.status);
  }

  // Returns "" when it was taken, a sentence when it was refused, null when nobody heard it.
  async function send(press) {
    const body = new URLSearchParams(press.fields);
    body.set("csrf", box.dataset.csrf);
    body.set("said_at", stamp(press.at));
    body.set("sent_at", stamp(Date.now()));
    const patience = new AbortController();
    const clock = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const options = { method: "POST", body, signal: patience.signal };
      const answer = await fetch(press.path, options);
      if (answer.ok && new URL(answer.url).pathname === "/gig") return "";
      // A page that is not ours, such as the one of a café's network, has taken nothing.
      if (answer.ok || answer.status >= 500 || answer.status === 429) return null;
      return await sentence(answer);
    } catch {
      return null;
    } finally {
      clearTimeout(clock);
    }
  }

  let sending = false;

  async function sendAll() {
    if (sending) return;
    sending = true;
    let taken = false;
    let next = mine()[0];
    while (next) {
      const { id } = next;
      const answer = await send(next);
      if (answer === "") { taken = true; change(id, () => []); }
      if (answer) change(id, (one) => [{ ...one, refused: answer }]);
      // What was pressed later waits behind it: nobody is done before they were here.
      next = answer === "" ? mine()[0] : undefined;
    }
    sending = false;
    paint();
    if (taken) location.replace("/gig");
  }

  function line(press, place, all) {
    const isBehind = all.slice(0, place).some((one) => one.refused);
    const { waits, behind } = box.dataset;
    const at = new Date(press.at).toLocaleTimeString(document.documentElement.lang, {
      hour: "numeric", minute: "2-digit", hourCycle: "h23",
    });
    const item = document.createElement("p");
    const what = document.createElement("strong");
    what.textContent = `${press.what}, ${at}.`;
    item.append(what, ` ${press.refused || (isBehind ? behind : waits)}`);
    return item;
  }

  function paint() {
    const presses = mine();
    const waits = (path) => presses.some((one) => one.path === path && !one.refused);
    box.hidden = !presses.length;
    lines.replaceChildren(...presses.map(line));
    help.hidden = !presses.some((one) => one.refused);
    for (const form of forms) {
      const { after } = form.dataset;
      const hidden = waits(form.getAttribute("action")) || Boolean(after && !waits(after));
      if (form.hidden && !hidden) {
        form.dataset.steady = "1";
        setTimeout(() => { delete form.dataset.steady; paint(); }, STEADY);
      }
      form.hidden = hidden;
      form.querySelector("button").disabled = Boolean(form.dataset.steady);
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.dataset.press) return;
    const at = Date.now();
    const kept = keep({
      id: `${at}-${Math.random()}`,
      gig: box.dataset.presses,
      path: form.getAttribute("action"),
      what: form.dataset.press,
      fields: [...new FormData(form)].filter(([name]) => name !== "csrf"),
      at,
    });
    // A browser that keeps nothing sends the form as ever.
    if (!kept) return;
    event.preventDefault();
    form.querySelector("button").disabled = true;
    sendAll();
  });

  box.querySelector("[data-forget]").addEventListener("click", () => {
    const refused = new Set(mine().filter((one) => one.refused).map((one) => one.id));
    write(read().filter((one) => !refused.has(one.id)));
    paint();
    sendAll();
  });

  window.addEventListener("online", sendAll);
  setInterval(() => { if (mine().some((one) => !one.refused)) sendAll(); }, AGAIN);
  paint();
  sendAll();
})();
