import { useQuery } from "@tanstack/react-query";
import { answer, client } from "../api/client";
import { texts, useTexts } from "../app/language";

type Named = Readonly<Record<string, string>>;

/** Reasons for a pause: an agent's own, and those the engine gives. */
export const REASONS = texts(
  {
    own: { break: "休息", meal: "用餐", training: "培训", meeting: "会议", writing: "文字处理" } as Named,
    engine: { no_answer: "未应答", phone_lost: "话机断开", phone_busy: "话机占用", supervisor: "班长设置", declined: "拒接" } as Named,
  },
  {
    own: { break: "Break", meal: "Meal", training: "Training", meeting: "Meeting", writing: "Writing" },
    engine: { no_answer: "not answered", phone_lost: "telephone lost", phone_busy: "telephone busy", supervisor: "by a supervisor", declined: "declined" },
  },
);

/** Kinds of seats, as `domain.queueing.seats.SeatKind` has them. */
export const KINDS = texts(
  { general: "综合", enterprise: "企业", foreign: "外语", dialect: "方言", medical: "医保", labour: "人社", housing: "公积金", expert: "专家", leader: "领导接听" } as Named,
  { general: "general", enterprise: "enterprise", foreign: "foreign language", dialect: "dialect", medical: "medical insurance", labour: "social security", housing: "housing fund", expert: "expert", leader: "leader" },
);

const ZH_SKILLS: Named = { medical: "医保", social: "人社", housing: "公积金", enterprise: "企业服务", tax: "税务", english: "英语", japanese: "日语", korean: "韩语", russian: "俄语", french: "法语", dialect: "方言" };
const EN_SKILLS: Named = {
  medical: "medical-insurance", social: "social-security", housing: "housing-fund", enterprise: "enterprises", tax: "tax", english: "English", japanese: "Japanese", korean: "Korean", russian: "Russian", french: "French", dialect: "dialect",
};
const SKILLS = texts(ZH_SKILLS, EN_SKILLS);

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

export interface Skills {
  nameOf: (code: string) => string;
  /** What somebody typed, in either language, as the code. */
  codeOf: (typed: string) => string;
}

/** What a skill is called; a code nobody has named stays as it is. */
export function useSkills(): Skills {
  const names = useTexts(SKILLS);
  return {
    nameOf: (code) => names[code] ?? code,
    codeOf: (typed) => [ZH_SKILLS, EN_SKILLS].flatMap((some) => Object.entries(some)).find(([, name]) => name === typed)?.[0] ?? typed,
  };
}
