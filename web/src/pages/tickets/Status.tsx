import { Tag } from "antd";
import type { Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { TEXTS } from "./texts";

const COLOURS: Record<string, string> = { draft: "gold", submitted: "green" };

export function Status({ status }: { status: Schema["TicketAnswer"]["status"] }) {
  const t = useTexts(TEXTS);
  return <Tag color={COLOURS[status] ?? "default"}>{t.statuses[status] ?? status}</Tag>;
}
