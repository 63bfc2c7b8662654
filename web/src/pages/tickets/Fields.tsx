import { Descriptions, Flex, Tag, Typography } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { Evidence, type Span } from "./Evidence";
import { TEXTS } from "./texts";

interface Field {
  value: unknown;
  confidence: number;
  spans: readonly Span[];
  rule: string;
}

const ORDER = [
  "category", "title", "summary", "address", "event_time", "subject", "facts", "request", "topic", "urgency", "emergency",
  "units", "contact_name", "contact_number", "wants_reply", "wants_secrecy", "abuse", "missing", "duplicates", "knowledge",
];
// Their values are words of the machine's.
const CODED = new Set(["emergency", "abuse", "wants_reply", "wants_secrecy"]);
// Not heard but found elsewhere: nobody could have mentioned them.
const LOOKED_UP = new Set(["units", "missing", "duplicates", "knowledge"]);
const UNSURE_BELOW = 0.6;

interface Props {
  ticket: Schema["TicketAnswer"];
  /** Seconds of the recording now playing. */
  at?: number | undefined;
  onHear?: ((fromS: number, toS: number) => void) | undefined;
}

/** The fields of a draft: value, how sure the machine was, and the words it came from. */
export function Fields({ ticket, at, onHear }: Props) {
  const t = useTexts(TEXTS);
  const fields = ticket.fields as Record<string, Field>;
  const own: Record<string, string> = { category: ticket.category, title: ticket.title, summary: ticket.summary };
  const names = [...ORDER, ...Object.keys(fields).filter((name) => !ORDER.includes(name) && name !== "caller_number")];
  const value = (name: string) => own[name] ?? fields[name]?.value;
  const found = names.filter((name) => !isEmpty(value(name)));
  const unheard = names.filter((name) => name in fields && !LOOKED_UP.has(name) && isEmpty(value(name)));
  const items = [
    { key: "caller", label: t.caller, children: ticket.caller || "–" },
    ...found.map((name) => {
      const field = fields[name];
      return {
        key: name,
        label: t.fields[name] ?? name,
        children: (
          <Flex vertical gap={2}>
            <Flex align="center" gap={8} wrap>
              <Value name={name} value={value(name)} />
              {field && field.confidence < UNSURE_BELOW && <Tag color="orange">{`${t.sure} ${Math.round(field.confidence * 100)}%`}</Tag>}
            </Flex>
            {onHear && <Evidence spans={field?.spans ?? []} at={at} onHear={onHear} />}
          </Flex>
        ),
      };
    }),
  ];
  return (
    <Flex vertical gap={12}>
      <Descriptions size="small" column={1} bordered items={items} styles={{ label: { width: 120 } }} />
      {unheard.length > 0 && (
        <Typography.Text type="secondary">{`${t.notHeard}: ${unheard.map((name) => t.fields[name] ?? name).join("、")}`}</Typography.Text>
      )}
    </Flex>
  );
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

function Value({ name, value }: { name: string; value: unknown }): ReactNode {
  const t = useTexts(TEXTS);
  if (Array.isArray(value))
    return (
      <ul style={{ margin: 0, paddingInlineStart: value.length > 1 ? 18 : 0, listStyle: value.length > 1 ? undefined : "none" }}>
        {value.map((one, place) => (
          <li key={place}>{name === "duplicates" ? <Link to={`/tickets/${String(one)}`}>{String(one)}</Link> : written(one)}</li>
        ))}
      </ul>
    );
  const said = written(value);
  if (name === "urgency") return t.urgencies[said] ?? said;
  if (!CODED.has(name)) return said;
  // "119 clear": the service, and how sure the danger is.
  return said.split(" ").map((word) => t.values[word] ?? word).join(" ");
}

/** A question (`missing`), an entry (`knowledge`) or a plain value, as text. */
function written(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if ("question" in value) return String(value.question);
  return "title" in value ? String(value.title) : JSON.stringify(value);
}
