import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { TEXTS } from "./texts";

export type Policy = Schema["PolicyModel"];
const KEY = ["floor-policy"];

export function usePolicy() {
  return useQuery({ queryKey: KEY, queryFn: () => answer(client.GET("/floor/policy")) });
}

/** Changes a part of the rules as they stand now, so that two supervisors' cards do not undo each other. */
export function useChange() {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: async (part: Partial<Policy>) => {
      const current = await answer(client.GET("/floor/policy"));
      return answer(client.PUT("/floor/policy", { body: { ...current, ...part } }));
    },
    onSuccess: (now) => {
      queries.setQueryData(KEY, now);
      void message.success(t.saved);
    },
  });
}

/** Asks first; what is set here reaches every seat within a second. */
export function useSure() {
  const t = useTexts(TEXTS);
  const { modal } = App.useApp();
  return (question: string, act: () => void) => void modal.confirm({ title: question, okText: t.confirm, cancelText: t.cancel, onOk: act });
}
