import { useEffect, useImperativeHandle, useRef, type Ref } from "react";
import { texts, useTexts } from "../app/language";
import { play } from "./play";

const TEXTS = texts({ label: "通话录音" }, { label: "Recording of the call" });

export interface Playing {
  /** Play from here, until `untilS` if given (seconds of the recording). */
  hear: (fromS: number, untilS?: number) => void;
}

/** The recording with the browser's own controls. Listening is audited by the API. */
export function Recording({ path, onTime, ref }: { path: string; onTime?: (seconds: number) => void; ref?: Ref<Playing> }) {
  const t = useTexts(TEXTS);
  const sound = useRef<HTMLAudioElement>(null);
  const until = useRef(Infinity);
  const looking = useRef(0);
  // The element's own timeupdate comes every quarter of a second, in which a word and a half is said.
  const stopInTime = () => {
    cancelAnimationFrame(looking.current);
    const player = sound.current;
    if (!player || player.paused || until.current === Infinity) return;
    if (player.currentTime < until.current) looking.current = requestAnimationFrame(stopInTime);
    else stop(player);
  };
  const stop = (player: HTMLAudioElement) => {
    until.current = Infinity;
    player.pause();
  };
  useEffect(() => () => cancelAnimationFrame(looking.current), []);
  useImperativeHandle(ref, () => ({
    hear(fromS, untilS = Infinity) {
      if (!sound.current) return;
      until.current = untilS;
      sound.current.currentTime = fromS;
      play(sound.current);
    },
  }));
  return (
    <audio
      ref={sound}
      src={path}
      controls
      preload="none"
      aria-label={t.label}
      style={{ width: "100%" }}
      onPlaying={stopInTime}
      onTimeUpdate={({ currentTarget }) => {
        onTime?.(currentTarget.currentTime);
        // A tab in the background draws no frames.
        if (currentTarget.currentTime >= until.current) stop(currentTarget);
      }}
    />
  );
}
