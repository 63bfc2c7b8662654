import { texts } from "../../app/language";

const FIELDS_ZH: Record<string, string> = {
  category: "类别", title: "标题", summary: "诉求摘要", address: "事发地点", event_time: "事发时间",
  caller_number: "来电号码", contact_number: "联系电话", request: "期望处理", subject: "诉求对象",
  topic: "事项", urgency: "紧急程度", units: "建议承办单位", missing: "还需询问",
  facts: "事实经过", contact_name: "联系人", wants_reply: "要求回复", wants_secrecy: "要求保密",
  emergency: "紧急险情", abuse: "不当言语", duplicates: "疑似重复", knowledge: "相关知识",
};
const FIELDS_EN: Record<string, string> = {
  category: "Category", title: "Title", summary: "Summary", address: "Place", event_time: "Time of event",
  caller_number: "Calling number", contact_number: "Contact number", request: "What is wanted", subject: "About whom",
  topic: "Topic", urgency: "Urgency", units: "Suggested units", missing: "Still to ask",
  facts: "What happened", contact_name: "Contact", wants_reply: "Wants a reply", wants_secrecy: "Wants secrecy",
  emergency: "Danger", abuse: "Abuse", duplicates: "Likely the same", knowledge: "Knowledge",
};
const VALUES_ZH: Record<string, string> = {
  yes: "是", no: "否", clear: "明确", suspected: "疑似", self_harm: "轻生念头", threat: "威胁", insult: "辱骂",
};
const VALUES_EN: Record<string, string> = {
  yes: "yes", no: "no", clear: "clear", suspected: "suspected", self_harm: "self-harm", threat: "threat", insult: "insult",
};

export const TEXTS = texts(
  {
    title: "工单",
    ticket: "工单",
    number: "工单号",
    caller: "来电号码",
    category: "类别",
    summary: "内容",
    created: "创建时间",
    status: "状态",
    origin: "来源",
    origins: { phone: "电话", api: "接口" } as Record<string, string>,
    statuses: { draft: "待确认", submitted: "已提交", discarded: "已作废" } as Record<string, string>,
    all: "全部",
    search: "按内容或号码查找",
    draft: "工单内容",
    sure: "把握",
    edited: "人工修改",
    hear: "听这一段",
    history: "办理记录",
    events: { drafted: "系统生成草稿", edited: "修改", registered: "登记", unmasked: "查看完整号码" } as Record<string, string>,
    nothing: "未识别到",
    notHeard: "通话中未提到",
    values: VALUES_ZH,
    noCall: "此工单不来自通话",
    fields: FIELDS_ZH,
    urgencies: { general: "一般", fast: "加急", emergency_general: "紧急", emergency_major: "特急" } as Record<string, string>,
  },
  {
    title: "Tickets",
    ticket: "Ticket",
    number: "Number",
    caller: "Caller",
    category: "Category",
    summary: "What it is about",
    created: "Created",
    status: "Status",
    origin: "Origin",
    origins: { phone: "phone", api: "API" },
    statuses: { draft: "to confirm", submitted: "submitted", discarded: "discarded" },
    all: "All",
    search: "Search words or number",
    draft: "Ticket",
    sure: "sure",
    edited: "by a person",
    hear: "Hear it",
    history: "History",
    events: { drafted: "drafted by the system", edited: "changed", registered: "registered", unmasked: "number shown" },
    nothing: "not heard",
    notHeard: "Not mentioned in the call",
    values: VALUES_EN,
    noCall: "This ticket did not come from a call",
    fields: FIELDS_EN,
    urgencies: { general: "normal", fast: "fast", emergency_general: "urgent", emergency_major: "most urgent" },
  },
);
