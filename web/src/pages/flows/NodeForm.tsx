import { Button, Flex, Form, Input, InputNumber, Select, Typography } from "antd";
import { useState } from "react";
import { useLanguage, useTexts } from "../../app/language";
import { SchemaField, type JsonSchema } from "./SchemaField";
import { renamed, withNode, type FlowNode, type Graph, type NodeType, type Types } from "./graph";
import { TEXTS } from "./texts";

interface Props {
  id: string;
  graph: Graph;
  types: Types;
  faults: readonly string[];
  mayEdit: boolean;
  onChange: (graph: Graph) => void;
  onRename: (id: string) => void;
}

const KEYS: JsonSchema = { type: "object", additionalProperties: { type: "string" }, "x-exit": "caller" };
const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** The form of one node, made from its type's schema. */
export function NodeForm({ id, graph, types, faults, mayEdit, onChange, onRename }: Props) {
  const t = useTexts(TEXTS);
  const [language] = useLanguage();
  const node = graph.nodes[id];
  if (!node) return null;
  const type = types.get(node.type);
  const schema = (type?.schema ?? { properties: {} }) as JsonSchema;
  const set = (field: string, value: unknown) => {
    const kept = Object.entries({ ...node, [field]: value }).filter(([, one]) => one !== undefined);
    onChange(withNode(graph, id, Object.fromEntries(kept) as FlowNode));
  };
  const fields = Object.entries(schema.properties ?? {}).filter(([field]) => field !== "type");
  return (
    <Form layout="vertical" size="small" disabled={!mayEdit} component="div">
      <Typography.Paragraph type="secondary">{help(type, language)}</Typography.Paragraph>
      {faults.map((fault) => (
        <Typography.Paragraph key={fault} type="danger" role="alert">
          {fault}
        </Typography.Paragraph>
      ))}
      <NodeId key={id} id={id} graph={graph} onRename={(to) => { onChange(renamed(graph, id, to, types)); onRename(to); }} />
      {fields.map(([field, own]) => (
        <Form.Item key={field} label={(language === "zh" ? own.title_zh : own.title) ?? own.title} htmlFor={`${id}-${field}`}>
          <SchemaField id={`${id}-${field}`} schema={own} root={schema} value={node[field] ?? own.default} onChange={(value) => set(field, value)} nodes={Object.keys(graph.nodes)} />
        </Form.Item>
      ))}
      {graph.start !== id && (
        <Button onClick={() => onChange({ ...graph, start: id })}>▶ {t.start}</Button>
      )}
    </Form>
  );
}

function help(type: NodeType | undefined, language: string): string {
  return (language === "zh" ? type?.help_zh : type?.help) ?? "";
}

function NodeId({ id, graph, onRename }: { id: string; graph: Graph; onRename: (to: string) => void }) {
  const t = useTexts(TEXTS);
  const [typed, setTyped] = useState(id);
  const wrong = typed !== id && (!ID.test(typed) || typed in graph.nodes);
  return (
    <Form.Item label={t.nodeId} validateStatus={wrong ? "error" : ""} help={wrong ? t.taken : undefined} htmlFor={`${id}-id`}>
      <Input id={`${id}-id`} value={typed} onChange={(event) => setTyped(event.target.value)} onBlur={() => !wrong && typed !== id && onRename(typed)} onPressEnter={() => !wrong && typed !== id && onRename(typed)} />
    </Form.Item>
  );
}

/** Keys that lead somewhere wherever the caller is, and the flow's own settings. */
export function FlowForm({ graph, mayEdit, onChange }: { graph: Graph; mayEdit: boolean; onChange: (graph: Graph) => void }) {
  const t = useTexts(TEXTS);
  const nodes = Object.keys(graph.nodes).map((value) => ({ value, label: value }));
  return (
    <Form layout="vertical" size="small" disabled={!mayEdit} component="div">
      <Form.Item label={t.title} htmlFor="flow-title">
        <Input id="flow-title" key={graph.title} defaultValue={graph.title} onBlur={(event) => event.target.value !== graph.title && onChange({ ...graph, title: event.target.value })} />
      </Form.Item>
      <Form.Item label={t.start} htmlFor="flow-start">
        <Select id="flow-start" value={graph.start} options={nodes} onChange={(start) => onChange({ ...graph, start })} />
      </Form.Item>
      <Form.Item label={t.exhausted} htmlFor="flow-exhausted">
        <Select id="flow-exhausted" value={graph.exhausted || undefined} options={nodes} onChange={(exhausted) => onChange({ ...graph, exhausted })} />
      </Form.Item>
      <Form.Item label={t.keysEverywhere} htmlFor="flow-keys-0">
        <SchemaField id="flow-keys" schema={KEYS} root={KEYS} value={graph.keys} onChange={(keys) => onChange({ ...graph, keys: keys as Graph["keys"] })} nodes={Object.keys(graph.nodes)} />
      </Form.Item>
      <Form.Item label={t.visits} htmlFor="flow-visits">
        <InputNumber id="flow-visits" min={1} max={100} value={(graph["visits"] as number | undefined) ?? 4} onChange={(visits) => onChange({ ...graph, visits: visits ?? 4 })} />
      </Form.Item>
      <Form.Item label={t.languages} htmlFor="flow-languages">
        <Select id="flow-languages" mode="tags" value={(graph["languages"] as string[] | undefined) ?? ["zh-CN"]} options={["zh-CN", "en"].map((value) => ({ value, label: value }))} onChange={(languages: string[]) => onChange({ ...graph, languages })} />
      </Form.Item>
      <Flex vertical>
        <Typography.Paragraph type="secondary">{t.pickNode}</Typography.Paragraph>
      </Flex>
    </Form>
  );
}
