import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useLiveRefresh } from "../../app/live";
import { TEXTS } from "./texts";

export type Seat = Schema["SeatAnswer"];
const FLOOR = "floor";
const ALL = [FLOOR];
const OFTEN_MS = 5_000;
const TELLS = new Set(["seat", "waiting", "ringing", "talking", "call_ended", "call_back", "alarm", "alarm_over", "alarm_acknowledged"]);

/** Everything on the floor, read anew when `/live` tells of a change. */
export function useFloor() {
  useLiveRefresh(ALL, TELLS);
  const often = { refetchInterval: OFTEN_MS };
  const seats = useQuery({ queryKey: [FLOOR, "seats"], ...often, queryFn: () => answer(client.GET("/seats")) });
  const day = useQuery({ queryKey: [FLOOR, "day"], ...often, queryFn: () => answer(client.GET("/wallboard", { params: { query: { hours: 24 } } })) });
  const month = useQuery({ queryKey: ["month"], refetchInterval: 60_000, queryFn: () => answer(client.GET("/wallboard", { params: { query: { hours: 24 * 31 } } })) });
  const alarms = useQuery({ queryKey: [FLOOR, "alarms"], ...often, queryFn: () => answer(client.GET("/floor/alarms")) });
  const callBacks = useQuery({ queryKey: [FLOOR, "call-backs"], ...often, queryFn: () => answer(client.GET("/call-backs")) });
  const failure: unknown = [seats, day, month, alarms, callBacks].find((one) => one.error)?.error ?? null;
  return { seats: seats.data, day: day.data, month: month.data, alarms: alarms.data?.alarms ?? [], callBacks: callBacks.data?.call_backs ?? [], failure, pending: day.isPending };
}

/** An order that tells of its success; failures stay with the mutation. */
export function useOrder<T>(order: (given: T) => Promise<unknown>, done: () => void = () => undefined) {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: order,
    onSuccess: () => {
      void message.success(t.ordered);
      done();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [FLOOR] }),
  });
}
