import { texts } from "../../app/language";

export const REHEARSAL_TEXTS = texts(
  {
    world: "场景", when: "时间", seats: "坐席", seatsOf: { free: "空闲", busy: "全忙", none: "无人值班" } as Record<string, string>, caller: "来电号码", begin: "重新开始", more: "更多条件", dialled: "被叫号码", channel: "渠道",
    fails: "故障（哪些查询失败）", failsOf: { caller: "停权查询", queue: "排队查询", ticket: "工单查询", switches: "开关查询", sms: "短信", http: "接口", set_switch: "设置开关", call_back: "回拨登记" } as Record<string, string>, backendDown: "后台全部故障", switches: "打开的开关", suspended: "来电号码已被停权", proof: "工单登记电话后四位", values: "查询结果（名称=值，每行一个）", valuesHint: "如 queue.waiting=5",
    presets: "快速场景", springFestival: "春节凌晨三点", hear: "播放语音",
    waits: "等待来电人…", doNothing: "不按键，等待", answered: "坐席接听", nobody: "无人接听", speak: "留言 10 秒", hangUp: "挂机", connected: "对方接听", fail: "失败", digits: "输入数字", enter: "按出", says: "说出的话", say: "说", danger: "说出紧急的话", dangerDo: "说紧急用语", keyPanel: "按键", pressKey: "按键",
  },
  {
    world: "Scene", when: "Time", seats: "Seats", seatsOf: { free: "free", busy: "all busy", none: "nobody there" }, caller: "Caller", begin: "Begin again", more: "More", dialled: "Dialled number", channel: "Channel",
    fails: "What fails", failsOf: { caller: "suspension", queue: "queue", ticket: "tickets", switches: "switches", sms: "text message", http: "HTTP call", set_switch: "turning a switch", call_back: "call-back" }, backendDown: "Everything behind is down", switches: "Switches that are on", suspended: "The caller is suspended", proof: "Last four figures on the ticket", values: "What look-ups tell (name=value, one a line)", valuesHint: "such as queue.waiting=5",
    presets: "Scenes", springFestival: "Spring Festival, 3 a.m.", hear: "Play the prompts",
    waits: "Waiting for the caller…", doNothing: "Wait, press nothing", answered: "Agent answers", nobody: "Nobody answers", speak: "Speak for 10 s", hangUp: "Hang up", connected: "They answer", fail: "It fails", digits: "Figures", enter: "Key in", says: "Words spoken", say: "Say", danger: "Words of danger", dangerDo: "Say it", keyPanel: "Keys", pressKey: "Key",
  },
);
