import { useEffect, useRef } from "react";

/** A key and what it does; `keys` as `KeyboardEvent.code` with Alt, Ctrl before it. */
export interface Shortcut {
  keys: string;
  label: string;
  act: () => unknown;
}

/** How a key is written for people: "Alt+KeyA" → "Alt A". */
export function written(keys: string): string {
  return keys.replace(/Key|Digit|Arrow/, "").replace("Down", "↓").replace("Up", "↑").replace("Enter", "⏎").replaceAll("+", " ");
}

/** Runs the shortcuts of a page while it is shown; `?` outside of fields calls `help`. */
export function useShortcuts(shortcuts: readonly Shortcut[], help: () => void): void {
  const latest = useRef({ shortcuts, help });
  useEffect(() => {
    latest.current = { shortcuts, help };
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const keys = `${event.ctrlKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${event.code}`;
      const found = latest.current.shortcuts.find((one) => one.keys === keys);
      if (found) {
        event.preventDefault();
        found.act();
      } else if (event.key === "?" && !isField(event.target)) {
        latest.current.help();
      }
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA"].includes(target.tagName));
}
