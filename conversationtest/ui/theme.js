// Switches between light and dark. Without a choice, the page follows the system.

import { recall, remember } from "./memory.js";

const key = "conversation-fake-theme";

export function startTheme(button) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = recall(key);
  const isDark = () => (chosen ? chosen === "dark" : system.matches);
  const apply = () => {
    document.documentElement.dataset.theme = isDark() ? "dark" : "light";
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", `Use ${isDark() ? "light" : "dark"} colors`);
  };
  button.addEventListener("click", () => {
    chosen = isDark() ? "light" : "dark";
    remember(key, chosen);
    apply();
  });
  system.addEventListener("change", apply);
  apply();
}
