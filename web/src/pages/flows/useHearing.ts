import { useEffect, useRef } from "react";

const LANGUAGE = "zh-CN";

/** Plays these prompts one after the other, once for each list, while `on`; a new list cuts the old one short. */
export function useHearing(parts: readonly unknown[] | undefined, language: string | undefined, on: boolean): void {
  const playing = useRef<HTMLAudioElement | null>(null);
  const keys = (parts ?? []).filter((part): part is string => typeof part === "string").join(" ");
  useEffect(() => {
    if (!on || !keys) return;
    const audio = new Audio();
    const left = keys.split(" ");
    const next = () => {
      const key = left.shift();
      if (key === undefined) return;
      audio.src = `/prompts/${language || LANGUAGE}/${key}/sound`;
      // What has no sound yet is passed over: its words stand on the page.
      audio.play().catch(() => audio === playing.current && next());
    };
    audio.onended = next;
    playing.current = audio;
    next();
    return () => {
      playing.current = null;
      audio.pause();
    };
  }, [keys, language, on]);
}
