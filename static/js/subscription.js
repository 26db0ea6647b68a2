/* This browser's subscription to push messages, and what this device has said about it. */
import { registration } from "./worker.js";

const WANTED = "push-wanted", DISMISSED = "push-dismissed", GONE = 410;
const KEY = document.querySelector("script[data-push-key]")?.dataset.pushKey;

export const can = Boolean(registration && KEY) && "PushManager" in window && "Notification" in window;
export const dismissed = () => Boolean(localStorage.getItem(DISMISSED));
export const dismiss = () => localStorage.setItem(DISMISSED, "yes");

/* "missing", "blocked", "on" or "off" */
export const state = async () => {
  if (!can) return "missing";
  if (Notification.permission === "denied") return "blocked";
  return (await current()) && Notification.permission === "granted" ? "on" : "off";
};

/* One after the other: what was begun before a tap must not end after it, and undo it. */
let last = Promise.resolve();
const inTurn = (act) => {
  const done = last.then(act);
  last = done.catch(() => {});
  return done;
};

export const turnOn = async () => {
  if ((await Notification.requestPermission()) !== "granted") return; // at once: browsers want the tap itself
  await inTurn(async () => {
    const known = await current(), subscription = known ?? (await make());
    try {
      await keep(subscription);
    } catch (error) {
      if (!known) await subscription.unsubscribe(); // what the server does not know of is not on
      throw error;
    }
  });
};

export const turnOff = () => inTurn(async () => {
  localStorage.removeItem(WANTED);
  dismiss();
  const subscription = await current();
  if (!subscription) return;
  await tell("DELETE", { endpoint: subscription.endpoint });
  await subscription.unsubscribe();
});

/* Says to the server what there is, and makes a subscription that is missing or belongs to another key. */
export const resync = () => inTurn(async () => {
  if (Notification.permission !== "granted") return;
  let subscription = await current();
  const wanted = subscription || localStorage.getItem(WANTED);
  if (subscription && !fits(subscription)) {
    await tell("DELETE", { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
    subscription = null;
  }
  if (wanted) await keep(subscription ?? (await make()));
});

/* Signing out: the server ends its own by the session. */
export const forget = () => inTurn(async () => {
  for (const name of [WANTED, DISMISSED]) localStorage.removeItem(name);
  if (can) await (await current())?.unsubscribe();
});

const current = async () => (await registration).pushManager.getSubscription();

const make = async () => {
  await navigator.serviceWorker.ready;
  return (await registration).pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: KEY });
};

const tell = (method, body) => fetch("/push/subscriptions", {
  method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" }, redirect: "error",
});

/* A subscription that its push service has forgotten is made anew. */
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
