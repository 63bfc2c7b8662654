import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Card, Checkbox, Flex, Form, Input, InputNumber, Modal, Popconfirm, Select, Space, Table, Typography } from "antd";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { useQueueTitles } from "../../parts/names";
import { PageHead } from "../../parts/PageHead";
import { clock } from "../../parts/time";
import { useOrder } from "./floor";
import { Profile } from "./Profile";
import { levels, writtenLevels } from "./levels";
import { TEXTS } from "./texts";

type Queue = Schema["QueueAnswer"];
type Rule = Schema["QueueInput"];

/** How callers wait, who serves them, and what each agent can. */
export default function Queues() {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const titleOf = useQueueTitles();
  const [edited, setEdited] = useState<Queue | "new" | null>(null);
  const queues = useQuery({ queryKey: ["queues"], refetchInterval: 5_000, queryFn: () => answer(client.GET("/queues")) });
  const again = () => void queries.invalidateQueries({ queryKey: ["queues"] });
  const remove = useOrder((name: string) => answer(client.DELETE("/queues/{name}", { params: { path: { name } } })), again);
  const columns = [
    { title: t.queue, dataIndex: "name", width: 160, render: (name: string) => <>{titleOf(name)}{titleOf(name) !== name && <Typography.Text type="secondary"> {name}</Typography.Text>}</> },
    { title: t.title, render: (_: unknown, one: Queue) => one.rule.title || "–" },
    { title: t.goalColumn, render: (_: unknown, one: Queue) => `${Math.round(one.rule.goal_share * 100)}% / ${one.rule.goal_within_s} ${t.seconds}` },
    { title: t.needs, render: (_: unknown, one: Queue) => writtenLevels(one.rule.needs) || "–" },
    { title: t.inQueue, render: (_: unknown, one: Queue) => (one.live ? `${one.live.waiting}（${clock(one.live.longest_wait_s)}）` : "–") },
    { title: t.serving, render: (_: unknown, one: Queue) => (one.live ? `${one.live.seats["ready"] ?? 0} / ${one.live.seats["talking"] ?? 0}` : "–") },
    { title: t.changed, dataIndex: "changed_by", render: (by: string) => by.replace("account:", "") || "–" },
    {
      title: t.actions, width: 150,
      render: (_: unknown, one: Queue) => (
        <Space>
          <Button size="small" onClick={() => setEdited(one)}>{t.edit}</Button>
          {one.name !== "general" && (
            <Popconfirm title={t.removeSure} onConfirm={() => remove.mutate(one.name)}><Button size="small" danger type="text">{t.remove}</Button></Popconfirm>
          )}
        </Space>
      ),
    },
  ];
  return (
    <>
      <PageHead title={t.queues}><Button type="primary" onClick={() => setEdited("new")}>{t.add}</Button></PageHead>
      <Flex vertical gap={16}>
        {(queues.error ?? remove.error) && <FailureNote failure={queues.error ?? remove.error} retry={() => void queues.refetch()} />}
        <Table<Queue> size="small" rowKey="name" loading={queues.isPending} pagination={false} columns={columns} dataSource={queues.data?.queues ?? []} />
        <Card size="small" title={t.profile}><Profile queues={(queues.data?.queues ?? []).map((one) => one.name)} /></Card>
      </Flex>
      {edited && <Edit queue={edited === "new" ? null : edited} names={(queues.data?.queues ?? []).map((one) => one.name)} onClose={() => setEdited(null)} onSaved={again} />}
    </>
  );
}

interface Values {
  name: string;
  title: string;
  share: number;
  within: number;
  selection: Rule["selection"];
  needs: string;
  relax: number | null;
  overflow: number | null;
  to: "queue" | "call_back" | "recording";
  queue: string;
  announce: number | null;
  offered: number | null;
  by_roster: boolean;
}

