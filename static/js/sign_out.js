/* Signing out takes along what this browser holds for its owner. */
import { forget } from "./subscription.js";
import { quietly } from "./worker.js";

const PATIENCE = 1000; // ms

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/sign-out") return;
  event.preventDefault();
  const ended = Promise.all([quietly(async () => { await navigator.clearAppBadge?.(); }), quietly(forget)]);
  await Promise.race([ended, new Promise((done) => setTimeout(done, PATIENCE))]);
  form.submit();
});
