// Shows the media of a message. Nothing is loaded before the person asks for it.

import { h, mediaURL, outside, replace } from "./dom.js";
import { label } from "./message_text.js";
import { fields, isSet, string } from "./message_value.js";

const kinds = {
  image: { icon: "🖼", name: "Image", extensions: "jpg jpeg png gif webp avif svg bmp ico heic jfif" },
  video: { icon: "🎬", name: "Video", extensions: "mp4 m4v webm mov avi mkv 3gp ogv mpeg mpg" },
  audio: { icon: "🎵", name: "Audio", extensions: "mp3 m4a aac wav ogg oga opus amr flac weba" },
  file: { icon: "📄", name: "File", extensions: "" },
};

const loaded = new Set(); // What the person has asked for, so that it is shown again after scrolling back.

// mediaOf describes a medium: its kind by the extension of its URL, the name of the file, and the host.
export function mediaOf(value) {
  const medium = fields(value);
  const url = mediaURL(medium.url);
  const path = url ? new URL(url).pathname : string(medium.url);
  const file = path.slice(path.lastIndexOf("/") + 1);
  const name = isSet(medium.filename_override) ? string(medium.filename_override) : decoded(file);
  const kind = kindOf(file) ?? kindOf(name) ?? "file";
  const hasExtension = /\.[a-z0-9]{1,5}$/i.test(file);
  return { ...kinds[kind], kind, hasExtension, url, host: url ? new URL(url).host : "", file: label(name, 80) };
}

function kindOf(file) {
  const extension = file.slice(file.lastIndexOf(".") + 1).toLowerCase();
  return Object.keys(kinds).find((kind) => kinds[kind].extensions.split(" ").includes(extension) && file.includes("."));
}

function decoded(file) {
  try {
    return decodeURIComponent(file);
  } catch {
    return file;
  }
}

// media shows an image, a video, an audio or another file.
export function media(value, context) {
  const medium = mediaOf(value);
  const figure = h("figure", { class: "media", "data-kind": medium.kind });
  const key = `${context.id} ${medium.url}`;
  if (medium.url && medium.kind !== "file" && loaded.has(key)) {
    load(figure, medium, value, key);
  } else {
    placeholder(figure, medium, value, key);
  }
  return figure;
}

function placeholder(figure, medium, value, key) {
  figure.dataset.state = "placeholder";
  if (!medium.url) {
    replace(figure, described(medium, `not an http(s) address: ${label(fields(value).url) || "empty"}`));
    return;
  }
  const asImage = { ...medium, kind: "image", name: "Image" };
  const button = medium.kind === "file"
    ? [outside(medium.url, "Open file"), !medium.hasExtension && loader(figure, asImage, value, key, "Load image")]
    : loader(figure, medium, value, key, `Load ${medium.kind}`);
  replace(figure, described(medium, medium.host), h("div", { class: "media-buttons" }, button));
}

function described(medium, place) {
  return h("figcaption", {},
    h("span", { class: "media-icon", "aria-hidden": "true" }, medium.icon),
    h("span", { class: "media-name", dir: "auto" }, medium.file || medium.name),
    h("span", { class: "media-host", dir: "ltr" }, place),
  );
}

function loader(figure, medium, value, key, title) {
  const loadNow = () => {
    load(figure, medium, value, key);
    figure.tabIndex = -1;
    figure.focus();
  };
  return h("button", { type: "button", class: "media-load", onclick: loadNow }, title);
}

function load(figure, medium, value, key) {
  loaded.add(key);
  figure.dataset.state = "loading";
  const failed = () => {
    loaded.delete(key);
    figure.dataset.state = "failed";
    replace(figure,
      described({ ...medium, icon: "🚫" }, `${medium.name} cannot be loaded`),
      h("div", { class: "media-buttons" }, loader(figure, medium, value, key, "Try again")));
  };
  const succeeded = () => { figure.dataset.state = "loaded"; };
  replace(figure, player(medium, value, failed, succeeded));
}

function player(medium, value, onerror, succeeded) {
  const title = medium.file || medium.name;
  if (medium.kind === "image") {
    return h("img", { alt: title, onerror, onload: succeeded, src: medium.url });
  }
  return h(medium.kind, {
    controls: true, preload: "metadata", playsinline: true, "aria-label": title, onerror, onloadedmetadata: succeeded,
    poster: medium.kind === "video" ? mediaURL(fields(value).thumbnail_url) : null, src: medium.url,
  });
}
