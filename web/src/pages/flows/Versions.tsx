import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Card, DatePicker, Flex, Form, Input, Select, Tag, Typography } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMay } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { wallTime } from "../../parts/time";
import type { Marks } from "./Canvas";
import { TEXTS } from "./texts";

interface Props {
  flow: Schema["FlowAnswer"];
  draftVersion: number;
  dirty: boolean;
  onMarks: (marks: Marks) => void;
}

const NONE: number[] = [];

/** What is in force, what has changed since, publishing and going back. */
export function Versions({ flow, draftVersion, dirty, onMarks }: Props) {
  const t = useTexts(TEXTS);
  const mayPublish = useMay()("flow.publish");
  const path = { name: flow.name };
  const versions = useQuery({ queryKey: ["flow-versions", flow.name], queryFn: () => answer(client.GET("/flows/{name}/versions", { params: { path } })) });
  // Read anew after a release; the flow on the page stays as it was opened.
  const list = useQuery({ queryKey: ["flow-list"], queryFn: () => answer(client.GET("/flows")) });
  const inForce = list.data?.flows.find((one) => one.name === flow.name)?.in_force;
  return (
    <Flex vertical gap={12}>
      {versions.error && <FailureNote failure={versions.error} retry={() => void versions.refetch()} />}
      <Changes name={flow.name} draftVersion={draftVersion} numbers={versions.data?.versions.map(({ number }) => number) ?? NONE} onMarks={onMarks} />
      {mayPublish ? dirty ? t.saveFirst : <Publish name={flow.name} draftVersion={draftVersion} /> : <Typography.Text type="secondary">{t.twoPeople}</Typography.Text>}
      {versions.data?.versions.map((version) => (
        <Card key={version.number} size="small" title={`v${version.number}`} extra={version.number === inForce && <Tag color="green">{t.current}</Tag>}>
          <div>{version.reason}</div>
          <Typography.Text type="secondary">{wallTime(version.published_at)} · {version.published_by}</Typography.Text>
          {mayPublish && version.number !== inForce && <Rollback name={flow.name} number={version.number} />}
        </Card>
      ))}
    </Flex>
  );
}

function useReleased(name: string) {
  const queries = useQueryClient();
  return () => {
    for (const key of [["flow-versions", name], ["flow-difference", name], ["flow-list"]]) void queries.invalidateQueries({ queryKey: key });
  };
}

function Publish({ name, draftVersion }: { name: string; draftVersion: number }) {
  const t = useTexts(TEXTS);
  const { message } = App.useApp();
  const released = useReleased(name);
  const [form] = Form.useForm<{ reason: string; from?: Dayjs }>();
  const publish = useMutation({
    mutationFn: ({ reason, from }: { reason: string; from?: Dayjs }) =>
      answer(client.POST("/flows/{name}/publish", { params: { path: { name } }, body: { draft_version: draftVersion, reason, effective_from: from ? from.toISOString() : null } })),
    onSuccess: (version) => {
      form.resetFields();
      released();
      void message.success(t.published(version.number));
    },
  });
  return (
    <Form form={form} layout="vertical" size="small" onFinish={(given) => publish.mutate(given)}>
      <Form.Item name="reason" label={t.reason} rules={[{ required: true, message: t.reasonNeeded }]}>
        <Input.TextArea rows={2} />
      </Form.Item>
      <Form.Item name="from" label={t.planned}>
        <DatePicker showTime />
      </Form.Item>
      <Flex vertical gap={8}>
        {publish.error && <FailureNote failure={publish.error} />}
        <Button type="primary" htmlType="submit" loading={publish.isPending}>{t.publishTitle}</Button>
      </Flex>
    </Form>
  );
}

function Rollback({ name, number }: { name: string; number: number }) {
  const t = useTexts(TEXTS);
  const { message } = App.useApp();
  const released = useReleased(name);
  const [reason, setReason] = useState("");
  const rollback = useMutation({
    mutationFn: () => answer(client.POST("/flows/{name}/rollback", { params: { path: { name } }, body: { number, reason: reason || `${t.rollback} v${number}` } })),
    onSuccess: () => {
      released();
      void message.success(t.rolledBack(number));
    },
  });
  return (
    <Flex vertical gap={4}>
      <Input size="small" aria-label={t.reason} placeholder={t.reason} value={reason} onChange={(event) => setReason(event.target.value)} />
      {rollback.error && <FailureNote failure={rollback.error} />}
      <Button size="small" danger loading={rollback.isPending} onClick={() => rollback.mutate()}>{t.rollback}</Button>
    </Flex>
  );
}

