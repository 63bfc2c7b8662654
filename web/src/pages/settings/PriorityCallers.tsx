import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Card, DatePicker, Empty, Flex, Input, Space, Table, Typography } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { wallTime } from "../../parts/time";
import { useSure } from "./policy";
import { TEXTS } from "./texts";

type Caller = Schema["PriorityCallerAnswer"];
const KEY = ["priority-callers"];

/** Numbers that go before others, such as those the elderly have registered. */
export function PriorityCallers() {
  const t = useTexts(TEXTS);
  const sure = useSure();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [number, setNumber] = useState("");
  const [note, setNote] = useState(t.noteDefault);
  const [until, setUntil] = useState<Dayjs | null>(null);
  const list = useQuery({ queryKey: KEY, queryFn: () => answer(client.GET("/priority-callers")) });
  const path = { params: { path: { caller: number } } };
  const change = useMutation({
    mutationFn: (how: "register" | "forget") =>
      how === "register" ? answer(client.PUT("/priority-callers/{caller}", { ...path, body: { note, until: until?.endOf("day").toISOString() ?? null } })) : answer(client.DELETE("/priority-callers/{caller}", path)),
    onSuccess: () => {
      setNumber("");
      void message.success(t.saved);
      return queries.invalidateQueries({ queryKey: KEY });
    },
  });
  const fits = /^[0-9]{5,20}$/.test(number);
  const failure = list.error ?? change.error;
  const columns = [
    { title: t.number, dataIndex: "caller" },
    { title: t.note, dataIndex: "note" },
    { title: t.end, dataIndex: "until", render: (at: string | null) => (at === null ? t.always : wallTime(at).slice(0, 10)) },
    { title: t.setAt, dataIndex: "set_at", render: (at: string) => wallTime(at).slice(0, 16) },
    { title: t.by, dataIndex: "set_by", render: (by: string) => by.replace("account:", "") },
  ];
  return (
    <Card size="small" title={t.priority}>
      <p className="settings-hint">{t.priorityHint}</p>
      <Flex vertical gap={12}>
        <Space wrap>
          <Input aria-label={t.number} placeholder={t.number} inputMode="numeric" style={{ width: 150 }} status={number !== "" && !fits ? "error" : ""} value={number} onChange={(event) => setNumber(event.target.value.trim())} />
          <Input aria-label={t.note} placeholder={t.note} style={{ width: 150 }} maxLength={60} value={note} onChange={(event) => setNote(event.target.value)} />
          <DatePicker aria-label={t.end} placeholder={t.always} style={{ width: 130 }} value={until} onChange={setUntil} />
          <Button type="primary" disabled={!fits} loading={change.isPending} onClick={() => change.mutate("register")}>{t.register}</Button>
          <Button disabled={!fits} onClick={() => sure(t.forgetSure, () => change.mutate("forget"))}>{t.forget}</Button>
        </Space>
        {number !== "" && !fits && <Typography.Text type="danger" role="alert">{t.badNumber}</Typography.Text>}
        {failure && <FailureNote failure={failure} />}
        <Table<Caller> size="small" rowKey={(one) => `${one.caller}${one.set_at}`} loading={list.isPending} pagination={(list.data?.callers.length ?? 0) > 10 ? { pageSize: 10 } : false} columns={columns} dataSource={list.data?.callers ?? []} locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.noPriority} /> }} />
      </Flex>
    </Card>
  );
}
