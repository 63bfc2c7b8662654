import { Button, Flex, Select, Switch, Tag, theme } from "antd";
import { useEffect, useImperativeHandle, useRef, useState, type Ref } from "react";
import WaveSurfer from "wavesurfer.js";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { play } from "../../parts/play";
import { clock } from "../../parts/time";
import { TEXTS } from "./texts";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const STEP_S = 5;
const HEADER_BYTES = 44; // RIFF WAVE, two channels of 8 kHz and 16 bit: services/stereo.py
const BYTES_PER_SECOND = 32_000;
const TOLD_EVERY_S = 5;
/** Percent of full scale below which nobody speaks, and how long that must last to be skipped. */
const QUIET = 2;
const SKIPPED_S = 1.5;
const COLOURS: Record<string, string> = { emergency: "red", abuse: "volcano", emotion: "magenta", warning: "orange", suspension: "orange", silence: "default", talk_over: "purple", node: "blue", transfer: "cyan", hold: "gold" };

export interface Player {
  hear: (fromS: number) => void;
  now: () => number;
}

interface Props {
  callId: string;
  peaks: Schema["Peaks"];
  marks: readonly Schema["MarkAnswer"][];
  startS: number;
  onTime: (seconds: number) => void;
  onComment: () => void;
  ref: Ref<Player>;
}

/** Both voices apart, sound streamed by ranges; everything has a key. */
export function Wave({ callId, peaks, marks, startS, onTime, onComment, ref }: Props) {
  const t = useTexts(TEXTS);
  const sound = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [skipping, setSkipping] = useState(false);
  const [loop, setLoop] = useState<{ from: number; to: number | null } | null>(null);
  const [broken, setBroken] = useState<unknown>(null);
  const box = useWaveform(sound, peaks);
  useTold(sound, callId);
  const hear = (fromS: number) => {
    if (!sound.current) return;
    sound.current.currentTime = Math.max(0, Math.min(fromS, peaks.length_s));
    play(sound.current);
  };
  useImperativeHandle(ref, () => ({ hear, now: () => sound.current?.currentTime ?? 0 }));
  const now = () => sound.current?.currentTime ?? 0;
  const toggle = () => {
    if (sound.current?.paused) play(sound.current);
    else sound.current?.pause();
  };
  const quicken = (by: number) => {
    const next = SPEEDS[Math.max(0, Math.min(SPEEDS.indexOf(speed) + by, SPEEDS.length - 1))] ?? 1;
    if (sound.current) sound.current.playbackRate = next;
    setSpeed(next);
  };
  const loopFrom = () => setLoop({ from: now(), to: null });
  const loopTo = () => setLoop((old) => (old && now() > old.from ? { from: old.from, to: now() } : old));
  useKeys({
    " ": toggle,
    ArrowLeft: () => hear(now() - STEP_S),
    ArrowRight: () => hear(now() + STEP_S),
    ArrowUp: () => quicken(1),
    ArrowDown: () => quicken(-1),
    a: loopFrom,
    b: loopTo,
    s: () => setSkipping((on) => !on),
    c: onComment,
  });
  // The player says only that it cannot; the service says why.
  const whyNot = () => {
    const at = HEADER_BYTES + Math.floor(now()) * BYTES_PER_SECOND;
    return answer(client.GET("/calls/{call_id}/recording", { params: { path: { call_id: callId } }, headers: { Range: `bytes=${at}-${at}` }, parseAs: "blob" })).then(() => setBroken(new Error("not played")), setBroken);
  };
  const again = () => {
    setBroken(null);
    sound.current?.load();
  };
  const onTimeUpdate = ({ currentTarget }: { currentTarget: HTMLAudioElement }) => {
    const at = currentTarget.currentTime;
    if (loop?.to && at >= loop.to) currentTarget.currentTime = loop.from;
    else if (skipping) {
      const next = nextSpeech(peaks, at);
      if (next - at > SKIPPED_S) currentTarget.currentTime = next;
    }
    onTime(at);
  };
  return (
    <Flex vertical gap={8}>
      <audio
        ref={sound}
        src={`/calls/${encodeURIComponent(callId)}/recording`}
        preload="metadata"
        aria-label={t.call}
        onLoadedMetadata={({ currentTarget }) => {
          if (startS > 0) currentTarget.currentTime = startS;
        }}
        onError={() => void whyNot()}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onTimeUpdate={onTimeUpdate}
      />
      {broken !== null && <FailureNote failure={broken} retry={again} />}
      <div ref={box} data-testid="waveform" />
      <Marks marks={marks} onHear={hear} />
      <Flex gap={8} wrap align="center">
        <Button type="primary" onClick={toggle}>{playing ? t.pause : t.play}</Button>
        <Select aria-label={t.speed} value={speed} options={SPEEDS.map((one) => ({ value: one, label: `${one}×` }))} onChange={(one) => quicken(SPEEDS.indexOf(one) - SPEEDS.indexOf(speed))} style={{ width: 84 }} />
        <Switch checked={skipping} onChange={setSkipping} checkedChildren={t.skip} unCheckedChildren={t.skip} />
        <Button onClick={loopFrom}>{t.loopFrom}{loop ? ` ${clock(loop.from)}` : ""}</Button>
        <Button onClick={loopTo} disabled={!loop}>{t.loopTo}{loop?.to ? ` ${clock(loop.to)}` : ""}</Button>
        {loop && <Button onClick={() => setLoop(null)}>{t.loopOff}</Button>}
        <span style={{ opacity: 0.7, fontSize: 12 }}>{t.keys}</span>
      </Flex>
    </Flex>
  );
}

