/* Clocks that tick between two answers of the server. */
const TICK = 500, LATE = 300; // ms, s

const two = (number) => String(number).padStart(2, "0");

const show = (total) => {
  const s = Math.max(0, Math.floor(total)), h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
  return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
};

/* Seconds since the mark. Some browsers' performance clock stands still while a phone sleeps, and the wall clock may be set
   back: the larger of the two is true. */
const mark = () => ({ ticks: performance.now(), wall: Date.now() });
const since = ({ ticks, wall }) => Math.max(performance.now() - ticks, Date.now() - wall) / 1000;

/* data-until: seconds left when the server answered; data-since: seconds gone. */
const tick = () => {
  for (const clock of document.querySelectorAll("[data-until], [data-since]")) {
    const key = clock.dataset.until ?? clock.dataset.since;
    if (clock.dibsKey !== key) { clock.dibsKey = key; clock.dibsAt = mark(); }
    const gone = since(clock.dibsAt);
    const left = Number(key) + (clock.dataset.until === undefined ? gone : -gone);
    const text = show(left);
    if (clock.textContent !== text) clock.textContent = text;
    if (clock.dataset.until !== undefined) clock.parentElement.classList.toggle("late", left < LATE);
  }
};

/* data-drains: a bar that empties with the time that is left. */
const LAST = 60; // s
const drain = () => {
  for (const bar of document.querySelectorAll("[data-drains]")) {
    const key = bar.dataset.drains;
    if (bar.dibsKey !== key) { bar.dibsKey = key; bar.dibsAt = mark(); }
    const left = Math.max(0, Number(key) - since(bar.dibsAt));
    bar.value = left;
    bar.classList.toggle("late", left < LATE && left >= LAST);
    bar.classList.toggle("last", left < LAST);
  }
  // data-ring: the seconds left to pick up and press 1, out of data-of.
  for (const ring of document.querySelectorAll("[data-ring]")) {
    const key = ring.dataset.ring;
    if (ring.dibsKey !== key) { ring.dibsKey = key; ring.dibsAt = mark(); }
    const left = Math.max(0, Number(key) - since(ring.dibsAt));
    ring.setAttribute("stroke-dasharray", `${(100 * left / Number(ring.dataset.of)).toFixed(1)} 100`);
  }
};

/* data-wait: a button that may be pressed again in so many seconds. */
const hold = () => {
  for (const button of document.querySelectorAll("[data-wait]")) {
    button.dibsAt ??= mark();
    const left = Math.ceil(Number(button.dataset.wait) - since(button.dibsAt));
    button.disabled = left > 0;
    const words = button.querySelector("[data-left]");
    words.textContent = left > 0 ? words.dataset.left.replace("{}", left) : "";
  }
};

document.addEventListener("htmx:after:swap", () => { tick(); drain(); });
setInterval(() => { tick(); drain(); hold(); }, TICK);
tick();
drain();
hold();
