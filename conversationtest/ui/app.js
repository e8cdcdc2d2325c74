// Starts the page: connects it to the fake, and shows the view of the place in the URL.

import { h, replace } from "./dom.js";
import { showKeys, keyPressed } from "./keys.js";
import { mountPhone } from "./phone.js";
import { place } from "./router.js";
import { mountSetup } from "./setup.js";
import { Store } from "./store.js";
import { startTheme } from "./theme.js";
import { mountTraffic } from "./traffic.js";
import { mountWeather } from "./weather.js";

// A view is mounted once. It returns an object with its element, show(place), called whenever the place changes, and
// update(changes), called with a set of what has changed in the store: "people", "messages", "requests", "callbacks",
// "faults", "scripts", "clock", "apps" or "all". hide() is called when another view is shown.
const mounts = { phone: mountPhone, traffic: mountTraffic, weather: mountWeather, setup: mountSetup };
const titles = { phone: "Phone", traffic: "Traffic", weather: "Weather", setup: "Setup" };

const store = new Store();
const main = document.getElementById("main");
const views = {};
let current;

const context = {
  store,
  announce(message) {
    document.getElementById("announcer").textContent = message;
  },
};

function show() {
  const at = place();
  if (!Object.hasOwn(views, at.view)) {
    views[at.view] = mounts[at.view](context);
  }
  if (current !== views[at.view]) {
    current?.hide?.();
    current = views[at.view];
    replace(main, current.element);
    document.title = `${titles[at.view]} · conversation-fake`;
  }
  for (const tab of document.querySelectorAll(".tabs a")) {
    if (tab.dataset.view === at.view) {
      tab.setAttribute("aria-current", "page");
    } else {
      tab.removeAttribute("aria-current");
    }
  }
  current.update(new Set(["all"]));
  current.show(at);
}

function showConnection() {
  const status = document.getElementById("connection");
  const text = { connecting: "Connecting", live: "Live", lost: "Reconnecting" }[store.connection];
  if (status.textContent !== text) {
    status.textContent = text;
    status.dataset.state = store.connection;
  }
}

function showApps() {
  const choice = document.getElementById("app");
  choice.closest("label").hidden = store.apps.length < 2;
  replace(choice, store.apps.map((app) => h("option", { value: app.id, selected: app.id === store.appID }, app.display_name || app.id)));
}

store.onchange = (changes) => {
  showConnection();
  if (changes.has("all") || changes.has("apps")) {
    showApps();
  }
  current?.update(changes);
};

document.getElementById("app").addEventListener("change", (event) => store.selectApp(event.target.value));
document.getElementById("keys").addEventListener("click", showKeys);
document.addEventListener("keydown", (event) => keyPressed(event, () => current));
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
document.addEventListener("click", (event) => {
  if (event.target.closest?.("a[href^='#/']")?.getAttribute("href") === location.hash) {
    show(); // Such as a message that was scrolled away: the place does not change.
  }
});
window.addEventListener("hashchange", show);
startTheme(document.getElementById("theme"));
show();
store.connect();
