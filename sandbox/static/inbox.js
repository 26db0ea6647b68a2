/* Mails as a mail program shows them: a list, and the one that is open. */
import { clock, follow, node, post } from "./state.js";

const list = document.querySelector("#mails"), pane = document.querySelector("#mail");
const ONE_CLICK = "List-Unsubscribe=One-Click";
let open = null, asText = false, mails = [], bounces = [];

function drawList() {
  list.replaceChildren(...[...mails].reverse().map((mail) => node("button", {
    className: mail.id === open ? "open" : "",
    onclick: () => { open = mail.id; drawList(); drawMail(); },
  }, node("span", { className: "to", textContent: mail.to.join(", ") }),
     node("time", { textContent: clock(mail.received) }),
     node("span", { className: "subject", textContent: mail.subject }),
     node("span", { className: "start", textContent: mail.text.replace(/\s+/g, " ").slice(0, 90) }))));
}

const header = (mail, wanted) => mail.headers.find(([name]) => name === wanted)?.[1] ?? "";

/* Above the mail, as mail programs have it, when one click is enough. */
function leave(mail) {
  const offered = header(mail, "List-Unsubscribe-Post") === ONE_CLICK && header(mail, "List-Unsubscribe").includes("<http");
  if (!offered) return [];
  if (mail.unsubscribed !== null) return [node("span", { className: "quiet", textContent: "You have unsubscribed." })];
  return [node("button", { className: "leave", textContent: "Unsubscribe", onclick: () => post(`mails/${mail.id}/unsubscribe`) })];
}

const FATES = { failed: "Came back", delayed: "Delayed" };
const fates = (mail) => bounces.filter((bounce) => bounce.mail === mail.id).map((bounce) =>
  node("p", { className: "fate", textContent: `${FATES[bounce.action]} from ${bounce.recipient} (${bounce.status}).` }));

function drawMail() {
  const mail = mails.find((one) => one.id === open);
  if (!mail) return;
  const headers = node("dl", {}, ...mail.headers.flatMap(([name, value]) =>
    [node("dt", { textContent: name }), node("dd", { textContent: value })]));
  const plain = asText || !mail.html;
  const swap = node("button", { className: "swap", textContent: asText ? "Show as HTML" : "Show as text",
    onclick: () => { asText = !asText; drawMail(); } });
  const body = plain ? node("pre", {}) : node("iframe", { src: `/inbox/${mail.id}/html`, title: mail.subject,
    sandbox: "allow-popups allow-top-navigation-by-user-activation" });
  if (plain) {
    body.append(...mail.text.split(/(https?:\/\/\S+)/).map((part) =>
      part.startsWith("http") ? node("a", { href: part, textContent: part, target: "_blank" }) : part));
  }
  pane.replaceChildren(node("h1", { textContent: mail.subject }), headers, ...fates(mail),
    node("div", { className: "tools" }, ...(mail.html ? [swap] : []), ...leave(mail)), body);
}

follow((state) => {
  const fresh = state.mails.length !== mails.length;
  const told = (list, bounced) => JSON.stringify([list.find((mail) => mail.id === open)?.unsubscribed, bounced.length]);
  const changed = told(state.mails, state.bounces) !== told(mails, bounces);
  mails = state.mails;
  bounces = state.bounces;
  if (open === null && mails.length) open = mails.at(-1).id;
  if (fresh) drawList();
  if (changed || (fresh && !pane.querySelector("h1"))) drawMail();
});
