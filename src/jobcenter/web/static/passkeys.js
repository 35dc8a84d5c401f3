// Fetches the answer of the device into the form, then sends the form.
"use strict";

(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const trouble = form.querySelector("[data-trouble]");
  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
  };
  const words = (buffer) => {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));
  const told = (credential) => {
    const response = {};
    const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    names.forEach((name) => {
      if (credential.response[name]) response[name] = words(credential.response[name]);
    });
    const id = words(credential.rawId);
    return { id, rawId: id, type: credential.type, response, clientExtensionResults: {} };
  };
  const fetched = () => {
    const options = JSON.parse(form.dataset.options);
    options.challenge = bytes(options.challenge);
    if (form.dataset.passkey === "new") {
      options.user.id = bytes(options.user.id);
      options.excludeCredentials = listed(options.excludeCredentials);
      return navigator.credentials.create({ publicKey: options });
    }
    options.allowCredentials = listed(options.allowCredentials);
    return navigator.credentials.get({ publicKey: options });
  };
  const say = (sentence) => { trouble.hidden = false; trouble.textContent = sentence; };

  document.querySelector("[data-no-script]").hidden = true;
  form.hidden = false;
  if (!window.PublicKeyCredential) { say(trouble.dataset.cannot); return; }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(told(await fetched()));
      form.submit();
    } catch (problem) {
      say(trouble.dataset.failed);
    }
  });
})();
