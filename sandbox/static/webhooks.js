/* What the network's software was told, the newest first. */
import { clock, follow, node } from "./state.js";

const list = document.querySelector("#webhooks");
let last = "";

const line = (one) => node("li", {},
  node("details", {},
    node("summary", {}, node("code", { textContent: one.event?.type ?? "no event" }),
      node("span", { className: "quiet", textContent: `to ${one.endpoint}, answered ${one.status}` }),
      node("time", { textContent: clock(one.received) })),
    node("pre", { textContent: JSON.stringify(one.event, null, 2) ?? one.body })));

follow((state) => {
  const newest = JSON.stringify(state.webhooks.at(-1)?.received ?? "");
  if (newest === last) return;
  last = newest;
  if (state.webhooks.length) list.replaceChildren(...[...state.webhooks].reverse().slice(0, 100).map(line));
});
