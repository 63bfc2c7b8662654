import { CheckOutlined, SoundOutlined } from "@ant-design/icons";
import { AutoComplete, Button, Empty, Input, Select, Tag, theme, Tooltip, Typography } from "antd";
import { useTexts } from "../../app/language";
import { ORDER, type DeskDraft, type Field, type Span } from "./draft";
import { Panel } from "./Panel";
import { TEXTS } from "./texts";

const CATEGORIES = ["咨询", "求助", "投诉", "举报", "建议", "表扬", "批评", "其他"];
const LONG = new Set(["summary", "request"]);
// Below this a field is asked about rather than believed (as on the ticket's page).
const UNSURE_BELOW = 0.6;

interface Props {
  draft: DeskDraft;
  live: boolean;
  onHear: (spans: readonly Span[]) => void;
}

/** The ticket as a form that fills itself: each field is accepted, corrected or heard. */
export function DraftPanel({ draft, live, onHear }: Props) {
  const t = useTexts(TEXTS);
  const { work, template } = draft;
  const own = template.filter((wanted) => wanted.own).map((wanted) => wanted.field);
  const units = draft.fields["units"]?.value;
  const empty = Object.keys(draft.fields).length === 0 && work.callId === "";
  return (
    <Panel title={t.draft} extra={<Extra draft={draft} live={live} />} style={{ flex: 1 }}>
      <div className="desk-scroll" id="desk-draft">
        {empty && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.noDraft} />}
        {!empty && [...ORDER, ...own].map((name) => <Row key={name} name={name} draft={draft} onHear={onHear} />)}
        {!empty && Array.isArray(units) && units.length > 0 && (
          <div className="desk-field">
            <label>{t.fields["units"]}</label>
            <span style={{ paddingTop: 4 }}>{(units as string[]).map((unit) => <Tag key={unit}>{unit}</Tag>)}</span>
          </div>
        )}
      </div>
    </Panel>
  );
}

function Extra({ draft, live }: { draft: DeskDraft; live: boolean }) {
  const t = useTexts(TEXTS);
  if (live) return <Tag color="processing" style={{ margin: 0 }}>{t.filling}</Tag>;
  if (draft.ticket) return <Typography.Text type="secondary" data-ticket={draft.ticket.ticket_id}>{draft.ticket.ticket_id}</Typography.Text>;
  return null;
}

function Row({ name, draft, onHear }: { name: string; draft: DeskDraft; onHear: Props["onHear"] }) {
  const t = useTexts(TEXTS);
  const { token } = theme.useToken();
  const { work, change, template } = draft;
  const field = draft.fields[name];
  const value = draft.value(name);
  const required = template.some((wanted) => wanted.field === name);
  const accepted = work.accepted.includes(name);
  const spans = field?.spans ?? [];
  const set = (to: string) => change({ edits: { ...work.edits, [name]: to }, accepted: [...work.accepted.filter((one) => one !== name), name] });
  const accept = () => {
    // What is masked stays the service's: a masked number sent back would overwrite the true one.
    const edits = value.includes("*") || value === "" ? work.edits : { ...work.edits, [name]: value };
    change({ edits, accepted: accepted ? work.accepted.filter((one) => one !== name) : [...work.accepted, name] });
    if (!accepted) focusNext(name);
  };
  const unsure = value !== "" && !accepted && field !== undefined && field.confidence < UNSURE_BELOW;
  return (
    <div
      className="desk-field"
      data-field={name}
      data-accepted={accepted}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.altKey || !LONG.has(name)) && !event.ctrlKey && value !== "" && !event.nativeEvent.isComposing && name !== "category" && name !== "urgency") {
          event.preventDefault();
          if (accepted) focusNext(name);
          else accept();
        }
        if (event.altKey && event.code === "KeyL" && spans.length > 0) onHear(spans);
      }}
    >
      <label htmlFor={`desk-${name}`} style={{ color: token.colorTextSecondary }}>
        {required && <span style={{ color: token.colorError }} title={t.required}>* </span>}
        {t.fields[name] ?? name}
      </label>
      <Editor name={name} value={value} field={field} status={required && value.trim() === "" ? "warning" : ""} onChange={set} />
      <span className="desk-side">
        {unsure && <Tag color="orange" style={{ margin: 0, paddingInline: 3, fontSize: 11 }}>{Math.round(field.confidence * 100)}%</Tag>}
        {spans.length > 0 && (
          <Tooltip title={spans.map((span) => span.words).join(" … ")} placement="left">
            <Button size="small" type="text" tabIndex={-1} aria-label={`${t.hear} ${t.fields[name] ?? name}`} icon={<SoundOutlined />} onClick={() => onHear(spans)} />
          </Tooltip>
        )}
        {value !== "" && (
          <Button size="small" type="text" tabIndex={-1} aria-label={`${t.accept} ${t.fields[name] ?? name}`} aria-pressed={accepted} icon={<CheckOutlined style={{ color: accepted ? token.colorSuccess : token.colorTextQuaternary }} />} onClick={accept} />
        )}
      </span>
    </div>
  );
}

interface EditorProps {
  name: string;
  value: string;
  field: Field | undefined;
  status: "" | "warning";
  onChange: (to: string) => void;
}

function Editor({ name, value, field, status, onChange }: EditorProps) {
  const t = useTexts(TEXTS);
  const shared = { id: `desk-${name}`, size: "small", variant: "filled", status } as const;
  if (name === "category") return <Select {...shared} showSearch value={value || null} options={CATEGORIES.map((one) => ({ value: one, label: one }))} onChange={onChange} />;
  if (name === "urgency") return <Select {...shared} value={value || null} options={Object.entries(t.urgencies).map(([key, label]) => ({ value: key, label }))} onChange={onChange} />;
  if (name === "topic") {
    const options = (field?.ranking ?? []).map(([path]) => ({ value: path }));
    return <AutoComplete {...shared} value={value} options={options} onChange={onChange} />;
  }
  if (LONG.has(name)) return <Input.TextArea {...shared} value={value} autoSize={{ minRows: name === "summary" ? 2 : 1, maxRows: 4 }} onChange={(to) => onChange(to.target.value)} />;
  return <Input {...shared} value={value} onChange={(to) => onChange(to.target.value)} />;
}

/** To the first field after `name` that nobody has accepted; then to the button that ends it. */
export function focusNext(name: string | null, step: 1 | -1 = 1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("#desk-draft [data-field]")];
  const at = name === null ? (step === 1 ? -1 : rows.length) : rows.findIndex((row) => row.dataset["field"] === name);
  const rest = step === 1 ? rows.slice(at + 1) : rows.slice(0, Math.max(0, at)).reverse();
  const next = rest.find((row) => row.dataset["accepted"] !== "true");
  (next?.querySelector<HTMLElement>("input, textarea") ?? document.getElementById("desk-submit"))?.focus();
}
