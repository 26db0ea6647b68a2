/* The board: a row opens beside the list, which keeps its place, its focus and what is chosen in it. */
const WIDE = 900; // px
const list = () => document.getElementById("desk-list");
const detail = () => document.getElementById("detail");
const bulk = document.querySelector("[data-bulk]");
const chosen = new Set();

const mark = () => {
  for (const row of list().querySelectorAll("a.row")) {
    if (new URL(row.href).pathname === location.pathname) row.ariaCurrent = "true";
    else row.removeAttribute("aria-current");
  }
  for (const box of list().querySelectorAll("input[name=id]")) box.checked = chosen.has(box.value);
  bulk.hidden = !chosen.size;
  bulk.querySelector("[data-count]").textContent = `${chosen.size} chosen`;
};

const open = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) return location.assign(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  detail().replaceWith(document.adoptNode(page.getElementById("detail")));
  document.title = page.title;
  document.querySelector(".split").classList.toggle("chosen", Boolean(page.querySelector(".split.chosen")));
  htmx.process(detail());
  detail().scrollTop = 0;
  mark();
};

document.addEventListener("click", (event) => {
  const row = event.target.closest("#desk-list a.row");
  if (!row || innerWidth < WIDE || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState({}, "", row.href);
  open(row.href);
});
// What is searched for stands in the address; the server says how.
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  const address = sourceElement?.type === "search" && response.headers?.get("HX-Replace-Url");
  if (address) history.replaceState({}, "", address);
});
addEventListener("popstate", () => open(location.href));

document.addEventListener("change", (event) => {
  const { name, value, checked } = event.target;
  if (name !== "id" || !event.target.closest("#desk-list")) return;
  if (checked) chosen.add(value);
  else chosen.delete(value);
  mark();
});
document.addEventListener("htmx:after:swap", mark);

bulk.addEventListener("submit", () => {
  for (const old of bulk.querySelectorAll("input[name=id]")) old.remove();
  for (const value of chosen) bulk.append(Object.assign(document.createElement("input"), { type: "hidden", name: "id", value }));
  bulk.elements.next.value = location.pathname + location.search;
});
bulk.querySelector("[data-none]").addEventListener("click", () => { chosen.clear(); mark(); });

// The tab's title counts the referrals that nobody has.
const count = () => {
  const burning = Number(list().dataset.nobody);
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = burning ? `(${burning}) ${title}` : title;
};
document.addEventListener("htmx:after:swap", count);
mark();
count();
