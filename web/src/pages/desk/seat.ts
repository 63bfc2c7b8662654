import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useLiveRefresh } from "../../app/live";
import { useMe } from "../../app/session";
import { keptFor } from "./work";

export type Seat = Schema["SeatAnswer"];
type Phone = Schema["PhoneAnswer"];
const SEATS = ["seats"];
const MINE = [...SEATS, "mine"];
const TELLS = new Set(["seat"]);
const EXTENDED_BY_S = 60;

/** Every seat as the engine has it; for choosing one, not for a desk all day: there may be a thousand. */
export function useSeats(): readonly Seat[] {
  const seats = useQuery({ queryKey: [...SEATS, "all"], queryFn: () => answer(client.GET("/seats")), refetchInterval: 5_000 });
  return seats.data?.seats ?? [];
}

/** The seat where this person works, with the telephone's credentials for this page. */
export function useOwnSeat() {
  const { data: me } = useMe();
  const queries = useQueryClient();
  useLiveRefresh(MINE, TELLS);
  const now = useQuery({ queryKey: MINE, queryFn: () => answer(client.GET("/seats/mine")), refetchInterval: 10_000 });
  const person = me?.name;
  useEffect(() => {
    if (person !== undefined) keptFor(person);
  }, [person]);
  const [phone, setPhone] = useState<Phone | null>(null);
  const seat = now.data?.seat ?? undefined;
  const again = () => queries.invalidateQueries({ queryKey: SEATS });
  const login = useMutation({
    mutationFn: (name: string) =>
      answer(client.POST("/seats/{seat}/login", { params: { path: { seat: name } }, body: { device: "browser" } })),
    onSuccess: (given) => setPhone(given.phone),
    onSettled: again,
  });
  const logout = useMutation({
    mutationFn: (name: string) => answer(client.POST("/seats/{seat}/logout", { params: { path: { seat: name } } })),
    onSuccess: () => setPhone(null),
    onSettled: again,
  });
  const state = useMutation({
    mutationFn: (wanted: { seat: string; state: "ready" | "paused"; reason: string }) =>
      answer(
        client.PUT("/seats/{seat}/state", {
          params: { path: { seat: wanted.seat } },
          body: { state: wanted.state, reason: wanted.reason, expected: "" },
        }),
      ),
    onSettled: again,
  });
  const extend = useMutation({
    mutationFn: (name: string) =>
      answer(client.POST("/seats/{seat}/wrap-up", { params: { path: { seat: name } }, body: { extend_s: EXTENDED_BY_S } })),
    onSettled: again,
  });
  const ready = () => seat && state.mutate({ seat: seat.seat, state: "ready", reason: "" });
  // A page that was loaded again: the seat is still ours, the telephone needs a new password.
  const name = seat?.device === "browser" ? seat.seat : undefined;
  const bare = name !== undefined && phone === null && !login.isPending && !logout.isPending;
  useEffect(() => {
    if (!bare) return;
    let left = false;
    void answer(client.POST("/seats/{seat}/phone", { params: { path: { seat: name } } })).then(
      (given) => !left && setPhone(given.phone),
      () => undefined, // asked again when the seats are read anew
    );
    return () => {
      left = true;
    };
  }, [bare, name, now.dataUpdatedAt]);
  return { now, seat, phone, login, logout, state, extend, ready };
}
export type OwnSeat = ReturnType<typeof useOwnSeat>;

export function isTalking(seat: Seat): boolean {
  return ["talking", "holding", "consulting"].includes(seat.state);
}
