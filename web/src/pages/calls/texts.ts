import { texts } from "../../app/language";

const OUTCOMES_ZH: Record<string, string> = {
  agent: "已接听", message: "已留言", abandoned: "放弃", emergency: "转紧急", fallback: "备用流程",
};
const OUTCOMES_EN: Record<string, string> = {
  agent: "answered", message: "message left", abandoned: "abandoned", emergency: "emergency", fallback: "fallback",
};

export const TEXTS = texts(
  {
    title: "通话",
    call: "通话",
    caller: "来电号码",
    dialled: "被叫号码",
    started: "开始时间",
    answered: "接通时间",
    ended: "结束时间",
    length: "时长",
    outcome: "结果",
    seat: "坐席",
    ticket: "工单",
    flow: "流程",
    path: "经过的节点",
    running: "通话中",
    all: "全部",
    ended_only: "已结束",
    transcript: "通话文字",
    recording: "录音",
    noRecording: "没有录音",
    noWords: "没有识别出文字",
    outcomes: OUTCOMES_ZH,
  },
  {
    title: "Calls",
    call: "Call",
    caller: "Caller",
    dialled: "Dialled",
    started: "Started",
    answered: "Answered",
    ended: "Ended",
    length: "Length",
    outcome: "Outcome",
    seat: "Seat",
    ticket: "Ticket",
    flow: "Flow",
    path: "Nodes passed",
    running: "running",
    all: "All",
    ended_only: "Ended",
    transcript: "What was said",
    recording: "Recording",
    noRecording: "No recording",
    noWords: "No words were recognised",
    outcomes: OUTCOMES_EN,
  },
);
