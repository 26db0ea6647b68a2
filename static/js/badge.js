/* The number on the app's icon: how many offers are live, as the page knows it. */
import { quietly } from "./worker.js";

let shown;
const show = () => {
  const live = document.querySelector("[data-live-offers]")?.dataset.liveOffers;
  if (live === undefined || live === shown) return;
  shown = live;
  quietly(async () => {
    await (Number(live) ? navigator.setAppBadge?.(Number(live)) : navigator.clearAppBadge?.());
  });
};
document.addEventListener("htmx:after:swap", show);
show();
