import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, client } from "../../api/client";
import { useLiveRefresh } from "../../app/live";
import type { Seat } from "./seat";

const OPEN = ["desk", "call-backs"];
const TELLS = new Set(["call_back"]);

/** Citizens to be rung back, the earliest first; dialled from this seat while it is free. */
export function useCallBacks(seat: Seat | undefined) {
  const queries = useQueryClient();
  useLiveRefresh(OPEN, TELLS);
  const open = useQuery({ queryKey: OPEN, enabled: seat !== undefined, queryFn: () => answer(client.GET("/call-backs")) });
  const dialled = useMutation({
    mutationFn: (callId: string) => answer(client.POST("/seats/{seat}/call-back", { params: { path: { seat: seat?.seat ?? "" } }, body: { call_id: callId } })),
    onSettled: () => queries.invalidateQueries({ queryKey: OPEN }),
  });
  const failure: unknown = dialled.error ?? open.error;
  const mayDial = seat !== undefined && ["ready", "paused", "wrap_up"].includes(seat.state) && !dialled.isPending;
  return { rows: open.data?.call_backs ?? [], failure, mayDial, dial: dialled.mutate, dialling: dialled.isPending ? dialled.variables : null };
}
export type CallBackList = ReturnType<typeof useCallBacks>;
