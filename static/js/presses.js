/* Fingers and keys at the buttons of a part that is swapped under them. */
const ACTIONS = "[data-phase] .actions";
const SETTLING = 1500; // ms in which a nervous second tap is not meant for the button that took the pressed one's place
const AGAIN = [1000, 2000, 4000, 8000]; // ms before a press that did not get through is sent again

const phase = () => document.querySelector("[data-phase]")?.dataset.phase;
const isPress = (element) => Boolean(element?.matches?.("[data-phase] form"));

/* Focus stays: at what takes the place of the pressed button, and where nothing is meant to be pressed, at the line that
   says so. */
let there = false;
document.addEventListener("htmx:before:swap", () => { there = Boolean(document.activeElement?.closest(ACTIONS)); });
document.addEventListener("htmx:after:swap", () => {
  const place = document.querySelector(ACTIONS);
  if (!there || !place) return;
  const kept = document.activeElement?.matches(`${ACTIONS} :is(a, button)`) && document.activeElement;
  const main = kept || place.querySelector("button") || place.querySelector("a") || place;
  (place.matches("[tabindex]") ? place : main).focus({ preventScroll: true });
});

/* What takes the place of a pressed button is not meant by a second tap, a double click, or an Enter that is held down. */
let before, settled = 0;
const settle = () => {
  const left = settled - performance.now();
  for (const button of document.querySelectorAll(`${ACTIONS} button`)) {
    if (left > 0) button.ariaDisabled = "true";
    else button.removeAttribute("aria-disabled");
  }
  if (left > 0) setTimeout(settle, left);
};
document.addEventListener("htmx:before:swap", () => { before = phase(); });
document.addEventListener("htmx:after:swap", (event) => {
  const pressed = event.detail.ctx.request.method === "POST";
  if (pressed && phase() !== before) settled = performance.now() + SETTLING;
  if (settled > performance.now()) settle();
});

const unmeant = (event) => {
  const button = event.target.closest(`${ACTIONS} button`);
  if (!button) return;
  const again = event.type === "keydown" ? event.repeat && event.key === "Enter" : event.detail > 1 || button.ariaDisabled;
  if (again) event.preventDefault();
};
for (const type of ["keydown", "click"]) document.addEventListener(type, unmeant, true);

/* A press that did not get through is said to be lost at once, and sent again while the page still offers it: each asks
   for a state, so that a second one changes nothing. */
let lost, tries = 0, timer = 0;
const say = (what) => {
  for (const line of document.querySelectorAll("[data-lost]")) line.hidden = line.dataset.lost !== what;
};
const forget = () => { clearTimeout(timer); lost = undefined; tries = 0; say(); };

const offered = () => document.querySelector(`[data-phase] form[action="${lost}"]`);

const send = () => {
  const form = offered();
  if (form) form.requestSubmit();
  else forget(); // it got through after all, or the page has moved on
};

const missed = (form) => {
  lost = form.getAttribute("action");
  clearTimeout(timer);
  if (!offered()) return forget();
  if (!navigator.onLine) return say("offline");
  if (tries === AGAIN.length) { forget(); return say("given-up"); }
  say("again");
  timer = setTimeout(send, AGAIN[tries++]);
};

document.addEventListener("htmx:error", (event) => {
  const form = event.detail.ctx?.sourceElement;
  if (isPress(form)) missed(form);
});
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement: form, response } = event.detail.ctx;
  if (!isPress(form)) return;
  if (response.status >= 500) return missed(form);
  forget();
  if (response.status === 429) return say("too-many");
  if (response.status >= 400) location.reload(); // the page says what has become of it
});
// The page has moved on meanwhile, and the form that was pressed is gone: nobody else would take its words back.
document.addEventListener("htmx:after:swap", () => { if (lost && !offered()) forget(); });
addEventListener("online", () => { if (lost) { clearTimeout(timer); send(); } });
