import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, client } from "../../api/client";
import { useLiveRefresh } from "../../app/live";
import type { Seat } from "./seat";

const PARKED = ["desk", "parked"];
const OFTEN_MS = 5_000;
const PARKING = new Set(["parked", "ringing", "talking", "call_ended"]);

export type Way = "transfer" | "consult" | "three-way";
export interface Wish {
  number: string;
  briefing: string;
}

/** Orders about the conversation of a seat; `briefing` is what emergency services are told first. */
export function useRoom(seat: Seat | undefined, callId: string | null, briefing: string) {
  const path = { params: { path: { seat: seat?.seat ?? "" } } };
  const [consultedIn, setConsultedIn] = useState<string | null>(null);
  const bring = useMutation({ mutationFn: (wish: Wish) => answer(client.POST("/seats/{seat}/three-way", { ...path, body: wish })) });
  const consult = useMutation({
    mutationFn: (number: string) => answer(client.POST("/seats/{seat}/consult", { ...path, body: { number } })),
    onSuccess: () => setConsultedIn(callId),
  });
  const over = { onSuccess: () => setConsultedIn(null) };
  const bringIn = useMutation({ mutationFn: () => answer(client.POST("/seats/{seat}/bring-in", path)), ...over });
  const leave = useMutation({
    mutationFn: (back: boolean) => answer(client.POST("/seats/{seat}/leave", { params: { ...path.params, query: { back } } })),
    ...over,
  });
  const dismiss = useMutation({ mutationFn: () => answer(client.POST("/seats/{seat}/dismiss", path)), ...over });
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey: PARKED });
  useLiveRefresh(PARKED, PARKING);
  const parked = useQuery({ queryKey: PARKED, enabled: seat !== undefined, refetchInterval: OFTEN_MS, queryFn: () => answer(client.GET("/seats/conversations/parked")) });
  const fetchBack = useMutation({
    mutationFn: (call_id: string) => answer(client.POST("/seats/{seat}/fetch", { ...path, body: { call_id } })),
    onSettled: again,
  });
  const park = useMutation({ mutationFn: () => answer(client.POST("/seats/{seat}/park", path)), onSettled: again });
  const transfer = useMutation({
    mutationFn: (to: { to_seat: string } | { to_queue: string }) => answer(client.POST("/seats/{seat}/transfer", { ...path, body: to })),
  });
  const emergency = (number: string) => bring.mutate({ number, briefing });
  const orders = [bring, consult, bringIn, leave, dismiss, park, fetchBack, transfer];
  const failure: unknown = orders.find((order) => order.error)?.error ?? null;
  const consulting = consultedIn !== null && consultedIn === callId;
  const waiting = Object.entries(parked.data?.parked ?? {}).map(([call, by]) => ({ call, by }));
  return { parked: waiting, fetchBack, bring, consult, bringIn, leave, dismiss, park, transfer, emergency, failure, consulting };
}
export type Room = ReturnType<typeof useRoom>;
