/* Push messages as a locked phone shows them: a card each, newest first, gone once tapped or replaced. */
import { clock, node, post } from "./state.js";

const SHOWN = 4;
const brand = document.querySelector("#phones").dataset.brand;

function parsed(push) {
  try {
    const found = JSON.parse(push.data);
    if (found?.title) return found;
  } catch { /* words that are no JSON are shown as they are */ }
  return { title: brand, body: push.data };
}

async function tap(push, action) {
  const tab = window.open("", "_blank"); // now, while this is still the hand's doing
  const { url } = await (await post(`pushes/${push.id}/${action}`)).json();
  tab.location = url;
}

function card(push) {
  const root = document.querySelector("#card").content.cloneNode(true).firstElementChild;
  const note = parsed(push);
  root.querySelector(".app").textContent = brand;
  root.querySelector("time").textContent = clock(push.received);
  root.querySelector("b").textContent = note.title ?? "";
  root.querySelector(".said").textContent = note.body ?? "";
  root.querySelector(".tap").onclick = () => tap(push, "open");
  root.querySelector(".choices").append(...(note.actions ?? []).map(({ action, title }) =>
    node("button", { textContent: title, onclick: () => tap(push, action) })));
  return root;
}

/* The newest of each tag; a notification without one stands for itself. */
function visible(pushes) {
  const tags = new Set();
  return pushes.filter((push) => !push.replaced).reverse().filter((push) => {
    const { tag } = parsed(push);
    const covered = tag && tags.has(tag);
    if (tag) tags.add(tag);
    return !covered && !push.acted;
  }).slice(0, SHOWN);
}

/* Draws them onto a screen; how many there are. Untouched ones stay as they are, under the finger. */
export function drawLock(root, pushes) {
  const lock = root.querySelector(".lock"), shown = visible(pushes), now = new Date();
  const drawn = shown.map((push) => push.id).join();
  lock.hidden = shown.length === 0;
  lock.querySelector(".hour").textContent = now.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" }).replace(/\s?[AP]M/, "");
  lock.querySelector(".day").textContent = now.toLocaleDateString([], { weekday: "long", month: "long", day: "numeric" });
  if (lock.dataset.drawn !== drawn) lock.querySelector(".cards").replaceChildren(...shown.map(card));
  lock.dataset.drawn = drawn;
  return shown.length;
}
