import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useMay } from "./session";

export interface LiveEvent {
  type: string;
  call_id?: string;
  at?: string;
  [more: string]: unknown;
}
export type LiveState = "off" | "connecting" | "open" | "lost";
type Listener = (event: LiveEvent) => void;

interface Live {
  state: LiveState;
  listen: (listener: Listener) => () => void;
}

const LONGEST_PAUSE_MS = 15_000;
const SIGNED_OUT = 4401; // api/live.py
const LiveContext = createContext<Live>({ state: "off", listen: () => () => undefined });

/** One WebSocket for the whole page; connects again by itself, with growing pauses. */
export function LiveProvider({ children, onSignedOut }: { children: ReactNode; onSignedOut: () => void }) {
  const wanted = useMay()("live.watch");
  const [state, setState] = useState<LiveState>("connecting");
  const listeners = useRef(new Set<Listener>());

  useEffect(() => {
    if (!wanted) return;
    let socket: WebSocket | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pause = 500;
    let left = false;
    const connect = () => {
      socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/live`);
      socket.onopen = () => {
        pause = 500;
        setState("open");
      };
      socket.onmessage = (message: MessageEvent<string>) => {
        const event = JSON.parse(message.data) as LiveEvent;
        listeners.current.forEach((listener) => listener(event));
      };
      socket.onclose = (closing) => {
        if (left) return;
        setState("lost");
        if (closing.code === SIGNED_OUT) onSignedOut();
        timer = setTimeout(connect, pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      };
    };
    connect();
    return () => {
      left = true;
      clearTimeout(timer);
      socket?.close();
    };
  }, [wanted, onSignedOut]);

  const live = useMemo<Live>(
    () => ({
      state: wanted ? state : "off",
      listen: (listener) => {
        listeners.current.add(listener);
        return () => listeners.current.delete(listener);
      },
    }),
    [wanted, state],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLiveState(): LiveState {
  return useContext(LiveContext).state;
}

/** Calls `listener` for each event while the component is on the page. */
export function useLiveEvents(listener: Listener): void {
  const { listen } = useContext(LiveContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => listen((event) => latest.current(event)), [listen]);
}
