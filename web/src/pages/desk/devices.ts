import { useEffect, useState } from "react";

const KEPT = "hotline.desk.microphone";

/** Constraints of the microphone that was chosen in the device check; any, if none was. */
export function chosenMicrophone(): true | MediaTrackConstraints {
  const chosen = localStorage.getItem(KEPT);
  // Not `exact`: a headset left at home must not keep anybody from answering.
  return chosen === null ? true : { deviceId: { ideal: chosen } };
}

export function chooseMicrophone(deviceId: string): void {
  localStorage.setItem(KEPT, deviceId);
}

const READ_EVERY_MS = 80;

/** How loud a stream is just now: 0 silence, 1 as loud as can be (square root of the power). */
export function useLevel(stream: MediaStream | null): number {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    if (!stream || stream.getAudioTracks().length === 0) return;
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 1024 });
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      setLevel(Math.min(1, Math.sqrt(power) * 3));
    }, READ_EVERY_MS);
    return () => {
      clearInterval(timer);
      void context.close();
      setLevel(0);
    };
  }, [stream]);
  return level;
}
