import { useQueryClient, type QueryKey } from "@tanstack/react-query";
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

/** Calls and seats; a page that names them is spared what concerns only others. */
interface Watched {
  calls: readonly string[];
  seats: readonly string[];
}
interface Live {
  state: LiveState;
  /** How many times the connection has come about. */
  opened: number;
  listen: (listener: Listener) => () => void;
  watch: (watched: Watched | null) => void;
}

// Between two readings that events ask for: a busy floor tells fifty a second.
const REST_MS = 200;
const LONGEST_PAUSE_MS = 15_000;
const SIGNED_OUT = 4401; // api/live.py
const LiveContext = createContext<Live>({ state: "off", opened: 0, listen: () => () => undefined, watch: () => undefined });

/** One WebSocket for the whole page; connects again by itself, with growing pauses. */
export function LiveProvider({ children, onSignedOut }: { children: ReactNode; onSignedOut: () => void }) {
  const wanted = useMay()("live.watch");
  const [state, setState] = useState<LiveState>("connecting");
  const [opened, setOpened] = useState(0);
  const listeners = useRef(new Set<Listener>());
  const watched = useRef<Watched | null>(null);
  const line = useRef<WebSocket>(undefined);

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
        line.current = socket;
        if (watched.current) socket?.send(JSON.stringify(watched.current));
        setState("open");
        setOpened((times) => times + 1);
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
      opened,
      listen: (listener) => {
        listeners.current.add(listener);
        return () => listeners.current.delete(listener);
      },
      watch: (now) => {
        watched.current = now;
        if (line.current?.readyState === WebSocket.OPEN) line.current.send(JSON.stringify(now ?? { all: true }));
      },
    }),
    [wanted, state, opened],
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

/** Only events of these calls and seats, and what concerns everybody, while the component is on the page. */
export function useLiveOnly(calls: readonly string[], seats: readonly string[]): void {
  const { watch } = useContext(LiveContext);
  const wish = useRef("");
  useEffect(() => {
    const now = JSON.stringify({ calls, seats });
    if (now === wish.current) return;
    wish.current = now;
    watch({ calls, seats });
  });
  useEffect(
    () => () => {
      wish.current = "";
      watch(null);
    },
    [watch],
  );
}

/**
 * Reads the queries under `queryKey` again when an event of these types is told, and after each time without a connection:
 * what was told meanwhile nobody heard. One reading at a time, however many events come; one that had begun before the
 * event is followed by another, for it may not have seen what the event tells of.
 */
export function useLiveRefresh(queryKey: QueryKey, types: ReadonlySet<string>): void {
  const queries = useQueryClient();
  const { opened } = useContext(LiveContext);
  const known = useRef(opened);
  const refresh = useRef({ wanted: false, running: false });
  const read = async () => {
    const now = refresh.current;
    now.wanted = true;
    if (now.running) return;
    now.running = true;
    while (now.wanted) {
      now.wanted = queries.isFetching({ queryKey }) > 0;
      await queries.invalidateQueries({ queryKey }, { cancelRefetch: false });
      await new Promise((rested) => setTimeout(rested, REST_MS));
    }
    now.running = false;
  };
  useLiveEvents((event) => {
    if (types.has(event.type)) void read();
  });
  useEffect(() => {
    if (known.current === opened) return;
    known.current = opened;
    void read();
  });
}
