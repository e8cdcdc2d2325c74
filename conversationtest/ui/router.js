// The place that is shown is in the fragment of the URL, so that every message and every request has a link:
//
//   #/phone/{person}/{channel}   #/message/{id}   #/traffic   #/request/{seq}   #/callback/{seq}   #/weather   #/setup

const views = { phone: "phone", message: "phone", traffic: "traffic", request: "traffic", callback: "traffic", weather: "weather", setup: "setup" };

// place returns the view and the parts of the fragment after its first.
export function place(hash = location.hash) {
  const [first = "", ...rest] = hash.replace(/^#\/?/, "").split("/");
  const kind = Object.hasOwn(views, first) ? first : "phone";
  return { view: views[kind], kind, parts: rest.map(decode) };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// to returns the fragment of a place, such as to("message", id).
export function to(kind, ...parts) {
  return "#/" + [kind, ...parts.map((part) => encodeURIComponent(part))].join("/");
}

// go shows a place. With quietly, the browser's history has it in place of the current one.
export function go(fragment, quietly = false) {
  if (!quietly) {
    location.hash = fragment;
    return;
  }
  history.replaceState(null, "", fragment);
}
