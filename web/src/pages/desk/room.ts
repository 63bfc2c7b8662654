import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { answer, client } from "../../api/client";
import type { Seat } from "./seat";

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
  const leave = useMutation({ mutationFn: () => answer(client.POST("/seats/{seat}/leave", path)), ...over });
  const dismiss = useMutation({ mutationFn: () => answer(client.POST("/seats/{seat}/dismiss", path)), ...over });
  const park = useMutation({ mutationFn: () => answer(client.POST("/seats/{seat}/park", path)) });
  const transfer = useMutation({
    mutationFn: (to: { to_seat: string } | { to_queue: string }) => answer(client.POST("/seats/{seat}/transfer", { ...path, body: to })),
  });
  const emergency = (number: string) => bring.mutate({ number, briefing });
  const orders = [bring, consult, bringIn, leave, dismiss, park, transfer];
  const failure: unknown = orders.find((order) => order.error)?.error ?? null;
  const consulting = consultedIn !== null && consultedIn === callId;
  return { bring, consult, bringIn, leave, dismiss, park, transfer, emergency, failure, consulting };
}
export type Room = ReturnType<typeof useRoom>;
