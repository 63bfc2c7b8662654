import { useState } from "react";
import { useLiveEvents, type LiveEvent } from "../../app/live";

export interface Line {
  key: string;
  side: string;
  text: string;
  final: boolean;
}
export interface Told {
  callId: string | null;
  lines: readonly Line[];
  alarm: string | null;
  events: readonly { key: string; kind: string; who: string }[];
}

const NOTHING: Told = { callId: null, lines: [], alarm: null, events: [] };
const GUESTS = new Set(["guest_called", "guest_joined", "guest_left", "guest_not_reached"]);

/** What `/live` tells of the call at this seat, from before it rings. */
export function useTold(seat: string | undefined): Told {
  const [told, setTold] = useState(NOTHING);
  useLiveEvents((event) => {
    if (seat !== undefined) setTold((before) => after(before, event, seat));
  });
  return told;
}

function after(told: Told, event: LiveEvent, seat: string): Told {
  const callId = event.call_id ?? "";
  if ((event.type === "ringing" || event.type === "talking") && event["seat"] === seat && callId !== told.callId) {
    return { ...NOTHING, callId };
  }
  if (callId === "" || callId !== told.callId) return told;
  if (event.type === "partial" || event.type === "final") return { ...told, lines: heard(told.lines, event) };
  if (event.type === "emergency") return { ...told, alarm: `${text(event, "number")} ${text(event, "text")}` };
  if (GUESTS.has(event.type)) {
    const one = { key: `${event.at ?? ""}${event.type}`, kind: event.type, who: text(event, "who") };
    return { ...told, events: [...told.events, one] };
  }
  return told;
}

function heard(lines: readonly Line[], event: LiveEvent): readonly Line[] {
  const side = text(event, "side");
  const final = event.type === "final";
  const settled = lines.filter((line) => line.final || line.side !== side);
  const key = final ? `${side}${String(event["seq"])}` : `${side}-now`;
  return [...settled, { key, side, text: text(event, "text"), final }];
}

function text(event: LiveEvent, name: string): string {
  const value = event[name];
  return typeof value === "string" ? value : "";
}
