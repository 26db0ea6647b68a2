/* Offers to install the app, at a good moment: on the list, to somebody who has claimed a referral or has come back on
   another day. "Not now" holds for 60 days. */
const FIRST_DAY = "first-day", DISMISSED = "install-dismissed", REST = 60 * 24 * 3600e3; // ms
const notice = document.querySelector("[data-install-notice]");
const part = (name) => notice.querySelector(`[${name}]`);

const isInstalled = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;

const isMoment = () => {
  const today = new Date().toDateString();
  const first = localStorage.getItem(FIRST_DAY) ?? today;
  localStorage.setItem(FIRST_DAY, first);
  const resting = Date.now() - Number(localStorage.getItem(DISMISSED) ?? 0) < REST;
  return !resting && ("installReady" in notice.dataset || first !== today);
};

const offer = (how) => {
  notice.hidden = false;
  part(`data-install-how="${how}"`).hidden = false;
  part("data-install-now").hidden = how !== "prompt";
};

const rest = () => {
  localStorage.setItem(DISMISSED, String(Date.now()));
  notice.hidden = true;
};

/* Safari on iPhones and iPads has no event for it; an iPad says it is a Mac, one with a touch screen. */
const isSafariOnTouch = () => {
  const agent = navigator.userAgent;
  const apple = /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1);
  return apple && /Safari/.test(agent) && !/CriOS|FxiOS|EdgiOS|OPiOS/.test(agent);
};

const watch = () => {
  let prompt;
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault(); // the notice asks instead
    prompt = event;
    offer("prompt");
  });
  addEventListener("appinstalled", () => { notice.hidden = true; });
  part("data-install-dismiss").addEventListener("click", rest);
  part("data-install-now").addEventListener("click", async () => {
    await prompt.prompt();
    const { outcome } = await prompt.userChoice;
    outcome === "accepted" ? (notice.hidden = true) : rest();
  });
  if (isSafariOnTouch()) offer("ios");
};

if (notice && !isInstalled() && isMoment()) watch();
