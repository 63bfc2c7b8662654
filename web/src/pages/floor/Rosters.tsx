import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, DatePicker, Empty, Form, Input, Modal, Select, Table, Tag } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { KINDS, useQueueTitles } from "../../parts/names";
import { PageHead } from "../../parts/PageHead";
import { wallTime } from "../../parts/time";
import { useOrder } from "./floor";
import { TEXTS } from "./texts";

type Duty = Schema["Roster"]["duties"][number];
interface Values {
  account: string;
  kind: Schema["RosterInput"]["kind"];
  queue: string;
  title: string;
  span: [Dayjs, Dayjs];
}

/** When experts serve and leaders take calls themselves. */
export default function Rosters() {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const titleOf = useQueueTitles();
  const kindNames = useTexts(KINDS);
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<Duty | null>(null);
  const [why, setWhy] = useState("");
  const duties = useQuery({ queryKey: ["rosters"], queryFn: () => answer(client.GET("/rosters")) });
  const again = () => void queries.invalidateQueries({ queryKey: ["rosters"] });
  const close = () => {
    setEnding(null);
    setWhy("");
  };
  const callOff = useOrder(
    () => answer(client.POST("/rosters/{duty}/call-off", { params: { path: { duty: ending?.id ?? 0 } }, body: { reason: why } })),
    () => {
      close();
      again();
    },
  );
  const columns = [
    { title: t.from, dataIndex: "starts_at", render: (at: string) => wallTime(at).slice(0, 16) },
    { title: t.until, dataIndex: "ends_at", render: (at: string) => wallTime(at).slice(0, 16) },
    { title: t.account, dataIndex: "account" },
    { title: t.dutyTitle, dataIndex: "title" },
    { title: t.kind, dataIndex: "kind", render: (kind: string) => kindNames[kind] ?? kind },
    { title: t.queue, dataIndex: "queue", render: titleOf },
    { title: t.state, render: (_: unknown, one: Duty) => (one.called_off_at !== null ? <Tag>{t.calledOff} {one.reason}</Tag> : one.now ? <Tag color="green">{t.onDuty}</Tag> : "–") },
    { title: t.setBy, dataIndex: "set_by", render: (by: string) => by.replace("account:", "") },
    { title: t.actions, render: (_: unknown, one: Duty) => one.called_off_at === null && <Button size="small" onClick={() => setEnding(one)}>{t.callOff}</Button> },
  ];
  return (
    <>
      <PageHead title={t.rosters}><Button type="primary" onClick={() => setAdding(true)}>{t.duty}</Button></PageHead>
      {duties.error && <FailureNote failure={duties.error} retry={() => void duties.refetch()} />}
      <Table<Duty> size="small" rowKey="id" loading={duties.isPending} pagination={false} columns={columns} dataSource={duties.data?.duties ?? []} locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.noDuties} /> }} />
      {adding && <Add onClose={() => setAdding(false)} onAdded={again} />}
      {ending && (
        <Modal open title={`${t.callOff} ${ending.title || ending.account}`} okText={t.confirm} cancelText={t.cancel} onOk={() => callOff.mutate(undefined)} onCancel={close} okButtonProps={{ disabled: why.trim().length < 2 }}>
          <Input autoFocus aria-label={t.callOffReason} placeholder={t.callOffReason} value={why} onChange={(event) => setWhy(event.target.value)} />
          {callOff.error && <FailureNote failure={callOff.error} />}
        </Modal>
      )}
    </>
  );
}

function Add({ onClose, onAdded }: { onClose: () => void; onAdded: () => void }) {
  const t = useTexts(TEXTS);
  const [form] = Form.useForm<Values>();
  const titleOf = useQueueTitles();
  const kindNames = useTexts(KINDS);
  const queues = useQuery({ queryKey: ["queues"], queryFn: () => answer(client.GET("/queues")) });
  const add = useOrder(
    ({ span: [from, until], ...given }: Values) => answer(client.POST("/rosters", { body: { ...given, starts_at: from.toISOString(), ends_at: until.toISOString() } })),
    () => {
      onAdded();
      onClose();
    },
  );
  const kinds = ["expert", "leader"].map((value) => ({ value, label: kindNames[value] }));
  const options = (queues.data?.queues ?? []).map((one) => ({ value: one.name, label: titleOf(one.name) }));
  return (
    <Modal open title={t.duty} okText={t.save} cancelText={t.cancel} onOk={() => form.submit()} onCancel={onClose} confirmLoading={add.isPending}>
      <Form form={form} layout="vertical" initialValues={{ kind: "expert", queue: "general", title: "" }} onFinish={(values) => add.mutate(values)}>
        <Form.Item name="account" label={t.account} rules={[{ required: true }]}><Input autoFocus /></Form.Item>
        <Form.Item name="title" label={t.dutyTitle}><Input maxLength={60} /></Form.Item>
        <Form.Item name="kind" label={t.kind}><Select options={kinds} /></Form.Item>
        <Form.Item name="queue" label={t.queue}><Select options={options} /></Form.Item>
        <Form.Item name="span" label={t.span} rules={[{ required: true }]}><DatePicker.RangePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" style={{ width: "100%" }} /></Form.Item>
      </Form>
      {add.error && <FailureNote failure={add.error} />}
    </Modal>
  );
}
