import { SoundOutlined } from "@ant-design/icons";
import { Button, Descriptions, Flex, Tag, Tooltip, Typography } from "antd";
import type { Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { TEXTS } from "./texts";

interface Span {
  start_s?: number;
  end_s?: number;
  words?: string;
}

interface Field {
  value: unknown;
  confidence: number;
  spans: readonly Span[];
  rule: string;
}

const ORDER = [
  "category", "title", "summary", "address", "event_time", "subject", "request", "topic", "urgency",
  "units", "contact_number", "missing",
];
const UNSURE_BELOW = 0.6;

interface Props {
  ticket: Schema["TicketAnswer"];
  onHear?: ((fromS: number, toS: number) => void) | undefined;
}

/** The fields of a draft: value, how sure the machine was, and the words it came from. */
export function Fields({ ticket, onHear }: Props) {
  const t = useTexts(TEXTS);
  const fields = ticket.fields as Record<string, Field>;
  const own: Record<string, string> = { category: ticket.category, title: ticket.title, summary: ticket.summary };
  const names = [...ORDER, ...Object.keys(fields).filter((name) => !ORDER.includes(name) && name !== "caller_number")];
  const items = [
    { key: "caller", label: t.caller, children: ticket.caller || "–" },
    ...names.map((name) => ({
      key: name,
      label: t.fields[name] ?? name,
      children: <Value name={name} own={own[name]} field={fields[name]} onHear={onHear} />,
    })),
  ];
  return <Descriptions size="small" column={1} bordered items={items} styles={{ label: { width: 120 } }} />;
}

function Value({ name, own, field, onHear }: { name: string; own: string | undefined; field: Field | undefined; onHear: Props["onHear"] }) {
  const t = useTexts(TEXTS);
  const value = written(own ?? field?.value, name === "urgency" ? t.urgencies : {});
  if (value === "") return <Typography.Text type="secondary">{t.nothing}</Typography.Text>;
  const spans = field?.spans.filter((span) => span.start_s !== undefined && span.end_s !== undefined) ?? [];
  return (
    <Flex align="center" gap={8} wrap>
      <span>{value}</span>
      {field && field.confidence < UNSURE_BELOW && <Tag color="orange">{`${t.sure} ${Math.round(field.confidence * 100)}%`}</Tag>}
      {onHear &&
        spans.map((span) => (
          <Tooltip key={span.start_s} title={span.words}>
            <Button size="small" type="text" aria-label={t.hear} icon={<SoundOutlined />} onClick={() => onHear(span.start_s ?? 0, span.end_s ?? 0)} />
          </Tooltip>
        ))}
    </Flex>
  );
}

/** A value as text; lists of questions (`missing`) by their question. */
function written(value: unknown, named: Record<string, string>): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((one) => written(one, named)).join("、");
  if (typeof value === "object") return written("question" in value ? value.question : JSON.stringify(value), named);
  return named[String(value)] ?? String(value);
}
