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

// Letters of the default theme's tags, placeholders and empty tables have contrasts of 1.8 to 4.3:1; WCAG 2.2 (1.4.3) asks for
// 4.5:1. The tests of the pages measure every one of them.
// Tags write with the seventh of ten shades, which antd keeps under two names.
const lettersOf = (shades: Record<string, string>) => Object.fromEntries(Object.entries(shades).flatMap(([name, shade]) => [[`${name}-7`, shade], [`${name}7`, shade]]));

const LIGHT: ThemeConfig = {
  token: {
    ...SHARED, colorLink: "#1559c0", colorError: "#cf1322", colorTextDescription: "rgba(0,0,0,0.65)", colorTextPlaceholder: "#767676",
    ...lettersOf({ green: "#237804", lime: "#3f6600", orange: "#ad4e00", gold: "#874d00", volcano: "#ad2102", cyan: "#006d75" }),
  },
  components: {
    Switch: { colorTextQuaternary: "rgba(0,0,0,0.6)", colorTextTertiary: "rgba(0,0,0,0.65)" },
    Table: { colorTextDisabled: "rgba(0,0,0,0.65)" },
    Typography: { colorSuccess: "#2c760a", colorSuccessText: "#2c760a", colorWarning: "#8f5a00", colorWarningText: "#8f5a00" },
  },
};

const DARK: ThemeConfig = {
  token: { ...SHARED, colorPrimary: "#4a8cf0", colorLink: "#7ab0fa", colorError: "#ff6062", colorTextDescription: "rgba(255,255,255,0.72)", colorTextPlaceholder: "rgba(255,255,255,0.6)" },
  components: {
    Button: { colorPrimary: "#3a72c4", colorPrimaryHover: "#3a76cc", dangerColor: "#141414" },
    Switch: { colorPrimary: "#3a72c4", colorPrimaryHover: "#3a76cc" },
    Radio: { colorPrimary: "#6ba4f7", colorPrimaryHover: "#7ab0fa" },
    Pagination: { colorPrimary: "#6ba4f7", colorPrimaryHover: "#7ab0fa" },
    Table: { colorTextDisabled: "rgba(255,255,255,0.72)" },
  },
};

export function themeOf(dark: boolean): ThemeConfig {
  return dark ? { algorithm: theme.darkAlgorithm, ...DARK } : { algorithm: theme.defaultAlgorithm, ...LIGHT };
}
