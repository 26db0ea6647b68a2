/* Passkeys, where the browser has them: "Sign in with a passkey", and "Add a passkey" on the agent's own page. */
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const post = async (url, body) => {
  const response = await fetch(url, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), credentials: "same-origin",
  });
  return { ok: response.ok, ...(await response.json()) };
};

const described = (known = []) => known.map((one) => ({ ...one, id: bytes(one.id) }));

/* What the device answers, in the form that servers read: each buffer as base64url. */
const told = (credential) => {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  const { id, type, authenticatorAttachment } = credential;
  return { id, type, authenticatorAttachment, rawId: text(credential.rawId), response, clientExtensionResults: {} };
};

const made = async () => {
  const options = await post("/me/passkeys/options", {});
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
  };
  return post("/me/passkeys", { answer: told(await navigator.credentials.create({ publicKey })) });
};

const used = async (next) => {
  const options = await post("/sign-in/passkey/options", {});
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: described(options.allowCredentials) };
  return post("/sign-in/passkey", { next, answer: told(await navigator.credentials.get({ publicKey })) });
};

const NOT_NOW = ["NotAllowedError", "AbortError"]; // closed, or not in time: nothing went wrong
for (const part of document.querySelectorAll("[data-passkey]")) {
  const button = part.querySelector("button"), failed = part.querySelector("[data-passkey-failed]");
  part.hidden = !("credentials" in navigator && window.PublicKeyCredential);
  button.addEventListener("click", async () => {
    failed.hidden = true;
    button.disabled = true;
    try {
      const adds = part.dataset.passkey === "add";
      const { ok, to } = await (adds ? made() : used(part.dataset.next));
      failed.hidden = ok;
      if (ok) location.assign(to);
      // An address that differs in its hash alone loads nothing.
      if (ok && new URL(to, location.href).pathname === location.pathname) location.reload();
    } catch (error) {
      failed.hidden = NOT_NOW.includes(error.name);
    } finally {
      button.disabled = false;
    }
  });
}
