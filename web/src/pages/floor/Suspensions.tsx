import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Descriptions, Empty, Flex, Input, InputNumber, Modal, Space, Table, Tag, Typography } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMay, useMe } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { MoreButton } from "../../parts/MoreButton";
import { PageHead } from "../../parts/PageHead";
import { wallTime } from "../../parts/time";
import { Appeal } from "./Appeal";
import { useOrder } from "./floor";
import { Referral } from "./Referral";
import { TEXTS } from "./texts";

type Suspension = Schema["SuspensionAnswer"];
const COLOURS: Record<string, string> = { proposed: "gold", in_force: "red", rejected: "default", lifted: "default", ended: "default" };

/** Proposed by one person, decided by another: with the article and the calls it rests on. */
export default function Suspensions() {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const decides = useMay()("suspension.decide");
  const [open, setOpen] = useState<Suspension | null>(null);
  const pages = useInfiniteQuery({
    queryKey: ["suspensions"],
    initialPageParam: "",
    getNextPageParam: (last: Schema["SuspensionPage"]) => last.after,
    queryFn: ({ pageParam }) => answer(client.GET("/suspensions", { params: { query: pageParam === "" ? {} : { after: pageParam } } })),
  });
  const columns = [
    { title: t.status, dataIndex: "status", width: 90, render: (status: string) => <Tag color={COLOURS[status] ?? "default"}>{t.statuses[status] ?? status}</Tag> },
    { title: t.caller, dataIndex: "caller", width: 130 },
    { title: t.conduct, dataIndex: "conduct", render: (conduct: string) => t.conducts[conduct] ?? conduct },
    { title: t.article, dataIndex: "article", width: 110 },
    { title: t.proposedBy, render: (_: unknown, one: Suspension) => `${one.proposed_by.replace("account:", "")} ${wallTime(one.proposed_at).slice(5, 16)}` },
    { title: t.decidedBy, render: (_: unknown, one: Suspension) => one.decided_by?.replace("account:", "") ?? "–" },
    { title: t.ends, dataIndex: "ends_at", render: (at: string | null) => wallTime(at).slice(0, 16) },
    { title: t.appeal, width: 90, render: (_: unknown, one: Suspension) => (one.appealed_at === null ? "–" : <Tag color={one.appeal_decided_at === null ? "gold" : "default"}>{one.appeal_decided_at === null ? t.appealOpen : t.appealDecided}</Tag>) },
    { title: t.actions, width: 90, render: (_: unknown, one: Suspension) => <Button size="small" onClick={() => setOpen(one)}>{one.status === "proposed" && decides ? t.decide : t.more}</Button> },
  ];
  const rows = pages.data?.pages.flatMap((page) => page.suspensions) ?? [];
  return (
    <>
      <PageHead title={t.suspensions} />
      {pages.error && <FailureNote failure={pages.error} retry={() => void pages.refetch()} />}
      <Table<Suspension> size="small" rowKey="id" loading={pages.isPending} pagination={false} columns={columns} dataSource={rows} locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.noSuspensions} /> }} />
      <MoreButton list={pages} />
      {open && <Decision one={open} decides={decides} onClose={() => setOpen(null)} onDone={() => void queries.invalidateQueries({ queryKey: ["suspensions"] })} />}
    </>
  );
}

function Decision({ one, decides, onClose, onDone }: { one: Suspension; decides: boolean; onClose: () => void; onDone: () => void }) {
  const t = useTexts(TEXTS);
  const { data: me } = useMe();
  const may = useMay();
  const [reason, setReason] = useState("");
  const [days, setDays] = useState<number | null>(null);
  const done = () => {
    onDone();
    onClose();
  };
  const path = { params: { path: { suspension_id: one.id } } };
  const decide = useOrder((suspend: boolean) => answer(client.POST("/suspensions/{suspension_id}/decision", { ...path, body: { suspend, reason, ...(suspend && days !== null && { days }) } })), done);
  const lift = useOrder(() => answer(client.POST("/suspensions/{suspension_id}/lift", { ...path, body: { reason } })), done);
  const own = one.proposed_by === `account:${me?.name ?? ""}`;
  const can = decides && reason.trim().length >= 2;
  const items = [
    { label: t.conduct, children: t.conducts[one.conduct] ?? one.conduct },
    { label: t.article, children: one.article },
    { label: t.proposal, children: one.reason },
    { label: t.evidence, children: <Space wrap>{one.evidence.map((call) => <Link key={call} to={`/calls/${call}`}>{call}</Link>)}</Space> },
    ...(one.notice ? [{ label: t.notice, children: one.notice }] : []),
    ...(one.decision_reason ? [{ label: t.decidedBy, children: `${who(one.decided_by)} ${wallTime(one.decided_at).slice(0, 16)} ${one.decision_reason}` }] : []),
    ...(one.appeal ? [{ label: t.appeal, children: `${wallTime(one.appealed_at).slice(0, 16)} ${one.appeal}` }] : []),
    ...(one.appeal_reason ? [{ label: t.appealDecided, children: `${who(one.appeal_decided_by)} ${wallTime(one.appeal_decided_at).slice(0, 16)} ${one.appeal_reason}` }] : []),
  ];
  const failure = decide.error ?? lift.error;
  return (
    <Modal open title={`${t.caller} ${one.caller}`} footer={null} onCancel={onClose} width={600} style={{ top: 24 }}>
      <Flex vertical gap={12}>
        <Descriptions size="small" bordered column={1} items={items.map((item) => ({ key: item.label, ...item }))} styles={{ label: { width: 110 } }} />
        {own && one.status === "proposed" && <Typography.Text type="warning">{t.ownProposal}</Typography.Text>}
        {decides && ["proposed", "in_force"].includes(one.status) && <Input.TextArea aria-label={t.decisionReason} placeholder={t.decisionReason} rows={2} value={reason} onChange={(event) => setReason(event.target.value)} />}
        {failure && <FailureNote failure={failure} />}
        {decides && one.status === "proposed" && (
          <Space>
            <InputNumber min={1} max={366} aria-label={t.days} placeholder={t.days} value={days} onChange={setDays} style={{ width: 140 }} />
            <Button type="primary" danger disabled={!can} loading={decide.isPending} onClick={() => decide.mutate(true)}>{t.suspend}</Button>
            <Button disabled={!can} onClick={() => decide.mutate(false)}>{t.reject}</Button>
          </Space>
        )}
        <Space>
          {decides && one.status === "in_force" && <Button disabled={!can} loading={lift.isPending} onClick={() => lift.mutate(undefined)}>{t.lift}</Button>}
          {decides && may("personal.unmask") && <Referral suspension={one.id} />}
        </Space>
        <Appeal one={one} decides={decides} onDone={done} />
      </Flex>
    </Modal>
  );
}

function who(actor: string | null): string {
  return actor?.replace("account:", "") ?? "";
}
