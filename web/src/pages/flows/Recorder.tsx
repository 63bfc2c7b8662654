import { AudioOutlined } from "@ant-design/icons";
import { App, Button, Space } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTexts } from "../../app/language";
import { PROMPT_TEXTS } from "./promptTexts";

interface Running {
  recorder: MediaRecorder;
  parts: Blob[];
  kept: boolean;
}

/** Records from the microphone; hands the sound over when it is stopped. */
export function Recorder({ name, onSound }: { name: string; onSound: (sound: Blob) => void }) {
  const t = useTexts(PROMPT_TEXTS);
  const { message } = App.useApp();
  const running = useRef<Running | null>(null);
  const [seconds, setSeconds] = useState<number | null>(null);
  const going = seconds !== null;
  useEffect(() => {
    if (!going) return;
    const timer = setInterval(() => setSeconds((before) => (before === null ? null : before + 1)), 1000);
    return () => clearInterval(timer);
  }, [going]);
  useEffect(() => () => running.current?.recorder.stop(), []);
  const begin = async () => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const now: Running = { recorder: new MediaRecorder(stream), parts: [], kept: false };
      now.recorder.ondataavailable = ({ data }) => now.parts.push(data);
      now.recorder.onstop = () => {
        for (const track of stream.getTracks()) track.stop();
        running.current = null;
        if (now.kept) onSound(new Blob(now.parts, { type: now.recorder.mimeType }));
      };
      now.recorder.start();
      running.current = now;
      setSeconds(0);
    } catch {
      void message.error(t.noMicrophone);
    }
  };
  const end = (kept: boolean) => {
    if (running.current) running.current.kept = kept;
    running.current?.recorder.stop();
    setSeconds(null);
  };
  if (!going) return <Button size="small" icon={<AudioOutlined />} aria-label={`${t.record} ${name}`} onClick={() => void begin()}>{t.record}</Button>;
  return (
    <Space size={4}>
      <span role="status">{t.recording(seconds)}</span>
      <Button size="small" type="primary" onClick={() => end(true)}>{t.stop}</Button>
      <Button size="small" onClick={() => end(false)}>{t.cancel}</Button>
    </Space>
  );
}
