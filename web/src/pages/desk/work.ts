import { useCallback, useSyncExternalStore } from "react";

export type Outcome = "register" | "answer" | "refuse";
/** What an agent has written about a call and not yet sent. */
export interface Work {
  callId: string;
  ticketId: string | null;
  caller: string;
  begunAt: string;
  edits: Readonly<Record<string, string>>;
  accepted: readonly string[];
  outcome: Outcome;
  reply: string;
  ground: string;
  asked: boolean;
}

const KEPT = "hotline.desk.work";
const OWNER = "hotline.desk.owner";
const MOST = 20;
const watchers = new Set<() => void>();
let all: readonly Work[] = read();

// Of this tab only, and gone with it: it holds what citizens say.
function read(): readonly Work[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]") as Work[];
  } catch {
    return [];
  }
}

function keep(next: readonly Work[]): void {
  all = next.slice(-MOST);
  sessionStorage.setItem(KEPT, JSON.stringify(all));
  watchers.forEach((watcher) => watcher());
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function fresh(callId: string): Work {
  const begunAt = new Date().toISOString();
  return { callId, ticketId: null, caller: "", begunAt, edits: {}, accepted: [], outcome: "register", reply: "", ground: "", asked: false };
}

/** Calls whose tickets are not finished, the latest last; they outlive a reload of the page. */
export function useUnfinished(): readonly Work[] {
  return useSyncExternalStore(watch, () => all);
}

export function finish(callId: string): void {
  keep(all.filter((one) => one.callId !== callId));
}

/** Whoever else signs in in this tab does not see what was written before. */
export function keptFor(person: string): void {
  if (sessionStorage.getItem(OWNER) !== person) keep([]);
  sessionStorage.setItem(OWNER, person);
}

/** What is written about one call. */
export function useWork(callId: string | null): { work: Work; change: (to: Partial<Work>) => void } {
  const found = useSyncExternalStore(watch, () => all.find((one) => one.callId === callId));
  const change = useCallback(
    (to: Partial<Work>) => {
      if (callId === null) return;
      const before = all.find((one) => one.callId === callId) ?? fresh(callId);
      keep([...all.filter((one) => one.callId !== callId), { ...before, ...to }]);
    },
    [callId],
  );
  return { work: found ?? NONE, change };
}

const NONE: Work = fresh("");
