import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { answer, client } from "../../api/client";
import { useLiveEvents, useLiveRefresh, type LiveEvent } from "../../app/live";
import type { Seat } from "./seat";

export interface Line {
  key: string;
  side: string;
  text: string;
  startS: number;
  endS: number;
  final: boolean;
}
export interface Guest {
  key: string;
  kind: string;
  who: string;
}
export interface Alarm {
  number: string;
  words: string;
  level: string;
  drill: boolean;
}
export interface Told {
  callId: string | null;
  lines: readonly Line[];
  alarm: Alarm | null;
  guests: readonly Guest[];
}

const WORDS = ["calls", "words"];
const WATCHING = new Set(["watching"]); // from now on this call is told: read what was said before
const KEPT = "hotline.desk.call";
const NOTHING: Omit<Told, "callId"> = { lines: [], alarm: null, guests: [] };
const GUESTS = new Set(["guest_called", "guest_joined", "guest_left", "guest_not_reached"]);

/**
 * The call at this desk and what `/live` tells of it, from before it rings until `turnTo` opens
 * another: it stays after its end, for there is still to write, and when the page is loaded again.
 */
export function useTold(seat: Seat | undefined): Told & { turnTo: (callId: string | null) => void } {
  const [told, setTold] = useState<Told>({ ...NOTHING, callId: sessionStorage.getItem(KEPT) });
  const name = seat?.seat;
  const now = seat?.call_id ?? null;
  const [known, setKnown] = useState<string | null>(null);
  if (now !== known) {
    setKnown(now);
    if (now !== null && now !== told.callId) setTold({ ...NOTHING, callId: now });
  }
  useLiveEvents((event) => {
    if (name !== undefined) setTold((before) => after(before, event, name));
  });
  const { callId } = told;
  useEffect(() => {
    if (callId === null) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, callId);
  }, [callId]);
  const earlier = useEarlier(callId);
  const lines = useMemo(() => merged(earlier, told.lines), [earlier, told.lines]);
  return { ...told, lines, turnTo: (to) => setTold({ ...NOTHING, callId: to }) };
}

/** What had been said before this page was opened. */
function useEarlier(callId: string | null): readonly Line[] {
  useLiveRefresh(WORDS, WATCHING);
  const call = useQuery({
    queryKey: [...WORDS, callId],
    enabled: callId !== null,
    staleTime: Infinity,
    retry: 5, // the row of a call that has just begun is written within a second
    queryFn: () => answer(client.GET("/calls/{call_id}", { params: { path: { call_id: callId ?? "" } } })),
  });
  return useMemo(
    () =>
      (call.data?.transcript ?? []).map((one) => ({
        key: keyOf(one.side, one.start_s),
        side: one.side,
        text: one.text,
        startS: one.start_s,
        endS: one.end_s,
        final: true,
      })),
    [call.data],
  );
}

function merged(earlier: readonly Line[], live: readonly Line[]): readonly Line[] {
  const heard = new Set(live.map((line) => line.key));
  const before = earlier.filter((line) => !heard.has(line.key));
  return [...before, ...live].sort((one, other) => one.startS - other.startS);
}

function after(told: Told, event: LiveEvent, seat: string): Told {
  const callId = event.call_id ?? "";
  if ((event.type === "ringing" || event.type === "talking") && event["seat"] === seat && callId !== told.callId) {
    return { ...NOTHING, callId };
  }
  if (callId === "" || callId !== told.callId) return told;
  if (event.type === "partial" || event.type === "final") return { ...told, lines: heard(told.lines, event) };
  if (event.type === "emergency") {
    const alarm = { number: text(event, "number"), words: text(event, "text"), level: text(event, "level"), drill: event["drill"] === true };
    return { ...told, alarm };
  }
  if (GUESTS.has(event.type)) {
    const one = { key: `${event.at ?? ""}${event.type}`, kind: event.type, who: text(event, "who") };
    return { ...told, guests: [...told.guests.filter((guest) => guest.who !== one.who), one] };
  }
  return told;
}

function heard(lines: readonly Line[], event: LiveEvent): readonly Line[] {
  const side = text(event, "side");
  const final = event.type === "final";
  const settled = lines.filter((line) => line.final || line.side !== side);
  const startS = final ? seconds(event, "start_s") : Infinity;
  const key = final ? keyOf(side, startS) : `${side}-now`;
  return [...settled, { key, side, text: text(event, "text"), startS, endS: final ? seconds(event, "end_s") : Infinity, final }];
}

function keyOf(side: string, startS: number): string {
  return `${side}${startS.toFixed(2)}`;
}

function seconds(event: LiveEvent, name: string): number {
  const value = event[name];
  return typeof value === "number" ? value : 0;
}

function text(event: LiveEvent, name: string): string {
  const value = event[name];
  return typeof value === "string" ? value : "";
}
