/* The tab tells from behind other tabs: by its title, which counts on while agent and client talk, and by its icon while
   the phone rings. */
const EACH = 1000; // ms
const icon = document.querySelector("link[data-ringing-icon]");
const quiet = icon?.href;

const title = () => {
  const panel = document.querySelector("[data-title]");
  if (!panel) return;
  const clock = panel.dataset.titleClock && panel.querySelector("[data-since]")?.textContent;
  const words = clock ? `${clock} ${panel.dataset.titleClock}` : panel.dataset.title;
  if (document.title !== words) document.title = words;
};

const draw = () => {
  if (!icon) return;
  const href = document.querySelector("[data-ringing]") ? icon.dataset.ringingIcon : quiet;
  if (icon.getAttribute("href") !== href) icon.setAttribute("href", href);
};

document.addEventListener("htmx:after:swap", () => { title(); draw(); });
setInterval(title, EACH);
draw();
