// A menu that opens at a button.

import { h } from "./dom.js";

// openMenu shows items below or above a button. An item is null, or has a label and run(). Arrow keys move between the items.
export function openMenu(button, label, items) {
  const menu = h("div", { class: "phone-menu", popover: "auto", role: "menu", "aria-label": label }, items.map((item) => item &&
    h("button", { type: "button", role: "menuitem", class: item.danger ? "quiet danger" : "quiet", onclick: () => choose(item) }, item.label)));
  const choose = (item) => {
    menu.hidePopover();
    item.run();
  };
  menu.addEventListener("keydown", (event) => move(event, [...menu.children]));
  menu.addEventListener("toggle", (event) => {
    if (event.newState === "closed") {
      button.setAttribute("aria-expanded", "false");
      menu.remove();
    }
  });
  button.closest("main").append(menu);
  menu.showPopover();
  button.setAttribute("aria-expanded", "true");
  place(menu, button.getBoundingClientRect());
  menu.firstElementChild.focus();
}

function move(event, items) {
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Tab") {
    event.currentTarget.hidePopover();
  }
  if (next === undefined) {
    return;
  }
  event.preventDefault();
  items.at(next % items.length).focus();
}

function place(menu, at) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + 4 + height < innerHeight;
  menu.style.setProperty("left", `${Math.max(4, Math.min(at.left, innerWidth - width - 4))}px`);
  menu.style.setProperty("top", `${Math.max(4, below ? at.bottom + 4 : at.top - 4 - height)}px`);
}