/** The form changes what it shows; rules it does not know stay as they are. */
function ruleOf(values: Values, before: Rule | undefined): Rule {
  const relaxations = values.relax === null ? [] : [{ after_s: values.relax, needs: {} }];
  const overflows = values.overflow === null ? [] : [{ to: values.to, queue: values.to === "queue" ? values.queue : "", after_s: values.overflow, closed: false }];
  const offer = before?.call_back ?? { every_s: 120, key: "1", words: ["回电", "回拨"] };
  return {
    title: values.title,
    goal_share: values.share / 100,
    goal_within_s: values.within,
    selection: values.selection,
    needs: levels(values.needs),
    relaxations: [...relaxations, ...(before?.relaxations ?? []).slice(1)],
    overflows: [...overflows, ...(before?.overflows ?? []).slice(1)],
    hours: before?.hours ?? null,
    by_roster: values.by_roster,
    announce_every_s: values.announce,
    call_back: values.offered === null ? null : { ...offer, after_s: values.offered },
  };
}

function Edit({ queue, names, onClose, onSaved }: { queue: Queue | null; names: readonly string[]; onClose: () => void; onSaved: () => void }) {
  const t = useTexts(TEXTS);
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const rule = queue?.rule;
  const put = useOrder(
    (values: Values) => answer(client.PUT("/queues/{name}", { params: { path: { name: queue?.name ?? values.name } }, body: ruleOf(values, rule) })),
    () => {
      void message.success(t.saved);
      onSaved();
      onClose();
    },
  );
  const first = rule?.overflows[0];
  const initial: Partial<Values> = {
    name: queue?.name ?? "", title: rule?.title ?? "", share: (rule?.goal_share ?? 0.95) * 100, within: rule?.goal_within_s ?? 15, selection: rule?.selection ?? "longest_idle",
    needs: writtenLevels(rule?.needs ?? {}), relax: rule?.relaxations[0]?.after_s ?? null, overflow: first?.after_s ?? null, to: first?.to ?? "queue", queue: first?.queue || "general",
    announce: rule?.announce_every_s ?? null, offered: rule?.call_back?.after_s ?? null, by_roster: rule?.by_roster ?? false,
  };
  const number = <InputNumber min={1} max={7200} placeholder={t.none} style={{ width: "100%" }} />;
  return (
    <Modal open title={queue ? `${t.edit} ${queue.rule.title || queue.name}` : t.add} okText={t.save} cancelText={t.cancel} onOk={() => form.submit()} onCancel={onClose} confirmLoading={put.isPending} width={640}>
      <Form form={form} layout="vertical" size="small" initialValues={initial} onFinish={(values) => put.mutate(values)} style={{ display: "grid", gridTemplateColumns: "1fr 1fr", columnGap: 16 }}>
        <Form.Item name="name" label={t.name} extra={t.nameHint} rules={[{ required: true, pattern: /^[a-z][a-z0-9_-]{0,31}$/, message: t.nameHint }]}><Input disabled={queue !== null} /></Form.Item>
        <Form.Item name="title" label={t.title}><Input maxLength={60} /></Form.Item>
        <Form.Item name="share" label={`${t.share} %`}><InputNumber min={1} max={100} style={{ width: "100%" }} /></Form.Item>
        <Form.Item name="within" label={t.within}>{number}</Form.Item>
        <Form.Item name="selection" label={t.selection}><Select options={Object.entries(t.selections).map(([value, label]) => ({ value, label }))} /></Form.Item>
        <Form.Item name="needs" label={t.needs} extra={t.needsHint}><Input /></Form.Item>
        <Form.Item name="relax" label={t.relax}>{number}</Form.Item>
        <Form.Item name="announce" label={t.announce}>{number}</Form.Item>
        <Form.Item name="overflow" label={t.overflow}>{number}</Form.Item>
        <Form.Item label={t.overflowTo}>
          <Space.Compact block>
            <Form.Item name="to" noStyle><Select style={{ width: "50%" }} options={Object.entries(t.targets).map(([value, label]) => ({ value, label }))} /></Form.Item>
            <Form.Item name="queue" noStyle><Select style={{ width: "50%" }} options={names.filter((one) => one !== queue?.name).map((value) => ({ value, label: value }))} /></Form.Item>
          </Space.Compact>
        </Form.Item>
        <Form.Item name="offered" label={t.offered}>{number}</Form.Item>
        <Form.Item name="by_roster" valuePropName="checked" label=" "><Checkbox>{t.byRoster}</Checkbox></Form.Item>
      </Form>
      {put.error && <FailureNote failure={put.error} />}
    </Modal>
  );
}
