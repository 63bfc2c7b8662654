import { texts } from "../../app/language";
import { EN } from "./texts.en";

export type Words = typeof ZH;
type Named = Record<string, string>;

const ZH = {
  title: "话务台",
  loginTitle: "签入坐席",
  loginHint: "输入您的坐席号。签入后本页即是电话，请先戴好耳麦并检查设备。",
  seatTaken: "该坐席已有人签入，请换一个坐席号或请班长签出。",
  seat: "坐席", login: "签入", logout: "签出", ready: "就绪", pause: "小休", extend: "延长 60 秒", left: "剩余", afterwards: "结束后：",
  states: { logged_out: "未签入", ready: "就绪", ringing: "振铃", talking: "通话中", holding: "保持中", consulting: "三方或咨询", wrap_up: "话后整理", paused: "小休" } as Named,
  phones: { off: "话机未启动", connecting: "话机连接中", registered: "话机已注册", lost: "话机断开，重连中" },
  automatic: "自动接听", waiting: "排队", level: "麦克风音量",
  answer: "接听", hangUp: "挂机", hold: "保持", resume: "取回", mute: "静音", unmute: "取消静音", keypad: "拨号键",
  transfer: "转接", consult: "咨询", threeWay: "三方", park: "驻留", parkedCallers: "驻留的来电", parkedHere: "本席驻留的来电", parkedBy: "驻留自坐席", fetchBack: "取回", emergency: "一键三方紧急电话", oneKey: "一键三方",
  briefing: "地址和摘要，先播报给对方", leave: "本席退出", leaveAndBack: "退出后接回", leaveAndBackHint: "其他方挂断后，市民回到本席", handOver: "转给对方", bringIn: "请市民加入", dismiss: "请对方退出",
  waitingForCall: "等待来电", nobody: "没有通话", nobodyHint: "没有通话。来电时这里实时显示双方说的话。", silent: "通话中，还没有识别出文字",
  warn: "警告", moreMeasures: "其他措施", help: "求助", helpComes: "已通知所有班长", helpFailed: "没有通知到班长，请直接呼叫",
  measures: { warn: "提醒", persuade: "劝导", dissuade: "劝阻", inform_consequences: "告知后果", suspend: "提请暂停", police: "移送公安", justice: "移送司法" } as Named,
  conducts: { insult: "辱骂威胁", occupy: "占用热线" } as Named,
  note: "坐席在通话中当场作出", proposal: "提醒后仍不停止，由坐席在通话中提请", proposed: "已提请暂停，待他人决定", written: "已记录：",
  past: "来电人历史", noPast: "来电后显示该号码的历史来电、未结工单和提示", withheld: "号码未显示，没有历史", firstCall: "一年内没有来过电", openTickets: "未结工单", earlierCalls: "历史来电",
  secret: "（诉求人要求保密）", isDraft: "草稿", suspended: "该号码在暂停期内", suspensionProposed: "已提请暂停该号码", measuredBefore: "曾采取措施", gaveUp: "近七天内 {n} 次未接通即挂断，请先致歉",
  caseStates: { registered: "已登记", dispatched: "已派单", accepted: "办理中", return_requested: "申请退单", closing_review: "待办结审核" } as Named,
  outcomes: { agent: "已接听", message: "已留言", abandoned: "未接通", emergency: "转紧急", fallback: "备用流程", "": "通话中" } as Named,
  conversation: "实时通话文字", caller: "市民", agent: "坐席", heard: "听到紧急词", drill: "演练 · ",
  events: { guest_called: "正在呼叫", guest_joined: "已加入", guest_left: "已退出", guest_not_reached: "未接通" } as Named,
  ask: "追问", knowledge: "知识", duplicates: "疑似重复", callBacks: "回拨", noQuestions: "来电后列出还要问的问题", allAsked: "必填项都有了",
  tabs: { ask: "追问", knowledge: "知识", duplicates: "疑似重复", "call-backs": "回拨列表" },
  searchKnowledge: "搜索知识库", noKnowledge: "还没有合适的知识，可直接搜索", nothingFound: "没有找到，请换个说法", answerWithIt: "用于直接答复",
  noDuplicates: "没有发现相似的未结工单", why: { place: "地点相同", topic: "事项相同", words: "内容相近", number: "号码相同" } as Named,
  noCallBacks: "没有待回拨的市民", causes: { offered: "预约回拨", lost: "漏接回拨", agent: "坐席回拨" } as Named, dueUntil: "不晚于", dial: "回拨",
  draft: "工单", noDraft: "来电后系统边听边填，您核对或更正", filling: "实时填单中", required: "必填", hear: "听原话", accept: "核对无误",
  fields: {
    category: "类别", topic: "事项", title: "标题", summary: "诉求摘要", address: "事发地点", district: "区县", event_time: "事发时间", subject: "诉求对象", request: "期望处理",
    contact_name: "联系人", contact_number: "联系电话", urgency: "紧急程度", units: "承办建议",
  } as Named,
  urgencies: { general: "一般", fast: "加急", emergency_general: "紧急", emergency_major: "特急" } as Named,
  outcomesOf: { register: "登记派单", answer: "直接答复", refuse: "不予受理" },
  reply: "已当场答复的内容", ground: "选择不予受理情形", sayThis: "请向来电人说明", asked: "已询问来电人仍无法明确",
  stillMissing: "还缺：", submitAnyway: "请先追问。确实问不到的，再按一次提交。", afterCall: "通话结束后写入系统", missing: "待补必填项", complete: "必填项已齐",
  split: "拆分", save: "存草稿", submit: "提交", submitNow: "仍然提交", saved: "草稿已保存", keptHere: "已保留，通话结束后写入系统", ticket: "工单", submitted: "已提交",
  splitTitle: "拆分为另一件工单", splitHint: "同一通话里的另一件事。联系方式沿用，地点、时间另填。", otherTitle: "另一件事的标题", splitMade: "已建工单",
  reach: "转接、咨询、三方", target: "对象", targetHint: "坐席号、队列或单位电话", queue: "队列", cancel: "取消",
  ways: { transfer: "转接", consult: "咨询", "three-way": "三方" },
  wayHints: { transfer: "市民直接转过去，本席退出。", consult: "市民听音乐，您先与对方说明，再决定转给对方或请市民加入。", "three-way": "对方先听到摘要，再与市民和您三方通话。" },
  devices: "设备检查", microphone: "麦克风", microphoneRefused: "无法使用麦克风", microphoneRefusedHint: "请插好耳麦，并在地址栏左侧允许本页使用麦克风，然后重新载入。", sayWords: "请说几个字", heardYou: "麦克风正常", testSound: "播放测试音", done: "完成",
  keyMap: "快捷键", nextField: "下一个未核对的字段", previousField: "上一个未核对的字段", tabKey: "下一个控件", enterKey: "核对此字段并到下一个", hearKey: "听此字段的原话",
  networkLost: "网络中断，正在重连", networkLostHint: "市民听到提示音乐并保留 20 秒。请不要关闭本页；已填内容都在。若长时间不恢复，请检查网线后重新载入。",
  broadcast: "班长通知", unfinished: "未完成工单", openUnfinished: "继续填写",
};

export const TEXTS = texts(ZH, EN);
