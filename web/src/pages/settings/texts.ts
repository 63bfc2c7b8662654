import { texts } from "../../app/language";

type Named = Record<string, string>;

const ZH = {
  title: "运行设置", days: "工作日表", save: "保存", cancel: "取消", confirm: "确定", saved: "已生效", at: "一秒内对所有坐席生效，操作记入审计。确定？",
  alarms: "告警阈值", alarmsHint: "超过任一阈值，班长大屏即告警。留空则不告警。", waiting: "排队人数达到", longest: "最长等待达到（秒）", share: "近半小时达标率低于（%）", nobody: "有人排队而无人服务时告警", abandoned: "一天内放弃满几次后优先接入", none: "不告警",
  words: "危险用语", wordsHint: "系统自带火警、救命等用语之外，本市另加的说法。听到后即刻优先、告警，并建议转相应号码。", word: "用语（2 至 20 字）", service: "转至", addWord: "添加用语", remove: "移除", noWords: "还没有本市另加的用语", wordTwice: "这个用语已经有了", wordLength: "用语须为 2 至 20 字",
  services: { 110: "110 公安", 119: "119 消防", 120: "120 急救", 122: "122 交通" } as Named,
  drill: "演练模式", drillHint: "截止之前，这些号码的来电按演练处理：紧急转接只放演练录音，不接真实的 110、119、120、122。其他来电不受影响。", drillOn: "演练中，至", drillOff: "未演练", numbers: "演练号码", until: "截止", start: "开始演练", stop: "结束演练",
  startSure: "这些号码的紧急转接将不接真实线路。确定开始演练？", stopSure: "结束后，这些号码的紧急转接接真实线路。确定？", badNumbers: "请填 1 至 20 个号码，每个 5 至 20 位数字", badUntil: "截止时间须晚于现在",
  priority: "优先来电人", priorityHint: "登记的高龄老人等，来电时优先接入（相当于多等十分钟）。列表只显示遮盖后的号码；取消登记须填完整号码。", number: "号码", note: "说明", noteDefault: "高龄老人登记", end: "有效至", always: "长期", register: "登记", forget: "取消登记", forgetSure: "取消后按一般来电排队。确定？", setAt: "登记时间", by: "登记人", noPriority: "还没有登记。填写号码后点“登记”，下一次来电起优先接入。", badNumber: "号码须为 5 至 20 位数字",
  daysHint: "点击工作日改为放假，点击周末改为调休上班，再点一次还原。办理时限按此表计算。", notAnnounced: "国务院尚未公布，暂按周一至周五计算，涉及这一年的时限为暂定。", source: "依据（通知名称）", sourceMissing: "请填依据的通知", edition: "版本", off: "放假", worked: "调休上班", weekdays: "一二三四五六日", month: "月", daysSure: "在办工单的时限将重新计算，每一处变更记入其历史。确定？", changes: "放假 {off} 天，调休上班 {worked} 天", newer: "重新载入",
};

const EN: typeof ZH = {
  title: "Settings", days: "Working days", save: "Save", cancel: "Cancel", confirm: "OK", saved: "In force", at: "In force for every seat within a second, and audited. Go on?",
  alarms: "Alarm thresholds", alarmsHint: "Past any of them the wallboard raises an alarm. Empty: none.", waiting: "Callers waiting", longest: "Longest wait (s)", share: "Goal met in the last half hour below (%)", nobody: "Alarm while callers wait and nobody serves them", abandoned: "Given up so often in a day: goes first", none: "no alarm",
  words: "Words of danger", wordsHint: "The city's own, beside those the system knows. They raise priority and an alarm at once, and offer a transfer.", word: "Words (2 to 20 characters)", service: "To", addWord: "Add words", remove: "Remove", noWords: "None of the city's own yet", wordTwice: "These words are there already", wordLength: "2 to 20 characters, please",
  services: { 110: "110 police", 119: "119 fire", 120: "120 ambulance", 122: "122 traffic" },
  drill: "Drill mode", drillHint: "Until its end, calls from these numbers are a drill: an emergency transfer plays the drill announcement and never reaches the real 110, 119, 120, 122. Other calls are not touched.", drillOn: "Drill until", drillOff: "No drill", numbers: "Numbers of the drill", until: "Until", start: "Start the drill", stop: "End the drill",
  startSure: "Emergency transfers of these numbers will not reach the real services. Start?", stopSure: "Emergency transfers of these numbers will reach the real services. End it?", badNumbers: "1 to 20 numbers of 5 to 20 digits each, please", badUntil: "The end must be after now",
  priority: "Callers who go first", priorityHint: "Registered elderly people and others go before the rest (as if they had waited ten minutes more). The list is masked; to forget a number, type it in full.", number: "Number", note: "Note", noteDefault: "registered elderly person", end: "Until", always: "no end", register: "Register", forget: "Forget", forgetSure: "Waits like everybody else from then on. Forget?", setAt: "Registered", by: "By", noPriority: "Nobody yet. Type a number and register it: it goes first from the next call on.", badNumber: "5 to 20 digits, please",
  daysHint: "Click a weekday to make it a day off, a weekend day to make it worked, again to take it back. Time limits are counted by this table.", notAnnounced: "Not announced by the State Council yet: Monday to Friday are assumed, and limits that reach this year are provisional.", source: "Source (the notice)", sourceMissing: "Name the notice, please", edition: "Edition", off: "off", worked: "worked", weekdays: "MTWTFSS", month: "", daysSure: "Limits of running tickets are counted anew, each change in its history. Go on?", changes: "{off} days off, {worked} weekend days worked", newer: "Load again",
};

export const TEXTS = texts(ZH, EN);
