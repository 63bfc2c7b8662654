import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Card, DatePicker, Flex, Form, Input, Tag, Typography } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMay } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { wallTime } from "../../parts/time";
import { TEXTS } from "./texts";

type Flow = Schema["FlowAnswer"];

/** What is in force, what has changed since, publishing and going back. */
export function Versions({ flow, draftVersion, dirty }: { flow: Flow; draftVersion: number; dirty: boolean }) {
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
      <Changes name={flow.name} draftVersion={draftVersion} />
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

function Changes({ name, draftVersion }: { name: string; draftVersion: number }) {
  const t = useTexts(TEXTS);
  const changes = useQuery({ queryKey: ["flow-difference", name, draftVersion], queryFn: () => answer(client.GET("/flows/{name}/difference", { params: { path: { name } } })) });
  if (changes.error) return <FailureNote failure={changes.error} />;
  if (!changes.data) return null;
  const { added, removed, changed, text } = changes.data;
  return (
    <Card size="small" title={t.difference}>
      {added.length + removed.length + changed.length === 0 && t.noDifference}
      <Flex gap={4} wrap>
        {added.map((node) => <Tag key={node} color="green">{`${t.added} ${node}`}</Tag>)}
        {removed.map((node) => <Tag key={node} color="red">{`${t.removed} ${node}`}</Tag>)}
        {changed.map(({ node }) => <Tag key={node} color="gold">{`${t.changed} ${node}`}</Tag>)}
      </Flex>
      {text.length > 0 && <pre style={{ fontSize: 11, overflow: "auto", maxHeight: 160 }}>{text.join("\n")}</pre>}
    </Card>
  );
}
