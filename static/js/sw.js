/* The service worker: keeps the app's shell and an offline page, never a page with data; shows push messages, and
   acts on their buttons. RELEASE, in the line before this one, is what the server says of this release. */

const SHELL = `shell-${RELEASE.version}`;
const HOME = "/referrals";
const UNREADABLE = { title: RELEASE.unreadable, tag: "unreadable" };
const TAP_LASTS = 700; // ms in which a browser lets a tap open a window; Firefox gives it one second

/* A new version takes over at once: pages come from the network, so none of them is stuck in the old one. */
self.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(SHELL);
    await cache.addAll([...RELEASE.shell, new Request(RELEASE.offline, { cache: "reload" })]);
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  const takeOver = async () => {
    for (const name of await caches.keys()) if (name !== SHELL) await caches.delete(name);
    await self.registration.navigationPreload?.enable(); // asks the network while this worker is still waking up
    await self.clients.claim();
  };
  event.waitUntil(takeOver());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (RELEASE.shell.includes(new URL(request.url).pathname)) event.respondWith(kept(request));
});

async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(RELEASE.offline)) ?? Response.error();
  }
}

async function kept(request) {
  return (await caches.match(request)) ?? fetch(request);
}

/* Push. A message without a notification is held against us by browsers, so whatever comes is shown. */
self.addEventListener("push", (event) => {
  event.waitUntil(show(read(event.data)).catch(() => show(UNREADABLE)));
});

function read(data) {
  try {
    const message = data.json();
    return message.title ? message : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}

async function show({ kind, title, body, url, tag, badge, actions = [], arrived }) {
  await self.registration.showNotification(title, {
    body, tag, actions,
    renotify: Boolean(tag),
    requireInteraction: kind === "offer",
    icon: RELEASE.icon,
    badge: RELEASE.badge,
    data: { url: ours(url) },
  });
  await Promise.allSettled([count(badge), arrived && post(arrived)]);
}

async function count(live) {
  if (typeof live !== "number") return;
  await (live > 0 ? self.navigator.setAppBadge?.(live) : self.navigator.clearAppBadge?.());
}

/* A tap on a notification, or on one of its buttons: the button's post first, then the page that shows what came of it. */
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(act(event.action, ours(event.notification.data?.url)));
});

async function act(action, url) {
  const posted = answer(action, url);
  await Promise.race([posted, new Promise((done) => setTimeout(done, TAP_LASTS))]);
  await open(url);
  await posted;
}

async function answer(action, url) {
  if (action === "call") await post(`${url}/call`);
  if (action === "decline") await post(`${url}/decline`, new URLSearchParams({ reason: "by_push" }));
}

/* Fails quietly: offline, the page still opens, and says so. */
async function post(url, body) {
  try {
    await fetch(ours(url), { method: "POST", body, credentials: "same-origin", redirect: "manual", keepalive: true });
  } catch {}
}

/* Only among windows that this worker controls: no other can be led anywhere, and a tap that has brought one to the
   front opens none besides. */
async function open(url) {
  const windows = await self.clients.matchAll({ type: "window" });
  const [window] = [...windows].sort((one, other) => rank(other, url) - rank(one, url));
  if (window && (await moved(window, url))) return;
  await self.clients.openWindow(url);
}

/* The window that shows the page already, else the one in front. */
function rank(window, url) {
  return 2 * (new URL(window.url).pathname === url) + window.focused;
}

async function moved(window, url) {
  try {
    await window.focus().catch(() => {}); // before it is led on: that may take longer than the tap lasts
    await window.navigate(url);
    return true;
  } catch {
    return false; // closed meanwhile
  }
}

/* A path of ours, whatever was sent. */
function ours(url) {
  const asked = new URL(url ?? HOME, self.location.origin);
  return asked.origin === self.location.origin ? asked.pathname + asked.search : HOME;
}

/* The browser has let its subscription go: make another, and say so. */
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(renew(event));
});

async function renew({ oldSubscription, newSubscription }) {
  const key = oldSubscription?.options.applicationServerKey ?? RELEASE.pushKey;
  const made = newSubscription
    ?? (await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  if (oldSubscription) await tell("DELETE", { endpoint: oldSubscription.endpoint });
  await tell("POST", made);
}

async function tell(method, body) {
  const headers = { "Content-Type": "application/json" };
  await fetch("/push/subscriptions", { method, headers, body: JSON.stringify(body), credentials: "same-origin" });
}
