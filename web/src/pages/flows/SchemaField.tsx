import { Button, Card, Flex, Input, InputNumber, Select, Switch } from "antd";
import { useState } from "react";
import { useLanguage, useTexts } from "../../app/language";
import { PromptPicker } from "./PromptPicker";
import { TEXTS } from "./texts";

export interface JsonSchema {
  type?: string;
  title?: string;
  title_zh?: string;
  default?: unknown;
  enum?: readonly unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  patternProperties?: Record<string, JsonSchema>;
  required?: readonly string[];
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  "x-exit"?: string;
  "x-kind"?: string;
}

interface Props {
  id: string;
  schema: JsonSchema;
  root: JsonSchema;
  value: unknown;
  onChange: (value: unknown) => void;
  nodes: readonly string[];
}

const LONG = 200;

/** The control that suits a schema. What none suits is written as JSON. */
export function SchemaField(props: Props) {
  const { id, root, value, onChange, nodes } = props;
  const t = useTexts(TEXTS);
  const schema = resolved(props.schema, root);
  const values = valuesOf(schema);
  if (schema["x-kind"] === "prompts") return <PromptPicker id={id} value={value as string[] | undefined} onChange={onChange} />;
  if (values) return <KeyRows {...props} schema={values} />;
  if (schema.type === "array" && resolved(schema.items ?? {}, root).properties) return <Rows {...props} schema={schema} />;
  if (schema["x-exit"]) return <Select id={id} showSearch allowClear value={typeof value === "string" && value ? value : undefined} placeholder={t.notDrawn} options={nodes.map((node) => ({ value: node, label: node }))} onChange={(to: string | undefined) => onChange(to ?? "")} />;
  if (schema.enum) return <Select id={id} value={value} options={schema.enum.map((one) => ({ value: one, label: String(one) }))} onChange={onChange} />;
  switch (schema.type) {
    case "number":
    case "integer":
      return <InputNumber id={id} value={value as number} {...(schema.minimum === undefined ? {} : { min: schema.minimum })} {...(schema.maximum === undefined ? {} : { max: schema.maximum })} onChange={(given) => onChange(given ?? undefined)} style={{ width: "100%" }} />;
    case "boolean":
      return <Switch id={id} checked={Boolean(value)} onChange={onChange} />;
    case "array":
      if (schema.items?.type === "string") return <Select id={id} mode="tags" value={(value as string[] | undefined) ?? []} onChange={onChange} />;
      return <Json {...props} />;
    case "string":
      return <Text id={id} key={String(value ?? "")} value={String(value ?? "")} long={(schema.maxLength ?? 0) > LONG} onChange={onChange} />;
    default:
      return schema.properties ? <Parts {...props} schema={schema} /> : <Json {...props} />;
  }
}

/** Text is handed on when it is finished, so that undo goes by words and not by letters. */
function Text({ id, value, long, onChange }: { id: string; value: string; long: boolean; onChange: (value: string) => void }) {
  const done = (typed: string) => typed !== value && onChange(typed);
  return long ? <Input.TextArea id={id} rows={2} defaultValue={value} onBlur={(event) => done(event.target.value)} /> : <Input id={id} defaultValue={value} onBlur={(event) => done(event.target.value)} onPressEnter={(event) => done(event.currentTarget.value)} />;
}

function Parts({ id, schema, root, value, onChange, nodes }: Props) {
  const [language] = useLanguage();
  const whole = (value ?? {}) as Record<string, unknown>;
  return (
    <Flex vertical gap={4}>
      {Object.entries(schema.properties ?? {}).map(([name, own]) => (
        <label key={name}>
          {(language === "zh" ? resolved(own, root).title_zh : undefined) ?? resolved(own, root).title ?? name}
          <SchemaField id={`${id}-${name}`} schema={own} root={root} value={whole[name] ?? own.default} onChange={(one) => onChange({ ...whole, [name]: one })} nodes={nodes} />
        </label>
      ))}
    </Flex>
  );
}

function Rows({ id, schema, root, value, onChange, nodes }: Props) {
  const t = useTexts(TEXTS);
  const rows = (value as unknown[] | undefined) ?? [];
  const item = schema.items ?? {};
  const leads = "to" in (resolved(item, root).properties ?? {});
  return (
    <Flex vertical gap={8}>
      {rows.map((row, at) => (
        <Card key={at} size="small" title={at + 1} extra={<Button size="small" type="text" aria-label={`${t.remove} ${at + 1}`} onClick={() => onChange(rows.filter((_, place) => place !== at))}>✕</Button>}>
          <SchemaField id={`${id}-${at}`} schema={item} root={root} value={row} onChange={(one) => onChange(rows.map((before, place) => (place === at ? one : before)))} nodes={nodes} />
        </Card>
      ))}
      <Button onClick={() => onChange([...rows, leads ? { to: "" } : {}])}>{t.addRow}</Button>
    </Flex>
  );
}

/** A table from keys to nodes or texts. */
function KeyRows({ id, schema, root, value, onChange, nodes, ...more }: Props) {
  const t = useTexts(TEXTS);
  void more;
  const rows = Object.entries((value as Record<string, unknown> | undefined) ?? {});
  const free = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "*", "#"].find((key) => !rows.some(([taken]) => taken === key));
  const one = schema.type === "string" ? { ...schema, "x-exit": schema["x-exit"] ?? "caller" } : schema;
  return (
    <Flex vertical gap={4}>
      {rows.map(([key, to]) => (
        <Flex key={key} gap={4}>
          <Input aria-label={`${t.pressKey} ${key}`} style={{ width: 48 }} defaultValue={key} onBlur={(event) => event.target.value !== key && onChange(Object.fromEntries(rows.map(([before, kept]) => [before === key ? event.target.value : before, kept])))} />
          <div style={{ flex: 1 }}>
            <SchemaField id={`${id}-${key}`} schema={one} root={root} value={to} onChange={(next) => onChange(Object.fromEntries(rows.map(([before, kept]) => [before, before === key ? next : kept])))} nodes={nodes} />
          </div>
          <Button type="text" aria-label={`${t.remove} ${key}`} onClick={() => onChange(Object.fromEntries(rows.filter(([before]) => before !== key)))}>✕</Button>
        </Flex>
      ))}
      {free && <Button onClick={() => onChange(Object.fromEntries([...rows, [free, schema.type === "array" ? [] : ""]]))}>{t.addRow}</Button>}
    </Flex>
  );
}

function Json({ id, value, onChange }: Props) {
  const [broken, setBroken] = useState(false);
  const done = (typed: string) => {
    try {
      onChange(JSON.parse(typed));
      setBroken(false);
    } catch {
      setBroken(true);
    }
  };
  return <Input.TextArea id={id} rows={3} status={broken ? "error" : ""} key={JSON.stringify(value)} defaultValue={JSON.stringify(value ?? null)} onBlur={(event) => done(event.target.value)} />;
}

function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const name = schema.$ref?.split("/").at(-1);
  return name ? { ...root.$defs?.[name], ...schema } : schema;
}

/** The schema of the values of a table, if the schema is one. */
function valuesOf(schema: JsonSchema): JsonSchema | null {
  if (schema.type !== "object" || schema.properties) return null;
  const more = schema.patternProperties ? Object.values(schema.patternProperties)[0] : schema.additionalProperties;
  return typeof more === "object" ? { ...more, ...(schema["x-exit"] ? { "x-exit": schema["x-exit"] } : {}) } : null;
}
