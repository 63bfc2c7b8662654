import { useQuery } from "@tanstack/react-query";
import { answer, client } from "../api/client";
import { texts, useTexts } from "../app/language";

type Named = Readonly<Record<string, string>>;

/** Reasons for a pause: an agent's own, and those the engine gives. */
export const REASONS = texts(
  {
    own: { break: "休息", meal: "用餐", training: "培训", meeting: "会议", writing: "文字处理" } as Named,
    engine: { no_answer: "未应答", phone_lost: "话机断开", phone_busy: "话机占用" } as Named,
  },
  {
    own: { break: "Break", meal: "Meal", training: "Training", meeting: "Meeting", writing: "Writing" },
    engine: { no_answer: "not answered", phone_lost: "telephone lost", phone_busy: "telephone busy" },
  },
);

const QUEUES = texts({ general: "综合坐席" }, { general: "General seats" });

/** What a reason is called; a supervisor's own words stay as they are. */
export function useReasons(): (reason: string) => string {
  const t = useTexts(REASONS);
  return (reason) => t.own[reason] ?? t.engine[reason] ?? reason;
}

/** What a queue is called: its title, or its name where nobody gave one. */
export function useQueueTitles(): (name: string) => string {
  const t = useTexts(QUEUES);
  const queues = useQuery({ queryKey: ["queues"], staleTime: 60_000, queryFn: () => answer(client.GET("/queues")) });
  const titles = new Map((queues.data?.queues ?? []).map((one) => [one.name, one.rule.title]));
  return (name) => titles.get(name) || (name === "general" ? t.general : name);
}
