import { texts } from "../../app/language";

export const TRIAL_TEXTS = texts(
  {
    title: "这个流程的测试", hint: "每次发布都会运行。在“试听试打”里打完一通，存为测试即可。", none: "还没有测试", run: "运行全部测试", passed: "通过", failed: "未通过", remove: "删除", coverage: "覆盖", nodes: (done: number, all: number) => `节点 ${done}/${all}`, edges: (done: number, all: number) => `连线 ${done}/${all}`, missed: "没有走到的节点", missedEdges: "没有走到的连线", mark: "在图上标出没走到的",
    replay: "用过去的通话重走", replayHint: "把最近的真实通话按原来的按键和应答，在这份草稿上重走一遍，列出结局不同的。", calls: "最近几通", go: "重走", same: (all: number) => `${all} 通通话，结局全部相同`, differ: (different: number, all: number) => `${all} 通中有 ${different} 通结局不同`, then: "当时", now: "按草稿", unanswered: (what: string) => `草稿在此提出了通话里没有的问题（${what}）`, noCalls: "还没有可以重走的通话", notes: "记录",
  },
  {
    title: "Tests of this flow", hint: "They run at every publication. Rehearse a call and save it as a test.", none: "No tests yet", run: "Run all tests", passed: "passed", failed: "failed", remove: "Remove", coverage: "Coverage", nodes: (done, all) => `nodes ${done}/${all}`, edges: (done, all) => `ways ${done}/${all}`, missed: "Nodes that no test passes", missedEdges: "Ways that no test takes", mark: "Mark them on the drawing",
    replay: "Replay past calls", replayHint: "The latest real calls go through this draft with their keys and answers; those that would end differently are listed.", calls: "Latest calls", go: "Replay", same: (all) => `${all} calls, all of them end the same`, differ: (different, all) => `${different} of ${all} calls would end differently`, then: "Then", now: "By the draft", unanswered: (what) => `here the draft asks what the call cannot answer (${what})`, noCalls: "No calls to replay yet", notes: "Notes",
  },
);
