import { texts } from "../../app/language";

type Named = Record<string, string>;

const ZH = {
  board: "班长大屏", queues: "队列与技能", rosters: "排班", statistics: "统计", suspensions: "暂停资源",
  big: "大屏", small: "退出大屏", day: "近 24 小时", week: "近 7 天", month: "近 31 天", now: "此刻", definitions: "口径",
  figures: { within_goal_share: "15 秒接通率", connection_rate: "接通率", mean_wait_s: "平均等待", asked: "人工请求", answered: "已接听", within_goal: "15 秒内接听", abandoned: "放弃" } as Named,
  goal: "目标 95%", goalHuizhou: "惠州 90%", waiting: "排队人数", waitingIs: "此刻没有坐席振铃的来电人", longest: "最长等待", longestIs: "此刻排队最久的来电人已等待的时间", callBacksDue: "待回拨", callBacksIs: "已约定而未完成的回拨，含漏接回拨", seconds: "秒", late: "已超时",
  agents: "坐席", agent: "话务员", seat: "坐席", state: "状态", since: "已持续", served: "队列", actions: "操作", nobody: "没有人签入。话务员签入后这里显示各坐席的状态。",
  states: { logged_out: "未签入", ready: "就绪", ringing: "振铃", talking: "通话中", holding: "保持中", consulting: "三方", wrap_up: "话后整理", paused: "小休" } as Named,
  listen: "监听", whisper: "密语", barge: "插话", takeOver: "接管", makeReady: "置为就绪", makePaused: "置为小休", logOut: "强制签出", move: "调整队列", message: "发通知", more: "更多",
  reason: "原因（记入审计）", reasonHint: "例如：新话务员带教", ownSeat: "您须先在自己的坐席签入，该坐席会振铃。", confirm: "确定", cancel: "取消", ordered: "已下达", sent: "通知已发出",
  messageTo: "发给", everybody: "所有坐席", messageText: "通知内容", queuesOf: "此坐席服务的队列（到下次签入为止）",
  alarms: "告警", noAlarms: "没有告警", acknowledge: "我来处理", seenBy: "处理人", over: "已恢复", drill: "演练",
  queue: "队列", title: "名称", goalColumn: "目标", needs: "所需技能", inQueue: "排队", serving: "就绪/通话", changed: "修改", add: "新建队列", edit: "修改", remove: "删除", removeSure: "删除后正在等候的市民继续等候。确定删除？",
  name: "代码", nameHint: "小写英文，如 medical", share: "目标比例", within: "目标秒数", selection: "选择坐席", selections: { longest_idle: "空闲最久", least_occupied: "最不忙", last_agent: "上次的坐席", named_agent: "指定坐席" } as Named,
  needsHint: "技能=等级，逗号分隔，如 医保=3，英语=2", relax: "等候满秒数后放宽技能", relaxed: "放宽为", relaxedNone: "不限技能", open: "开放时间", always: "全天", closedTo: "关闭后转到", ratio: "每个坐席排队超过人数时溢出", choose: "请选择", wayMissing: "请说明转到哪里", overflow: "等候满秒数后溢出", overflowTo: "溢出到", targets: { queue: "其他队列", call_back: "回拨", recording: "录音受理" } as Named, announce: "每隔秒数播报位置", byRoster: "仅排班在岗者服务", offered: "等候满秒数后提供回拨", none: "无", saved: "已生效",
  profile: "话务员技能", account: "账号", load: "读取", kind: "类别", wrapUp: "话后整理秒数", team: "班组", skills: "技能", save: "保存",
  duty: "安排值守", from: "开始", until: "结束", dutyTitle: "职务", onDuty: "在岗", calledOff: "已取消", callOff: "取消", callOffReason: "取消原因", noDuties: "这段时间没有安排。专家和领导只在排班时间内可以签入。", setBy: "安排人",
  span: "时间段", by: "粒度", bys: { total: "合计", day: "按日", hour: "按小时" } as Named, export: "导出", queueTable: "按队列", agentTable: "按话务员", noRows: "这段时间没有来电",
  columns: {
    period: "时段", queue: "队列", asked: "人工请求", answered: "接听", within_goal: "15 秒内", abandoned: "放弃", call_backs: "回拨", call_backs_reached: "回拨成功", connection_rate: "接通率", within_goal_share: "15 秒接通率", mean_wait_s: "平均等待", longest_wait_s: "最长等待", mean_talk_s: "平均通话",
    agent: "话务员", logged_in_s: "签入", ready_s: "就绪", ringing_s: "振铃", talking_s: "通话", wrap_up_s: "整理", paused_s: "小休", missed: "未应答", occupancy: "工时利用率",
  } as Named,
  caller: "来电号码", conduct: "行为", conducts: { insult: "骚扰、侮辱、谩骂、威胁", occupy: "无正当理由占用热线" } as Named, article: "依据", proposedBy: "提请人", status: "状态", statuses: { proposed: "待决定", rejected: "不予暂停", in_force: "暂停中", lifted: "已解除", ended: "已到期" } as Named,
  decide: "决定", suspend: "暂停", reject: "不予暂停", days: "天数（自然日）", daysHint: "条文未定期限时填写", decisionReason: "理由", lift: "解除", evidence: "证据通话", notice: "告知内容", appeal: "申诉", decidedBy: "决定人", ends: "至", proposal: "提请理由", noSuspensions: "没有暂停记录。话务员在通话中提请，由另一人决定。", ownProposal: "提请人不能自己决定，须由另一人决定。",
  referral: "移送公安材料", referralMake: "生成并下载", referralHint: "含案情 PDF、校验值清单和各次通话的录音文字，未遮盖。用途和操作人记入审计。", referralReason: "移送理由",
  appealOpen: "待决定", appealDecided: "申诉决定", appealWords: "来电人的申诉内容", appealWrite: "登记申诉", appealReason: "申诉决定的理由", appealGrant: "申诉成立，解除暂停", appealRefuse: "维持暂停", appealThird: "提请人和原决定人不能决定申诉，须由第三人决定。",
};

