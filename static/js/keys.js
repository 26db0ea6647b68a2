/* One key each for those who work with a keyboard: j and k go through the list, c calls, / searches, ? tells of them.
   They can be turned off there, for those whose voice or switch types letters by itself. */
const OFF = "dibs.keys"; // in this browser's storage
const ROWS = ".live-offer .need, .client-row .row, .board-row .row";
const help = document.querySelector("[data-keys]");
const choice = help.querySelector("input");

const isOff = () => localStorage.getItem(OFF) === "off";
const row = () => document.activeElement.closest("li:has(.need, .row)");

const step = (by) => {
  const rows = [...document.querySelectorAll(ROWS)].filter((one) => one.checkVisibility());
  const at = rows.indexOf(row()?.querySelector(ROWS) ?? document.querySelector(":is(.client-row, .board-row) .row[aria-current]"));
  const next = rows[at < 0 ? 0 : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
};

const call = () => {
  const place = row() ?? document.querySelector(".reach-them");
  place?.querySelector("form[action$='/call'] button")?.click();
};

const DOES = {
  j: () => step(1),
  k: () => step(-1),
  c: call,
  "/": () => document.querySelector("[role=search] input[type=search]")?.focus(),
  "?": () => help.showModal(),
};

addEventListener("keydown", (event) => {
  // A dialog that was closed a moment ago may still have the focus.
  const typing = event.target.closest?.("input, textarea, select, dialog, [contenteditable]");
  if (typing?.checkVisibility() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && event.key === "c") return;
  const does = (!isOff() || event.key === "?") && DOES[event.key];
  if (!does) return;
  event.preventDefault();
  does();
});

choice.checked = !isOff();
choice.addEventListener("change", () => localStorage.setItem(OFF, choice.checked ? "on" : "off"));
