/* Mails as a mail program shows them: a list, and the one that is open. */
import { follow, node } from "./state.js";

const list = document.querySelector("#mails"), pane = document.querySelector("#mail");
let open = null, asText = false, mails = [];

const time = (iso) => new Date(iso).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });

function drawList() {
  list.replaceChildren(...[...mails].reverse().map((mail) => node("button", {
    className: mail.id === open ? "open" : "",
    onclick: () => { open = mail.id; drawList(); drawMail(); },
  }, node("span", { className: "to", textContent: mail.to.join(", ") }),
     node("time", { textContent: time(mail.received) }),
     node("span", { className: "subject", textContent: mail.subject }),
     node("span", { className: "start", textContent: mail.text.replace(/\s+/g, " ").slice(0, 90) }))));
}

function drawMail() {
  const mail = mails.find((one) => one.id === open);
  if (!mail) return;
  const headers = node("dl", {}, ...mail.headers.flatMap(([name, value]) =>
    [node("dt", { textContent: name }), node("dd", { textContent: value })]));
  const swap = node("button", { className: "swap", textContent: asText ? "Show as HTML" : "Show as text",
    onclick: () => { asText = !asText; drawMail(); } });
  const body = asText ? node("pre", {}) : node("iframe", { src: `/inbox/${mail.id}/html`, title: mail.subject,
    sandbox: "allow-popups allow-top-navigation-by-user-activation" });
  if (asText) {
    body.append(...mail.text.split(/(https?:\/\/\S+)/).map((part) =>
      part.startsWith("http") ? node("a", { href: part, textContent: part, target: "_blank" }) : part));
  }
  pane.replaceChildren(node("h1", { textContent: mail.subject }), headers, swap, body);
}

follow((state) => {
  const fresh = state.mails.length !== mails.length;
  mails = state.mails;
  if (open === null && mails.length) open = mails.at(-1).id;
  if (fresh) { drawList(); if (!pane.querySelector("h1")) drawMail(); }
});
