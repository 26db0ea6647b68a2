/* Follows /control/state: one long poll after the other. */
export const node = (tag, props = {}, ...inner) => {
  const made = Object.assign(document.createElement(tag), props);
  made.append(...inner);
  return made;
};

export async function follow(draw) {
  let since = -1;
  for (;;) {
    try {
      const state = await (await fetch(`/control/state?since=${since}&wait=20`)).json();
      since = state.version;
      const errors = document.querySelector("#errors");
      errors.hidden = state.errors.length === 0;
      errors.replaceChildren(...state.errors.slice(-5).map((text) => node("p", { textContent: text })));
      document.querySelector("#mail-count").textContent = state.mails.length || "";
      draw(state);
    } catch {
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

/* One after the other: keys arrive in the order in which they were pressed. */
let before = Promise.resolve();
export function post(path, body) {
  const sent = before.then(() => fetch(`/control/${path}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}),
  }));
  before = sent.catch(() => {});
  return sent;
}

export const clock = (iso) => new Date(iso).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });

export const pretty = (number) => number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "($1) $2-$3");