interface Compared {
  name: string;
  draftVersion: number;
  numbers: readonly number[];
  onMarks: (marks: Marks) => void;
}

interface Found {
  added: readonly string[];
  removed: readonly string[];
  changed: readonly { node: string; fields: Record<string, unknown> }[];
  edges_added: readonly (readonly string[])[];
  edges_removed: readonly (readonly string[])[];
  settings: Record<string, unknown>;
  text: readonly string[];
}

const DRAFT = 0;

/** What is different between two versions, or a version and the draft: in words, on the drawing, as text. */
function Changes({ name, draftVersion, numbers, onMarks }: Compared) {
  const t = useTexts(TEXTS);
  const [chosen, setChosen] = useState<{ before?: number; after: number }>({ after: DRAFT });
  const before = chosen.before ?? numbers[0];
  const query = { ...(before ? { before } : {}), ...(chosen.after ? { after: chosen.after } : {}) };
  const changes = useQuery({ queryKey: ["flow-difference", name, draftVersion, query], queryFn: () => answer(client.GET("/flows/{name}/difference", { params: { path: { name }, query } })) });
  const versions = numbers.map((value) => ({ value, label: `v${value}` }));
  const show = ({ added, changed }: Found) => onMarks(new Map([...added.map((node) => [node, "added"] as const), ...changed.map(({ node }) => [node, "changed"] as const)]));
  return (
    <Card size="small" title={t.difference}>
      {numbers.length > 0 && (
        <Flex gap={4} align="center" style={{ marginBottom: 8 }}>
          <Select size="small" aria-label={t.comparedBefore} value={before} options={versions} onChange={(number: number) => setChosen({ ...chosen, before: number })} />
          →
          <Select size="small" aria-label={t.comparedAfter} value={chosen.after} options={[{ value: DRAFT, label: t.draft }, ...versions]} onChange={(after: number) => setChosen({ ...chosen, after })} />
        </Flex>
      )}
      {changes.error && <FailureNote failure={changes.error} retry={() => void changes.refetch()} />}
      {changes.data && <Difference changes={changes.data} onShow={() => show(changes.data)} />}
    </Card>
  );
}

function Difference({ changes, onShow }: { changes: Found; onShow: () => void }) {
  const t = useTexts(TEXTS);
  const { added, removed, changed, edges_added: drawn, edges_removed: cut, settings, text } = changes;
  const none = text.length === 0;
  return (
    <Flex vertical gap={8}>
      {none ? t.noDifference : <Button size="small" onClick={onShow}>{t.showOnDrawing}</Button>}
      <Flex gap={4} wrap>
        {added.map((node) => <Tag key={node} color="green">{`${t.added} ${node}`}</Tag>)}
        {removed.map((node) => <Tag key={node} color="red">{`${t.removed} ${node}`}</Tag>)}
        {changed.map(({ node, fields }) => <Tag key={node} color="gold" title={Object.keys(fields).join(", ")}>{`${t.changed} ${node}`}</Tag>)}
        {Object.keys(settings).map((field) => <Tag key={field} color="gold">{`${t.changed} ${field}`}</Tag>)}
        {drawn.map(([from, to]) => <Tag key={`${from}+${to}`} color="green">{`＋ ${from} → ${to}`}</Tag>)}
        {cut.map(([from, to]) => <Tag key={`${from}-${to}`} color="red">{`－ ${from} → ${to}`}</Tag>)}
      </Flex>
      {!none && <pre className="flow-text-difference" tabIndex={0} aria-label={t.differenceText}>{text.map((line, at) => <div key={at} className={line.startsWith("+") ? "more" : line.startsWith("-") ? "less" : ""}>{line}</div>)}</pre>}
    </Flex>
  );
}
