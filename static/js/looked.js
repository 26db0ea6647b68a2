// Says that somebody looks at the page: once, when it is really shown. Programs that only check links run no script.
const page = document.querySelector("[data-looked]");

function say() {
  if (document.visibilityState === "visible") {
    document.removeEventListener("visibilitychange", say);
    navigator.sendBeacon(page.dataset.looked);
  }
}

if (page) {
  document.addEventListener("visibilitychange", say);
  say();
}
