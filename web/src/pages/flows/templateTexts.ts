import { texts } from "../../app/language";

export interface Template {
  title: string;
  about: string;
}

/** The flows that come with the product, in the order in which they are offered. */
export const TEMPLATE_TEXTS = texts(
  {
    templates: {
      default: { title: "直通人工", about: "不设语音菜单，问候后直接转话务员；无人接听就留言。GB/T 33358 推荐。" },
      "night-and-holiday": { title: "夜间与节假日", about: "工作时间直通人工，其余时间先留言，仍可按零等人工。" },
      "classic-menu": { title: "传统菜单", about: "一层按键，也可直接说；不按键就转人工。" },
      "enterprise-line": { title: "企业专线", about: "说出事项，专席接听，忙时转普通坐席。" },
      "elderly-friendly": { title: "适老", about: "慢速语音，没有菜单，长等候，不催按键。" },
      "bad-weather": { title: "恶劣天气", about: "开关打开时先播提示，再接人工或留言。" },
      suspended: { title: "被暂停的号码", about: "告知原因，可留言申诉；110、119、120、122 照常。" },
    } as Record<string, Template>,
  },
  {
    templates: {
      default: { title: "Straight to a person", about: "No menu: a greeting, then an agent; a message when nobody answers. What GB/T 33358 prefers." },
      "night-and-holiday": { title: "Night and holiday", about: "Straight to a person in working hours, else a message first; 0 still waits for a person." },
      "classic-menu": { title: "Classic menu", about: "One level of keys, or say it; who presses nothing comes to a person." },
      "enterprise-line": { title: "Enterprise line", about: "Say what it is about; a seat of its own, ordinary seats when that is busy." },
      "elderly-friendly": { title: "Elderly-friendly", about: "Slow speech, no menu, long waiting times, nobody is hurried." },
      "bad-weather": { title: "Bad weather", about: "While the switch is on a notice comes first, then a person or a message." },
      suspended: { title: "Suspended numbers", about: "Says why, takes an appeal; 110, 119, 120, 122 as ever." },
    },
  },
);