const EN: typeof ZH = {
  board: "Wallboard", queues: "Queues and skills", rosters: "Rosters", statistics: "Statistics", suspensions: "Suspensions",
  big: "Big screen", small: "Leave big screen", day: "Last 24 h", week: "Last 7 days", month: "Last 31 days", now: "Now", definitions: "Definitions",
  figures: { within_goal_share: "Answered in 15 s", connection_rate: "Answered", mean_wait_s: "Mean wait", asked: "Asked", answered: "Answered", within_goal: "Within 15 s", abandoned: "Gave up" },
  goal: "standard: 95%", goalHuizhou: "Huizhou 90%", waiting: "Waiting", waitingIs: "callers for whom no seat rings, now", longest: "Longest wait", longestIs: "of those who wait now", callBacksDue: "Call-backs due", callBacksIs: "promised and not done, lost calls included", seconds: "s", late: "late",
  agents: "Agents", agent: "Agent", seat: "Seat", state: "State", since: "For", served: "Queues", actions: "Actions", nobody: "Nobody is logged in.",
  states: { logged_out: "Logged out", ready: "Ready", ringing: "Ringing", talking: "Talking", holding: "Holding", consulting: "Three-way", wrap_up: "Wrap-up", paused: "Paused" },
  listen: "Listen", whisper: "Whisper", barge: "Barge", takeOver: "Take over", makeReady: "Make ready", makePaused: "Pause", logOut: "Log out", move: "Move", message: "Message", more: "More",
  reason: "Why (audited)", reasonHint: "for example: a new agent is trained", ownSeat: "Log in at a seat of your own first: it will ring.", confirm: "OK", cancel: "Cancel", ordered: "Done", sent: "Sent",
  messageTo: "To", everybody: "every desk", messageText: "Message", queuesOf: "Queues of this seat (until the next login)",
  alarms: "Alarms", noAlarms: "No alarms", acknowledge: "I see to it", seenBy: "By", over: "over", drill: "drill",
  queue: "Queue", title: "Name", goalColumn: "Goal", needs: "Needs", inQueue: "Waiting", serving: "Ready/talking", changed: "Changed", add: "New queue", edit: "Change", remove: "Delete", removeSure: "Who waits there waits on. Delete?",
  name: "Code", nameHint: "lower case, such as medical", share: "Goal share", within: "Goal seconds", selection: "Choose", selections: { longest_idle: "longest idle", least_occupied: "least occupied", last_agent: "last agent", named_agent: "named agent" },
  needsHint: "skill=level, such as tax=3, English=2", relax: "Relax skills after s", relaxed: "To", relaxedNone: "no skills", open: "Open", always: "always", closedTo: "When closed, to", ratio: "Overflow above callers per seat", choose: "Choose", wayMissing: "Say where to", overflow: "Overflow after s", overflowTo: "To", targets: { queue: "another queue", call_back: "call-back", recording: "recording" }, announce: "Tell the place every s", byRoster: "Only who is on duty", offered: "Offer a call-back after s", none: "none", saved: "In force",
  profile: "An agent's skills", account: "Account", load: "Read", kind: "Kind", wrapUp: "Wrap-up seconds", team: "Team", skills: "Skills", save: "Save",
  duty: "Put on duty", from: "From", until: "Until", dutyTitle: "Title", onDuty: "on duty", calledOff: "called off", callOff: "Call off", callOffReason: "Why", noDuties: "Nobody is on duty in this time. Experts and leaders log in only while they are.", setBy: "Set by",
  span: "Time", by: "By", bys: { total: "total", day: "day", hour: "hour" }, export: "Export", queueTable: "Queues", agentTable: "Agents", noRows: "No calls in this time",
  columns: {
    period: "Period", queue: "Queue", asked: "Asked", answered: "Answered", within_goal: "Within 15 s", abandoned: "Gave up", call_backs: "Call-backs", call_backs_reached: "Reached", connection_rate: "Rate", within_goal_share: "In 15 s", mean_wait_s: "Mean wait", longest_wait_s: "Longest", mean_talk_s: "Mean talk",
    agent: "Agent", logged_in_s: "Logged in", ready_s: "Ready", ringing_s: "Ringing", talking_s: "Talking", wrap_up_s: "Wrap-up", paused_s: "Paused", missed: "Missed", occupancy: "Occupancy",
  },
  caller: "Caller", conduct: "Conduct", conducts: { insult: "insults, threats", occupy: "occupies the line" }, article: "Article", proposedBy: "Proposed by", status: "Status", statuses: { proposed: "to decide", rejected: "rejected", in_force: "in force", lifted: "lifted", ended: "ended" },
  decide: "Decide", suspend: "Suspend", reject: "Reject", days: "Natural days", daysHint: "where the text fixes no length", decisionReason: "Why", lift: "Lift", evidence: "Calls it rests on", notice: "What the caller is told", appeal: "Appeal", decidedBy: "Decided by", ends: "until", proposal: "Why proposed", noSuspensions: "None yet. Agents propose during a call; somebody else decides.", ownProposal: "Who proposed cannot decide.",
  referral: "Package for the police", referralMake: "Make and download", referralHint: "A PDF of the case, a list of hashes and every call's recording and words, unmasked. Why and who are audited.", referralReason: "Why it is referred",
  appealOpen: "to decide", appealDecided: "Decision on it", appealWords: "What the caller says against it", appealWrite: "Write down", appealReason: "Why", appealGrant: "Granted: lift it", appealRefuse: "Refused: it stays", appealThird: "Who proposed or decided it cannot decide the appeal; a third person does.",
};

export const TEXTS = texts(ZH, EN);
