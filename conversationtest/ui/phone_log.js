// The messages of a thread. Only a window of them is in the document, which moves with the scroll position.

import { h } from "./dom.js";
import { dayOf } from "./format.js";
import { timeOf } from "./people.js";

const opened = 80; // As many rows are there at first,
const most = 200; // and this many at most.
const step = 25; // As many are added together,
const near = 900; // when the end of the rows is this near, in pixels.

export class Log {
  #items = []; // It grows before update is called.
  #count = 0; // How many items are known.
  #rows = []; // {item, element, separator, day}
  #start = 0; // The index of the first row's item.
  #atEnd = true; // The newest message is shown, and the log follows new ones.
  #left; // The scroll position when the log was taken out of the document.
  #read = 0; // How many items there were when the newest was shown.

  // A log creates its rows with create(item), which returns an element, and changes them with change(element, item).
  constructor(create, change) {
    this.create = create;
    this.change = change;
    this.list = h("div", { class: "log-rows" });
    this.typing = h("p", { class: "typing", hidden: true });
    this.content = h("div", {}, this.list, this.typing);
    this.scroller = h("div", {
      class: "log", role: "log", tabindex: "0", "aria-live": "off", "aria-label": "Messages", onscroll: () => this.#scrolled(), onkeydown: (event) => this.#key(event),
    }, this.content);
    this.newer = h("button", { type: "button", class: "newer", hidden: true, onclick: () => this.showNewest() }, "Newest messages");
    this.element = h("div", { class: "log-frame" }, this.scroller, this.newer);
    const sizes = new ResizeObserver(() => this.#atEnd && this.#toEnd());
    sizes.observe(this.content);
    sizes.observe(this.scroller);
  }

  // leave notes the place before the log is taken out of the document. The next update returns to it.
  leave() {
    this.#left = this.scroller.scrollTop;
  }

  // open shows the items of a thread: the newest, or the one with an id.
  open(items, id) {
    this.#items = items;
    this.#count = items.length;
    this.#read = items.length;
    const at = id ? items.findIndex((item) => item.id === id) : -1;
    this.#atEnd = at < 0 || at === items.length - 1;
    this.#clear();
    const start = this.#atEnd ? items.length - opened : at - opened / 2;
    this.#render(start, start + opened);
    if (this.#atEnd) {
      this.#toEnd();
    }
    if (at >= 0) {
      this.#highlight(id);
    }
    this.#showNewer();
  }

  // update shows what has changed in the items.
  update(items) {
    if (this.#left !== undefined) {
      this.scroller.scrollTop = this.#left;
      this.#left = undefined;
    }
    this.#items = items;
    this.#count = items.length;
    const [first, last] = [this.#rows[0]?.item.id, this.#rows.at(-1)?.item.id];
    if (items[this.#start]?.id !== first) {
      this.#start = Math.max(0, items.findIndex((item) => item.id === first));
    }
    const end = this.#atEnd ? items.length : items.findLastIndex((item) => item.id === last) + 1;
    const start = this.#atEnd && end - this.#start > most ? end - most + step : this.#start;
    this.#inPlace(() => this.#render(start, end));
    if (this.#atEnd) {
      this.#read = items.length;
    }
    this.#extend();
    this.#showNewer();
  }

  showNewest() {
    this.follow();
    this.scroller.focus({ preventScroll: true });
  }

  // follow shows the newest messages, and those that arrive.
  follow() {
    if (!this.#atEnd) {
      this.open(this.#items);
    }
  }

  // show scrolls to an item and marks it. It returns false if there is none with the id.
  show(id) {
    if (!this.#items.some((item) => item.id === id)) {
      return false;
    }
    if (!this.#rows.some((row) => row.item.id === id)) {
      this.open(this.#items, id);
      return true;
    }
    this.#atEnd = id === this.#items.at(-1)?.id;
    this.#highlight(id);
    return true;
  }

  // move moves the focus to the next row, or to the one before.
  move(by) {
    const at = this.#rows.findIndex((row) => row.element.contains(document.activeElement));
    const row = at < 0 ? this.#rows.at(-1) : this.#rows[at + by];
    row?.element.focus();
    row?.element.scrollIntoView({ block: "nearest" });
  }

  #clear() {
    this.#rows = [];
    this.list.replaceChildren();
  }

  #render(start, end) {
    const items = this.#items.slice(Math.max(0, start), end);
    const kept = new Set(items.map((item) => item.id));
    const known = new Map();
    for (const row of this.#rows) {
      if (kept.has(row.item.id)) {
        known.set(row.item.id, row);
      } else {
        row.element.remove();
        row.separator?.remove();
      }
    }
    this.#start = Math.max(0, start);
    let day = dayOf(timeOf(this.#items[this.#start - 1]));
    let next = this.list.firstChild;
    this.#rows = items.map((item) => {
      const row = this.#row(known.get(item.id), item, day);
      day = row.day;
      for (const element of [row.separator, row.element]) {
        if (element === next) {
          next = next?.nextSibling;
        } else if (element) {
          this.list.insertBefore(element, next);
        }
      }
      return row;
    });
  }

  #row(known, item, dayBefore) {
    const row = known ?? { item, element: this.create(item), day: dayOf(timeOf(item)) };
    if (row.item !== item) {
      row.item = item;
      this.change(row.element, item);
    }
    if (row.day === dayBefore) {
      row.separator?.remove();
      row.separator = undefined;
    }
    if (row.day !== dayBefore && !row.separator) {
      row.separator = h("p", { class: "day" }, row.day);
    }
    return row;
  }

  // #inPlace calls f, which changes the rows, and keeps those where they are that are seen.
  #inPlace(f) {
    if (this.#atEnd) {
      f();
      this.#toEnd();
      return;
    }
    const top = this.scroller.getBoundingClientRect().top;
    const seen = this.#rows.find(({ element }) => element.getBoundingClientRect().bottom > top)?.element;
    const before = seen?.getBoundingClientRect().top;
    f();
    if (seen?.isConnected) {
      this.scroller.scrollTop += seen.getBoundingClientRect().top - before;
    }
  }

  #toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #end() {
    return this.#start + this.#rows.length;
  }

