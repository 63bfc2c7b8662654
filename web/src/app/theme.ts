import { useSyncExternalStore } from "react";
import { theme, type ThemeConfig } from "antd";
import { kept } from "./kept";

export type Choice = "system" | "light" | "dark";

const choice = kept<Choice>("theme", ["system", "light", "dark"], "system");
const darkSystem = matchMedia("(prefers-color-scheme: dark)");

function watchSystem(watcher: () => void): () => void {
  darkSystem.addEventListener("change", watcher);
  return () => darkSystem.removeEventListener("change", watcher);
}

export function useThemeChoice(): [Choice, (to: Choice) => void] {
  return [useSyncExternalStore(choice.watch, choice.get), choice.set];
}

export function useIsDark(): boolean {
  const [chosen] = useThemeChoice();
  const system = useSyncExternalStore(watchSystem, () => darkSystem.matches);
  return chosen === "system" ? system : chosen === "dark";
}

const SHARED = { colorPrimary: "#1559c0", borderRadius: 6, fontSize: 14 };

export function themeOf(dark: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    // Grey text of the default theme has a contrast of 3.5:1; WCAG 2.2 (1.4.3) asks for 4.5:1.
    token: dark
      ? { ...SHARED, colorPrimary: "#4a8cf0", colorLink: "#7ab0fa", colorError: "#ff6062", colorTextDescription: "rgba(255,255,255,0.72)" }
      : { ...SHARED, colorLink: "#1559c0", colorError: "#cf1322", colorTextDescription: "rgba(0,0,0,0.65)", colorTextPlaceholder: "#767676" },
    // White on what the dark algorithm makes of the primary colour and of red: 4.27:1 and less.
    components: dark ? { Button: { colorPrimary: "#3a72c4", colorPrimaryHover: "#3a76cc", dangerColor: "#141414" } } : {},
  };
}
