/* Draws a handset for each number, and does what a hand does. */
import { follow, node, post, pretty } from "./state.js";

const KEYS = "123456789*0#";
const board = document.querySelector("#phones");
const made = new Map();

const linked = (text) => text.split(/(https?:\/\/\S+)/).map((part) =>
  part.startsWith("http") ? node("a", { href: part, textContent: part, target: "_blank" }) : part);

const clock = (iso) => new Date(iso).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
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
      const lines = last.transcript.map((line) => node("li", { className: line.who, textContent: line.text.replace(/\+1\d{10}/, pretty) }));
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

follow((state) => {
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
  }
  board.classList.toggle("none", state.phones.length === 0);
});

document.querySelector("#add").onsubmit = (event) => {
  event.preventDefault();
  post("phones", { number: event.target.elements.number.value });
  event.target.reset();
};
