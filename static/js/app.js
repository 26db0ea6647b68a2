/* What the page does between two answers of the server: ask again at the right pace, and let clocks tick.
   The server decides what is shown; without this script the page is a form that works. */
(() => {
  "use strict";
  const EVERY = 1000, HIDDEN = 10000, SLOWEST = 15000;
  let failures = 0, timer = 0;

  const panels = () => document.querySelectorAll("[data-poll]");
  const panel = () => panels()[0];
  const pace = () => {
    const own = Number(panel()?.dataset.every ?? EVERY);
    return Math.min(SLOWEST, Math.max(own, document.hidden ? HIDDEN : 0) * 2 ** Math.min(failures, 4));
  };
  const schedule = (wait = pace()) => { clearTimeout(timer); if (panel()) timer = setTimeout(ask, wait); };
  const ask = () => { for (const part of panels()) htmx.trigger(part, "poll"); schedule(SLOWEST * 2); };
  const trouble = (is) => {
    failures = is ? failures + 1 : 0;
    const note = document.querySelector("[data-reconnecting]");
    if (note) note.hidden = failures < 2;
  };

  document.addEventListener("htmx:after:request", (event) => {
    trouble(event.detail.ctx.response.status >= 500);
    schedule();
  });
  document.addEventListener("htmx:error", () => { trouble(true); schedule(); });
  document.addEventListener("htmx:after:swap", () => { tick(); schedule(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  addEventListener("pageshow", () => schedule());
  addEventListener("online", () => ask());

  /* Whoever is at the panel's buttons stays there: at what takes the place of the one they pressed, and while there is
     nothing to press, at the line that says so. */
  const ACTIONS = "[data-phase] .actions";
  let there = false;
  document.addEventListener("htmx:before:swap", () => { there = Boolean(document.activeElement?.closest(ACTIONS)); });
  document.addEventListener("htmx:after:swap", () => {
    const place = document.querySelector(ACTIONS);
    if (!there || !place || document.activeElement?.matches(`${ACTIONS} :is(a, button)`)) return;
    (place.querySelector("button") ?? place.querySelector("a") ?? place).focus({ preventScroll: true });
  });
  /* What takes its place is not meant yet by a double click, nor by an Enter that is held down. */
  const unmeant = (event) => {
    const again = event.type === "keydown" ? event.repeat && event.key === "Enter" : event.detail > 1;
    if (again && event.target.closest(`${ACTIONS} button`)) event.preventDefault();
  };
  for (const type of ["keydown", "click"]) document.addEventListener(type, unmeant, true);

  /* data-until: seconds left when the server answered; data-since: seconds gone. */
  const show = (total) => {
    const s = Math.max(0, Math.floor(total)), h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
    const two = (n) => String(n).padStart(2, "0");
    return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
  };
  const tick = () => {
    for (const clock of document.querySelectorAll("[data-until], [data-since]")) {
      const key = clock.dataset.until ?? clock.dataset.since;
      if (clock.dibsKey !== key) { clock.dibsKey = key; clock.dibsAt = performance.now(); }
      const gone = (performance.now() - clock.dibsAt) / 1000;
      const left = Number(key) + (clock.dataset.until === undefined ? gone : -gone);
      const text = show(left);
      if (clock.textContent !== text) clock.textContent = text;
      if (clock.dataset.until !== undefined) clock.parentElement.classList.toggle("late", left < 300);
    }
  };
  /* data-wait: a button that may be pressed again in so many seconds. */
  const hold = () => {
    for (const button of document.querySelectorAll("[data-wait]")) {
      button.dibsAt ??= performance.now();
      const left = Math.ceil(Number(button.dataset.wait) - (performance.now() - button.dibsAt) / 1000);
      button.disabled = left > 0;
      button.querySelector("[data-left]").textContent = left > 0 ? ` in ${left} s` : "";
    }
  };
  setInterval(() => { tick(); hold(); }, 500);
  document.addEventListener("DOMContentLoaded", () => { tick(); hold(); schedule(); });
})();
