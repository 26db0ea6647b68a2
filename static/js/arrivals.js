/* What newly arrives on a polled list would push away the row that a thumb or a mouse is on its way to. Unless the list
   is at its top and nobody points at it, it waits behind a pill that says how many there are. */
const AT_TOP = 40; // px
const pill = document.querySelector("[data-pill]");
let wanted = false; // the pill was pressed: the next answer is shown whole

const isPoll = (event) => event.detail.ctx.sourceElement?.matches?.("[data-poll][data-arrivals]");

const scrolls = (element) => {
  for (let at = element.parentElement; at; at = at.parentElement) if (at.scrollTop > AT_TOP) return at;
  return undefined;
};

const isRead = (list) => !list.checkVisibility() || Boolean(scrolls(list))
  || (matchMedia("(hover: hover)").matches && list.matches(":hover"));

const show = (count) => {
  pill.hidden = !count;
  pill.textContent = count === 1 ? pill.dataset.one : pill.dataset.many.replace("#", count);
};

document.addEventListener("htmx:before:swap", (event) => {
  if (!isPoll(event)) return;
  const list = event.detail.ctx.sourceElement;
  const found = event.detail.tasks.flatMap(({ fragment }) => [...fragment.querySelectorAll("[data-arrives]")]);
  const waiting = wanted || !isRead(list) ? [] : found.filter((row) => !document.getElementById(row.id));
  wanted = false;
  for (const row of waiting) {
    const group = row.closest(".open-now");
    row.remove();
    if (group && !group.querySelector("[data-arrives]")) group.remove();
  }
  show(waiting.length);
});

// While some wait, no answer is old news: the mouse may have left the list.
document.addEventListener("htmx:config:request", (event) => {
  if (isPoll(event) && (wanted || !pill.hidden)) delete event.detail.ctx.request.headers["HX-PTag"];
});

pill.addEventListener("click", (event) => {
  const list = document.querySelector("[data-poll][data-arrivals]");
  if (!list.checkVisibility()) return; // it is on the page that the pill leads to
  event.preventDefault();
  wanted = true;
  pill.hidden = true;
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
  scrolls(list)?.scrollTo({ top: 0, behavior });
  htmx.trigger(list, "poll");
});