  #below() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
  }

  #scrolled() {
    this.#atEnd = this.#end() === this.#count && this.#below() < 40;
    if (this.#atEnd) {
      this.#read = this.#count;
    }
    this.#extend();
    this.#showNewer();
  }

  #extend() {
    const [start, end] = [this.#start, this.#end()];
    if (start > 0 && this.scroller.scrollTop < near) {
      const first = Math.max(0, start - step);
      this.#inPlace(() => this.#render(first, Math.min(end, first + most)));
    } else if (end < this.#count && this.#below() < near) {
      const last = Math.min(this.#count, end + step);
      this.#inPlace(() => this.#render(Math.max(start, last - most), last));
    }
  }

  #showNewer() {
    const unread = this.#count - this.#read;
    this.newer.hidden = this.#atEnd || (unread <= 0 && this.#end() === this.#count && this.#below() < 300);
    this.newer.textContent = unread > 0 ? `${unread} new ${unread === 1 ? "message" : "messages"}` : "Newest messages";
  }

  #highlight(id) {
    const { element } = this.#rows.find((row) => row.item.id === id);
    this.list.querySelector(".highlight")?.classList.remove("highlight");
    element.classList.add("highlight");
    element.scrollIntoView({ block: "center" });
    element.focus({ preventScroll: true });
  }

  #key(event) {
    if (event.target !== this.scroller && !event.target.classList.contains("row")) {
      return;
    }
    if (event.key === "Home" && this.#count > 0) {
      this.open(this.#items, this.#items[0].id);
    } else if (event.key === "End") {
      this.showNewest();
    } else {
      return;
    }
    event.preventDefault();
  }
}
