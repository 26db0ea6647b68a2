/* The service worker of the app, and what the page does when a new version of it takes over. */
const HOUR = 3600e3;

/* What the page knows of the worker: undefined where a browser has none. */
export const registration = navigator.serviceWorker?.register("/sw.js", { updateViaCache: "none" });

/* A page without a network has nothing to say to the server; the next load says it. */
export const quietly = (deed) => deed().catch(() => {});

/* Pages come from the network, so one of the old version still works; it is loaded anew when nobody looks at it and
   nothing is typed in it. */
const followVersions = (worker) => {
  let typed = false, known = worker.controller, asked = Date.now();
  const refresh = () => {
    if (document.documentElement.dataset.newVersion && document.hidden && !typed) location.reload();
  };
  document.addEventListener("input", () => { typed = true; });
  worker.addEventListener("controllerchange", () => {
    if (known) document.documentElement.dataset.newVersion = "yes";
    known = worker.controller;
    refresh();
  });
  /* An app that is open all day asks for a new version when it is looked at again. */
  document.addEventListener("visibilitychange", () => {
    refresh();
    if (document.hidden || Date.now() - asked < HOUR) return;
    asked = Date.now();
    quietly(async () => (await registration).update());
  });
};

if (registration) followVersions(navigator.serviceWorker);
