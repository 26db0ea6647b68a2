/* A form that the browser itself sends is sent once: a second tap while the answer is on its way is the same tap. */
const STUCK = 8000; // ms after which it may be sent again: the answer got lost
const sent = new Map();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return; // htmx sends its own, and reading twice does no harm
  if (performance.now() - (sent.get(form) ?? -STUCK) < STUCK) event.preventDefault();
  else sent.set(form, performance.now());
});
addEventListener("pageshow", () => sent.clear()); // they went back to it
