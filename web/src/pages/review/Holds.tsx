import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Card, Flex, Form, Input, Popconfirm, Popover, Table, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMay } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { wallTime } from "../../parts/time";
import { plain } from "./Calibrations";
import { TEXTS } from "./texts";

const HOLDS = ["keeping", "holds"];
type Given = Schema["HoldGiven"];

function useHolds() {
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey: HOLDS });
  const may = useMay()("recording.hold");
  return {
    may,
    list: useQuery({ queryKey: HOLDS, enabled: may, queryFn: () => answer(client.GET("/retention/holds")) }),
    place: useMutation({ mutationFn: (body: Given) => answer(client.POST("/retention/holds", { body })), onSuccess: again }),
    lift: useMutation({ mutationFn: (id: number) => answer(client.DELETE("/retention/holds/{hold_id}", { params: { path: { hold_id: id } } })), onSuccess: again }),
  };
}

/** Recordings that no rule deletes, because of a court, a police case, a dispute. */
export function Holds() {
  const t = useTexts(TEXTS);
  const { list, place, lift } = useHolds();
  const scores = useMay()("review.score");
  const [form] = Form.useForm<Given>();
  const columns = [
    { title: t.holdCall, dataIndex: "call_id", render: (call: string) => (scores ? <Link to={`/review/${encodeURIComponent(call)}`}>{call}</Link> : call) },
    { title: t.why, dataIndex: "reason" },
    { title: t.placed, key: "placed", render: (_: unknown, one: Schema["HoldAnswer"]) => `${plain(one.placed_by)} ${wallTime(one.placed_at)}` },
    { title: "", key: "lift", render: (_: unknown, one: Schema["HoldAnswer"]) => <Popconfirm title={t.liftSure} onConfirm={() => lift.mutate(one.id)}><Button size="small">{t.lift}</Button></Popconfirm> },
  ];
  const failure = list.error ?? place.error ?? lift.error;
  return (
    <Card size="small" title={t.holds}>
      <Flex vertical gap={12}>
        {failure && <FailureNote failure={failure} />}
        <Table rowKey="id" size="small" columns={columns} loading={list.isPending} dataSource={list.data?.holds ?? []} pagination={false} locale={{ emptyText: t.noHolds }} />
        <Form form={form} layout="inline" size="small" onFinish={(body) => place.mutate(body, { onSuccess: () => form.resetFields() })}>
          <Form.Item name="call_id" rules={[{ required: true, message: t.holdCall }]}><Input aria-label={t.holdCall} placeholder={t.holdCall} style={{ width: 240 }} /></Form.Item>
          <Form.Item name="reason" rules={[{ required: true, min: 2, message: t.holdReason }]}><Input aria-label={t.holdReason} placeholder={t.holdReason} maxLength={400} style={{ width: 320 }} /></Form.Item>
          <Button htmlType="submit" loading={place.isPending}>{t.hold}</Button>
        </Form>
      </Flex>
    </Card>
  );
}

/** On the page of one call: whether it is held, and holding it. */
export function HoldThis({ callId }: { callId: string }) {
  const t = useTexts(TEXTS);
  const { may, list, place } = useHolds();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  if (!may || !list.data) return null;
  const held = list.data.holds.find((one) => one.call_id === callId);
  if (held) return <Tag color="gold" title={held.reason}>{t.held} · {held.reason}</Tag>;
  const form = (
    <Flex vertical gap={8} style={{ width: 320 }}>
      <span>{t.holdHint}</span>
      <Input.Search autoFocus aria-label={t.holdReason} placeholder={t.holdReason} enterButton={t.hold} maxLength={400} value={reason} loading={place.isPending} onChange={({ target }) => setReason(target.value)} onSearch={(text) => text.length >= 2 && place.mutate({ call_id: callId, reason: text }, { onSuccess: () => setOpen(false) })} />
      {place.error && <FailureNote failure={place.error} />}
    </Flex>
  );
  return <Popover content={form} trigger="click" open={open} onOpenChange={setOpen}><Button size="small">{t.hold}</Button></Popover>;
}
