import { useImperativeHandle, useRef, type Ref } from "react";
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
      onTimeUpdate={({ currentTarget }) => {
        onTime?.(currentTarget.currentTime);
        if (currentTarget.currentTime >= until.current) {
          until.current = Infinity;
          currentTarget.pause();
        }
      }}
    />
  );
}
