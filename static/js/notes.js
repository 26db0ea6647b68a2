/* A note that is being typed is saved as it goes. Where that fails, the line beside it says so, and the next letter tries
   again. */
const line = () => document.getElementById("note-saved");
const trouble = () => { const at = line(); if (at) at.textContent = at.dataset.trouble; };

document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx?.sourceElement?.closest?.(".composer")) trouble();
});
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  if (sourceElement?.closest?.(".composer") && response.status >= 400) trouble();
});
