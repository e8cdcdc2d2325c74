// Switches between light and dark. Without a choice, the page follows the system.

const key = "conversation-fake-theme";

export function startTheme(button) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = localStorage.getItem(key);
  const isDark = () => (chosen ? chosen === "dark" : system.matches);
  const apply = () => {
    document.documentElement.dataset.theme = isDark() ? "dark" : "light";
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", `Use ${isDark() ? "light" : "dark"} colors`);
  };
  button.addEventListener("click", () => {
    chosen = isDark() ? "light" : "dark";
    localStorage.setItem(key, chosen);
    apply();
  });
  system.addEventListener("change", apply);
  apply();
}
