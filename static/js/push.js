/* Push messages on the portal's pages: shows whether they are on, and turns them on and off. */
import { can, dismiss, dismissed, resync, state, turnOff, turnOn } from "./subscription.js";
import { quietly, registration } from "./worker.js";

/* data-push-state gets the state, and inside it only the part with the same data-push-when is shown. */
const show = async (failed = false) => {
  const now = await state();
  for (const part of document.querySelectorAll("[data-push-state]")) {
    part.dataset.pushState = now;
    part.hidden = false;
    for (const words of part.querySelectorAll("[data-push-when]")) words.hidden = words.dataset.pushWhen !== now;
    for (const words of part.querySelectorAll("[data-push-failed]")) words.hidden = !failed;
  }
  for (const notice of document.querySelectorAll("[data-push-notice]")) {
    notice.hidden = now !== "off" || dismissed();
    for (const words of notice.querySelectorAll("[data-push-failed]")) words.hidden = !failed;
  }
};

const attempt = async (deed) => {
  try {
    await deed();
    if (document.querySelector("[data-push-state]")) location.reload(); // the list of devices there
    else await show();
  } catch {
    await show(true);
  }
};

const press = (event) => {
  const button = event.target.closest("button");
  if (button?.matches("[data-push-on]")) attempt(turnOn);
  if (button?.matches("[data-push-off]")) attempt(turnOff);
  if (button?.matches("[data-push-dismiss]")) { dismiss(); show(); }
};

if (registration) {
  document.addEventListener("click", press);
  quietly(async () => {
    await show();
    if (can) await quietly(resync);
    await show();
  });
}