function Marks({ marks, onHear }: { marks: Props["marks"]; onHear: (at: number) => void }) {
  const t = useTexts(TEXTS);
  return (
    <Flex gap={4} wrap>
      {marks.map((mark) => (
        <Tag key={`${mark.kind}${mark.from_s}${mark.label}`} color={COLOURS[mark.kind] ?? "default"}>
          <button type="button" onClick={() => onHear(mark.from_s)} style={{ all: "unset", cursor: "pointer" }}>
            {clock(mark.from_s)} {t.kinds[mark.kind] ?? mark.kind} {mark.label}
          </button>
        </Tag>
      ))}
    </Flex>
  );
}

/** The waveform from precomputed peaks: nothing is decoded before it stands. */
function useWaveform(sound: React.RefObject<HTMLAudioElement | null>, peaks: Schema["Peaks"]) {
  const box = useRef<HTMLDivElement>(null);
  const { token } = theme.useToken();
  const [citizen, agent] = [token.colorPrimary, token.colorSuccess];
  useEffect(() => {
    if (!box.current || !sound.current) return;
    const scale = (values: readonly number[]) => values.map((one) => one / 100);
    const wave = WaveSurfer.create({
      container: box.current,
      media: sound.current,
      peaks: [scale(peaks.caller), scale(peaks.heard)],
      duration: peaks.length_s,
      height: 56,
      normalize: true,
      splitChannels: [
        { waveColor: `${citizen}88`, progressColor: citizen },
        { waveColor: `${agent}88`, progressColor: agent },
      ],
    });
    return () => wave.destroy();
  }, [sound, peaks, citizen, agent]);
  return box;
}

/** Tells the listening log what was really played, every few seconds and at the end. */
function useTold(sound: React.RefObject<HTMLAudioElement | null>, callId: string) {
  useEffect(() => {
    let from: number | null = null;
    const tell = () => {
      const at = sound.current?.currentTime ?? 0;
      if (from !== null && at > from) {
        void client.POST("/calls/{call_id}/recording/played", { params: { path: { call_id: callId } }, body: { from_s: from, to_s: at } });
      }
      from = sound.current && !sound.current.paused ? at : null;
    };
    const timer = setInterval(tell, TOLD_EVERY_S * 1000);
    const element = sound.current;
    element?.addEventListener("play", tell);
    element?.addEventListener("pause", tell);
    return () => {
      clearInterval(timer);
      element?.removeEventListener("play", tell);
      element?.removeEventListener("pause", tell);
    };
  }, [sound, callId]);
}

function nextSpeech(peaks: Schema["Peaks"], at: number): number {
  let place = Math.floor(at * peaks.per_second);
  const last = peaks.caller.length;
  while (place < last && (peaks.caller[place] ?? 0) < QUIET && (peaks.heard[place] ?? 0) < QUIET) place += 1;
  return Math.min(place / peaks.per_second, peaks.length_s);
}

function useKeys(acts: Record<string, () => void>) {
  const latest = useRef(acts);
  useEffect(() => {
    latest.current = acts;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const inside = event.target instanceof HTMLElement && event.target.closest("input, textarea, select, button, [role=combobox], [role=radio]");
      const act = latest.current[event.key];
      if (!act || inside || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}
