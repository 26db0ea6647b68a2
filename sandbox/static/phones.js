/* Draws a handset for each number, and does what a hand does. */
import { drawLock } from "./notifications.js";
import { clock, follow, node, post, pretty } from "./state.js";

const KEYS = "123456789*0#";
const board = document.querySelector("#phones");
const made = new Map();

const linked = (text) => text.split(/(https?:\/\/\S+)/).map((part) =>
  part.startsWith("http") ? node("a", { href: part, textContent: part, target: "_blank" }) : part);

const fate = (message) => message.error_code ? `Not delivered (${message.error_code})` : clock(message.created);

function handset(number) {
  const root = document.querySelector("#handset").content.cloneNode(true).firstElementChild;
  const part = (name) => root.querySelector(`.${name}`);
  let sid = null;
  part("num").textContent = pretty(number);
  part("answer").onclick = () => post(`calls/${sid}/answer`);
  part("decline").onclick = () => post(`calls/${sid}/decline`);
  part("hang-up").onclick = () => post(`calls/${sid}/hang-up`);
  part("dial").onclick = () => post("dial", { from: number });
  part("keys").append(...[...KEYS].map((key) =>
    node("button", { textContent: key, onclick: () => post(`calls/${sid}/press/${encodeURIComponent(key)}`) })));
  part("write").onsubmit = (event) => {
    event.preventDefault();
    const field = event.target.elements.body;
    if (field.value.trim()) post("text", { from: number, body: field.value });
    field.value = "";
  };
  const draw = (phone, calls, messages, name) => {
    const last = calls.at(-1);
    const live = last && !last.over ? last : null;
    const ringing = live?.status === "ringing" && live.direction !== "inbound";
    const talking = live?.status === "in-progress";
    sid = live?.sid ?? null;
    part("name").textContent = phone.label || name || "Phone";
    root.classList.toggle("rings", ringing);
    root.classList.toggle("talks", talking);
    part("call").hidden = !last;
    if (last) {
      part("who").textContent = live ? pretty(last.ours) : `Last call · ${pretty(last.ours)}`;
      part("state").textContent = ringing ? "is calling" : talking ? "on the line" : last.status.replace("-", " ");
      const lines = last.transcript.map((line) => node("li", { className: line.who, lang: line.language, textContent: line.text.replace(/\+1\d{10}/, pretty) }));
      part("heard").replaceChildren(...lines);
      part("heard").scrollTop = 1e6;
    }
    part("keys").hidden = !talking;
    part("answer").hidden = part("decline").hidden = !ringing;
    part("hang-up").hidden = !(talking || (live && live.direction === "inbound"));
    part("dial").hidden = part("write").hidden = Boolean(live);
    const count = messages.length;
    part("texts").replaceChildren(...messages.slice(-12).map((message) =>
      node("li", { className: message.direction === "inbound" ? "mine" : "theirs" }, ...linked(message.body),
        node("small", { textContent: fate(message) }))));
    part("stopped").hidden = !phone.opted_out;
    if (root.dibsCount !== count) { root.dibsCount = count; part("texts").scrollTop = 1e6; }
  };
  return { root, draw };
}

/* A browser that belongs to no handset has a place of its own. */
function lone(browser) {
  const root = document.querySelector("#browser").content.cloneNode(true).firstElementChild;
  root.querySelector(".name").textContent = browser.label || "Browser";
  const draw = (known, pushes) => {
    root.querySelector(".silent").hidden = drawLock(root, pushes) > 0 || known.gone;
    root.querySelector(".over").hidden = !known.gone;
  };
  return { root, draw };
}

const runsOn = (browser, phone) => [browser.account, browser.label].some((name) => name && (name === phone.number || name === phone.label));

follow((state) => {
  const pushesOf = (browsers) => state.pushes.filter((push) => browsers.some((browser) => browser.id === push.browser));
  const busy = (phone) => state.calls.some((call) => call.phone === phone.number && !call.over);
  const texts = (phone) => state.messages.filter((m) => m.to === phone.number || m.sender === phone.number);
  for (const phone of state.phones) {
    if (!made.has(phone.number)) {
      made.set(phone.number, handset(phone.number));
      board.append(made.get(phone.number).root);
    }
    const calls = state.calls.filter((call) => call.phone === phone.number);
    const client = calls.some((call) => call.direction === "outbound-dial");
    made.get(phone.number).draw(phone, calls, texts(phone), client ? "Client" : calls.length || texts(phone).length ? "Agent" : "");
    made.get(phone.number).root.classList.toggle("busy", busy(phone));
    drawLock(made.get(phone.number).root, pushesOf(state.browsers.filter((browser) => runsOn(browser, phone))));
  }
  for (const browser of state.browsers.filter((one) => !state.phones.some((phone) => runsOn(one, phone)))) {
    if (!made.has(browser.id)) {
      made.set(browser.id, lone(browser));
      board.append(made.get(browser.id).root);
    }
    made.get(browser.id).draw(browser, pushesOf([browser]));
  }
  forget(state);
  board.classList.toggle("none", made.size === 0);
});

/* After a reset, and when a browser has found its handset. */
function forget(state) {
  const phones = state.phones.map((phone) => phone.number);
  const browsers = state.browsers.filter((one) => !state.phones.some((phone) => runsOn(one, phone))).map((one) => one.id);
  for (const id of [...made.keys()].filter((one) => !phones.includes(one) && !browsers.includes(one))) {
    made.get(id).root.remove();
    made.delete(id);
  }
}

document.querySelector("#add").onsubmit = (event) => {
  event.preventDefault();
  post("phones", { number: event.target.elements.number.value });
  event.target.reset();
};
