// Shows a place. No map is loaded.

import { h, outside } from "./dom.js";
import { label as shortened, text, words } from "./message_text.js";
import { fields } from "./message_value.js";

// mapURL returns the URL of a map with a mark, or an empty string if the coordinates are not on the earth.
export function mapURL(coordinates) {
  const { latitude, longitude } = fields(coordinates);
  const areNumbers = typeof latitude === "number" && typeof longitude === "number";
  const isPoint = areNumbers && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return isPoint ? `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}` : "";
}

export function place(value) {
  const { title, label, coordinates } = fields(value);
  const url = mapURL(coordinates);
  return h("div", { class: "location" },
    url && h("div", { class: "map", "aria-hidden": "true" }, h("span", { class: "pin" }, "📍")),
    words("strong", "title", title),
    text(label),
    h("p", { class: "coordinates", dir: "ltr" }, point(coordinates), " ", url && outside(url, "Open map")),
  );
}

function point(coordinates) {
  if (!mapURL(coordinates)) {
    return `Not a point: ${shortened(coordinates)}`;
  }
  const { latitude, longitude } = coordinates;
  return `${Math.abs(latitude).toFixed(5)}° ${latitude < 0 ? "S" : "N"}, ${Math.abs(longitude).toFixed(5)}° ${longitude < 0 ? "W" : "E"}`;
}
