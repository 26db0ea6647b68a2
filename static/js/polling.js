/* Asks the server for news of each part of the page marked data-poll: at its own pace, seldom while nobody looks, ever
   slower while nobody answers. The server decides what is shown; without this script the page is a form that works. */
const EVERY = 1000, HIDDEN = 10000, SLOWEST = 15000; // ms between two questions
let failures = 0, timer = 0;

const parts = () => document.querySelectorAll("[data-poll]");

const pace = () => {
  const own = Number(parts()[0]?.dataset.every ?? EVERY);
  return Math.min(SLOWEST, Math.max(own, document.hidden ? HIDDEN : 0) * 2 ** Math.min(failures, 4));
};

const schedule = (wait = pace()) => {
  clearTimeout(timer);
  if (parts().length) timer = setTimeout(ask, wait);
};

const ask = () => {
  if (!window.htmx) { // it did not load: the page is asked for as a whole, unless somebody is typing on it
    if (!document.querySelector("form :is(input:not([type=hidden]), textarea)")) location.reload();
    return;
  }
  for (const part of parts()) htmx.trigger(part, "poll");
  schedule(SLOWEST * 2);
};

const trouble = (is) => {
  failures = is ? failures + 1 : 0;
  const note = document.querySelector("[data-reconnecting]");
  if (note) note.hidden = failures < 2;
};

document.addEventListener("htmx:after:request", (event) => {
  const { request, response } = event.detail.ctx;
  // What was asked before a press was answered may tell of the time before it: that answer is not waited for.
  if (request.method === "POST") for (const part of parts()) htmx.trigger(part, "htmx:abort");
  trouble(response.status >= 500);
  schedule();
});
document.addEventListener("htmx:error", () => { trouble(true); schedule(); });
document.addEventListener("htmx:after:swap", () => schedule());
document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
addEventListener("pageshow", () => schedule());
addEventListener("online", () => ask());
schedule();
