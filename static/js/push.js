/* What this browser does for its owner in the background: the worker, push messages, the number on the app's icon.
   On the portal's pages, after sign-in; the claim page does without. */
(() => {
  "use strict";
  if (!("serviceWorker" in navigator)) return;

  const KEY = document.currentScript.dataset.pushKey;
  const WANTED = "push-wanted", DISMISSED = "push-dismissed"; // what this device has said; signing out forgets it
  const HOUR = 3600e3, GONE = 410;

  const can = Boolean(KEY) && "PushManager" in window && "Notification" in window;
  const worker = navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });

  /* Push */
  const current = async () => (await worker).pushManager.getSubscription();
  const make = async () => {
    await navigator.serviceWorker.ready;
    return (await worker).pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: KEY });
  };
  const tell = (method, body) => fetch("/push/subscriptions", {
    method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" }, redirect: "error",
  });

  /* Says what there is to the server; a subscription that its push service has forgotten is made anew. */
  const keep = async (subscription) => {
    let answer = await tell("POST", subscription);
    if (answer.status === GONE) {
      await subscription.unsubscribe();
      answer = await tell("POST", await make());
    }
    if (!answer.ok) throw new Error(`not kept: ${answer.status}`);
    localStorage.setItem(WANTED, "yes");
  };

  /* A subscription belongs to the key it was made with. */
  const fits = ({ options }) => {
    const text = String.fromCharCode(...new Uint8Array(options.applicationServerKey));
    return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "") === KEY;
  };

  const resync = async () => {
    if (Notification.permission !== "granted") return;
    let subscription = await current();
    const wanted = subscription || localStorage.getItem(WANTED);
    if (subscription && !fits(subscription)) {
      await tell("DELETE", { endpoint: subscription.endpoint });
      await subscription.unsubscribe();
      subscription = null;
    }
    if (wanted) await keep(subscription ?? (await make()));
  };

  const turnOn = async () => {
    if ((await Notification.requestPermission()) !== "granted") return;
    const known = await current(), subscription = known ?? (await make());
    try {
      await keep(subscription);
    } catch (error) {
      if (!known) await subscription.unsubscribe(); // what the server does not know of is not on
      throw error;
    }
  };

  const turnOff = async () => {
    localStorage.removeItem(WANTED);
    localStorage.setItem(DISMISSED, "yes");
    const subscription = await current();
    if (!subscription) return;
    await tell("DELETE", { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  };

  const state = async () => {
    if (!can) return "missing";
    if (Notification.permission === "denied") return "blocked";
    return (await current()) && Notification.permission === "granted" ? "on" : "off";
  };

  /* data-push-state gets the state, and inside it only the part with the same data-push-when is shown. */
  const show = async (failed = false) => {
    const now = await state();
    for (const part of document.querySelectorAll("[data-push-state]")) {
      part.dataset.pushState = now;
      part.hidden = false;
      for (const words of part.querySelectorAll("[data-push-when]")) words.hidden = words.dataset.pushWhen !== now;
      for (const words of part.querySelectorAll("[data-push-failed]")) words.hidden = !failed;
    }
    for (const notice of document.querySelectorAll("[data-push-notice]")) {
      notice.hidden = now !== "off" || Boolean(localStorage.getItem(DISMISSED));
      for (const words of notice.querySelectorAll("[data-push-failed]")) words.hidden = !failed;
    }
  };

  const attempt = async (deed) => {
    try {
      await deed();
      if (document.querySelector("[data-push-state]")) location.reload();  // the list of devices there
      else await show();
    } catch {
      await show(true);
    }
  };

  /* A page without a network has nothing to say to the server; the next load says it. */
  const quietly = (deed) => deed().catch(() => {});

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.matches("[data-push-on]")) attempt(turnOn);
    if (button?.matches("[data-push-off]")) attempt(turnOff);
    if (button?.matches("[data-push-dismiss]")) { localStorage.setItem(DISMISSED, "yes"); show(); }
  });

  /* Signing out takes this browser's subscription along; the server ends its own by the session. */
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== "/sign-out") return;
    event.preventDefault();
    for (const name of [WANTED, DISMISSED]) localStorage.removeItem(name);
    const ended = quietly(async () => {
      await navigator.clearAppBadge?.();
      if (can) await (await current())?.unsubscribe();
    });
    await Promise.race([ended, new Promise((done) => setTimeout(done, 1000))]);
    form.submit();
  });

  /* The icon's number */
  const live = document.querySelector("[data-live-offers]")?.dataset.liveOffers;
  if (live !== undefined) quietly(async () => {
    await (Number(live) ? navigator.setAppBadge?.(Number(live)) : navigator.clearAppBadge?.());
  });

  /* A new version has taken over. Pages come from the network, so this one still works; it is loaded anew when nobody
     looks at it and nothing is typed in it. */
  let typed = false, known = navigator.serviceWorker.controller;
  document.addEventListener("input", () => { typed = true; });
  const refresh = () => {
    if (document.documentElement.dataset.newVersion && document.hidden && !typed) location.reload();
  };
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (known) document.documentElement.dataset.newVersion = "yes";
    known = navigator.serviceWorker.controller;
    refresh();
  });

  /* An app that is open all day asks for a new version when it is looked at again. */
  let asked = Date.now();
  document.addEventListener("visibilitychange", () => {
    refresh();
    if (document.hidden || Date.now() - asked < HOUR) return;
    asked = Date.now();
    quietly(async () => (await worker).update());
  });

  quietly(async () => {
    await show();
    if (can) await quietly(resync);
    await show();
  });
})();
