// Formats values for people.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const short = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "full" });

const as = (format) => (time) => (time && !Number.isNaN(Date.parse(time)) ? format.format(new Date(time)) : "");

export const timeOfDay = as(clock);
export const shortTime = as(short);
export const dateTime = as(full);
export const dayOf = as(day);

const channelNames = {
  SMS: "SMS", MMS: "MMS", RCS: "RCS", WHATSAPP: "WhatsApp", MESSENGER: "Messenger", INSTAGRAM: "Instagram", VIBER: "Viber Bot", VIBERBM: "Viber",
  TELEGRAM: "Telegram", KAKAOTALK: "KakaoTalk", KAKAOTALKCHAT: "KakaoTalk Chat", LINE: "LINE", WECHAT: "WeChat", APPLEBC: "Apple Messages",
};

export const channels = Object.keys(channelNames);

export function channelName(channel) {
  return Object.hasOwn(channelNames, channel) ? channelNames[channel] : channel || "no channel";
}

// duration returns milliseconds in a readable unit.
export function duration(milliseconds) {
  if (milliseconds < 1) {
    return `${Math.round(milliseconds * 1000)} µs`;
  }
  return milliseconds < 1000 ? `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

// cut shortens a string for a list.
export function cut(value, limit = 80) {
  const characters = Array.from(String(value ?? "").slice(0, 4 * limit));
  return characters.length > limit ? characters.slice(0, limit - 1).join("") + "…" : characters.join("");
}
