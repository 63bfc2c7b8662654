import { ApartmentOutlined, AudioOutlined, AuditOutlined, BarChartOutlined, CalendarOutlined, CustomerServiceOutlined, DashboardOutlined, FileTextOutlined, NodeIndexOutlined, PhoneOutlined, SafetyOutlined, ScheduleOutlined, SettingOutlined, SoundOutlined, StarOutlined, StopOutlined, TeamOutlined } from "@ant-design/icons";
import type { ComponentType, ReactNode } from "react";
import type { Both } from "./language";
import type { Permission } from "./session";

/** A page. It is in the navigation if it has a `title`; it is loaded when first opened. */
export interface Page {
  path: string;
  permission?: Permission;
  title?: Both;
  icon?: ReactNode;
  /** Needs the width: the navigation begins folded. */
  wide?: boolean;
  load: () => Promise<{ default: ComponentType }>;
}

/** One line for each page; the order is that of the navigation, the first permitted is home. */
export const PAGES: readonly Page[] = [
  { path: "desk", permission: "seat.work", title: { zh: "话务台", en: "Desk" }, icon: <PhoneOutlined />, wide: true, load: () => import("../pages/desk/Desk") },
  { path: "wallboard", permission: "seat.supervise", title: { zh: "班长大屏", en: "Wallboard" }, icon: <DashboardOutlined />, wide: true, load: () => import("../pages/floor/Wallboard") },
  { path: "tickets", permission: "ticket.read", title: { zh: "工单", en: "Tickets" }, icon: <FileTextOutlined />, load: () => import("../pages/tickets/List") },
  { path: "tickets/:ticketId", permission: "ticket.read", load: () => import("../pages/tickets/Detail") },
  { path: "calls", permission: "call.read", title: { zh: "通话", en: "Calls" }, icon: <AudioOutlined />, load: () => import("../pages/calls/List") },
  { path: "calls/:callId", permission: "call.read", load: () => import("../pages/calls/Detail") },
  { path: "flows", permission: "flow.read", title: { zh: "呼叫流程", en: "Call flows" }, icon: <ApartmentOutlined />, load: () => import("../pages/flows/List") },
  { path: "flows/:name", permission: "flow.read", load: () => import("../pages/flows/Editor") },
  { path: "flow-routes", permission: "flow.read", title: { zh: "接入与开关", en: "Routes" }, icon: <NodeIndexOutlined />, load: () => import("../pages/flows/Routes") },
  { path: "prompts", permission: "flow.read", title: { zh: "语音", en: "Prompts" }, icon: <SoundOutlined />, load: () => import("../pages/flows/Prompts") },
  { path: "queues", permission: "seat.supervise", title: { zh: "队列与技能", en: "Queues" }, icon: <TeamOutlined />, load: () => import("../pages/floor/Queues") },
  { path: "rosters", permission: "seat.supervise", title: { zh: "排班", en: "Rosters" }, icon: <CalendarOutlined />, load: () => import("../pages/floor/Rosters") },
  { path: "statistics", permission: "seat.supervise", title: { zh: "统计", en: "Statistics" }, icon: <BarChartOutlined />, load: () => import("../pages/floor/Statistics") },
  { path: "suspensions", permission: "conduct.record", title: { zh: "暂停资源", en: "Suspensions" }, icon: <StopOutlined />, load: () => import("../pages/floor/Suspensions") },
  { path: "review", permission: "review.score", title: { zh: "质检台", en: "Review desk" }, icon: <AuditOutlined />, load: () => import("../pages/review/List") },
  { path: "review/quality", permission: "review.lead", load: () => import("../pages/review/Quality") },
  { path: "review/setup", permission: "review.lead", load: () => import("../pages/review/Setup") },
  { path: "review/:callId", permission: "review.score", load: () => import("../pages/review/Call") },
  { path: "own-reviews", permission: "review.own", title: { zh: "我的质检", en: "My reviews" }, icon: <StarOutlined />, load: () => import("../pages/review/Own") },
  { path: "keeping", permission: "recording.delete", title: { zh: "保存与删除", en: "Keeping" }, icon: <SafetyOutlined />, load: () => import("../pages/review/Keeping") },
  { path: "listening", permission: "audit.read", title: { zh: "收听记录", en: "Listening log" }, icon: <CustomerServiceOutlined />, load: () => import("../pages/review/Listening") },
  { path: "settings", permission: "seat.supervise", title: { zh: "运行设置", en: "Settings" }, icon: <SettingOutlined />, load: () => import("../pages/settings/Settings") },
  { path: "working-days", permission: "rules.admin", title: { zh: "工作日表", en: "Working days" }, icon: <ScheduleOutlined />, load: () => import("../pages/settings/WorkingDays") },
  { path: "account", load: () => import("../pages/account/Account") },
];
