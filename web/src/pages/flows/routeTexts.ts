import { texts } from "../../app/language";

export const ROUTE_TEXTS = texts(
  {
    title: "接入与开关", routes: "哪个号码走哪个流程", hint: "从上到下越具体越优先：测试电话、被叫号码、渠道；都不符合时走默认流程。", defaultFlow: (name: string) => `默认流程：${name}`,
    flow: "流程", dialled: "被叫号码", channel: "渠道", caller: "测试电话（来电号码）", any: "任意", published: "已发布的版本", draft: "草稿", reaches: "接到", setBy: "设置人", setAt: "设置时间",
    add: "保存接入", remove: "删除", removed: "已删除，新来电随即生效", saved: "已保存，新来电随即生效", removeSure: "删除这条接入？", dialledHint: "只含数字、* # +，如 12345；留空为任意", channelHint: "小写字母，如 phone、web；留空为任意", callerHint: "填写后，这部电话打进来走草稿，其他人不受影响", noRoutes: "没有单独的接入，所有来电走默认流程",
    switches: "开关", switchesHint: "流程里的“时间安排”会先看这些开关，如恶劣天气；也可由值班人员来电打开。", switchName: "开关名称", switchNameHint: "小写字母、数字、连字符，如 bad-weather", on: "打开", off: "关闭", turned: "开关已切换，下一通来电生效", addSwitch: "添加并打开", noSwitches: "还没有用过开关",
  },
  {
    title: "Routes and switches", routes: "Which number is answered by which flow", hint: "The most exact one counts: test telephone, dialled number, channel; else the default flow.", defaultFlow: (name) => `Default flow: ${name}`,
    flow: "Flow", dialled: "Dialled number", channel: "Channel", caller: "Test telephone (its number)", any: "any", published: "published version", draft: "draft", reaches: "Reaches", setBy: "By", setAt: "At",
    add: "Save route", remove: "Remove", removed: "Removed; new calls follow at once", saved: "Saved; new calls follow at once", removeSure: "Remove this route?", dialledHint: "digits, * # + only, such as 12345; empty: any", channelHint: "lower case letters, such as phone, web; empty: any", callerHint: "Calls from this telephone reach the draft, nobody else's do", noRoutes: "No routes: the default flow answers every call",
    switches: "Switches", switchesHint: "Schedules in flows look at these first, such as bad weather; the duty officer can turn them by telephone too.", switchName: "Name of the switch", switchNameHint: "lower case letters, digits, hyphens, such as bad-weather", on: "on", off: "off", turned: "Turned; the next call follows", addSwitch: "Add and turn on", noSwitches: "No switch has been used yet",
  },
);
