import { useSyncExternalStore } from "react";
import { kept } from "./kept";

export type Language = "zh" | "en";
export type Both = Readonly<Record<Language, string>>;

const language = kept<Language>("language", ["zh", "en"], "zh");

export function useLanguage(): [Language, (to: Language) => void] {
  return [useSyncExternalStore(language.watch, language.get), language.set];
}

/** The texts of one area. English that lacks an entry of the Chinese does not compile. */
export function texts<T extends object>(zh: T, en: NoInfer<T>): Record<Language, T> {
  return { zh, en };
}

/** The texts in the language chosen: `const t = useTexts(TEXTS); t.title`. */
export function useTexts<T>(both: Record<Language, T>): T {
  return both[useLanguage()[0]];
}
