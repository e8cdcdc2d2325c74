// Writes JSON and its strings.

// stringify returns JSON as text. It returns an empty string for a value that is nested too deeply for the browser.
export function stringify(value, indent) {
  try {
    return JSON.stringify(value, null, indent);
  } catch {
    return "";
  }
}

// visible returns a string with escapes for characters that cannot be seen, or that change the direction of others.
export function visible(text) {
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
