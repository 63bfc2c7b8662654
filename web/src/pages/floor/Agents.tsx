import { Badge, Button, Dropdown, Empty, Input, Modal, Select, Space, Table, Tag, Typography } from "antd";
import { useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { answer, client } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { KINDS, useQueueTitles, useReasons } from "../../parts/names";
import { clock } from "../../parts/time";
import { useOrder, type Seat } from "./floor";
import { TEXTS } from "./texts";

type What = "listen" | "whisper" | "barge" | "takeOver" | "makeReady" | "makePaused" | "logOut" | "move";
interface Wish {
  what: What;
  seat: Seat;
}
const COLOURS: Record<string, "success" | "processing" | "warning" | "default" | "error"> = {
  ready: "success", ringing: "error", talking: "processing", holding: "warning", consulting: "processing", wrap_up: "warning", paused: "default",
};
const IN_CALL = new Set(["talking", "holding", "consulting"]);
const FIRST = ["ringing", "holding", "consulting", "talking", "wrap_up", "ready", "paused"];

/** Every agent by state, and what a supervisor may do about it; all of it is audited. */
export function Agents({ seats }: { seats: readonly Seat[] }) {
  const t = useTexts(TEXTS);
  const [wish, setWish] = useState<Wish | null>(null);
  const titleOf = useQueueTitles();
  const kinds = useTexts(KINDS);
  const reasonOf = useReasons();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const here = seats.filter((one) => one.state !== "logged_out").sort((one, other) => FIRST.indexOf(one.state) - FIRST.indexOf(other.state) || one.seat.localeCompare(other.seat));
  const columns = [
    { title: t.seat, dataIndex: "seat", width: 70 },
    { title: t.agent, dataIndex: "agent", render: (name: string, seat: Seat) => <>{name} {seat.kind !== "general" && <Tag>{kinds[seat.kind] ?? seat.kind}</Tag>}</> },
    { title: t.state, dataIndex: "state", width: 150, render: (state: string, seat: Seat) => <Badge status={COLOURS[state] ?? "default"} text={<span data-of={seat.seat}>{`${t.states[state] ?? state}${seat.reason && ` · ${reasonOf(seat.reason)}`}`}</span>} /> },
    { title: t.since, dataIndex: "since", width: 80, render: (since: string) => <span style={{ fontVariantNumeric: "tabular-nums" }}>{clock((now - Date.parse(since)) / 1000)}</span> },
    { title: t.served, dataIndex: "queues", ellipsis: true, render: (queues: string[]) => queues.map(titleOf).join("、") },
    { title: t.actions, width: 250, render: (_: unknown, seat: Seat) => <Actions seat={seat} wish={(what) => setWish({ what, seat })} /> },
  ];
  return (
    <>
      <Table<Seat> size="small" rowKey="seat" pagination={here.length > 50 ? { pageSize: 50 } : false} columns={columns} dataSource={here} locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.nobody} /> }} />
      {wish && <Order wish={wish} onClose={() => setWish(null)} />}
    </>
  );
}

function Actions({ seat, wish }: { seat: Seat; wish: (what: What) => void }) {
  const t = useTexts(TEXTS);
  const inCall = IN_CALL.has(seat.state);
  const more: What[] = ["makeReady", "makePaused", "move", "logOut"];
  return (
    <Space size={4}>
      {(["listen", "whisper", "barge", "takeOver"] as const).map((what) => (
        <Button key={what} size="small" type="text" disabled={!inCall} aria-label={`${t[what]} ${seat.seat}`} onClick={() => wish(what)} style={{ paddingInline: 6 }}>{t[what]}</Button>
      ))}
      <Dropdown trigger={["click"]} menu={{ items: more.map((key) => ({ key, label: t[key] })), onClick: ({ key }) => wish(key as What) }}>
        <Button size="small" type="text" aria-label={`${t.more} ${seat.seat}`}>…</Button>
      </Dropdown>
    </Space>
  );
}

function Order({ wish, onClose }: { wish: Wish; onClose: () => void }) {
  const t = useTexts(TEXTS);
  const { what, seat } = wish;
  const [reason, setReason] = useState("");
  const [queues, setQueues] = useState<string[]>(seat.queues);
  const titleOf = useQueueTitles();
  const known = useQuery({ queryKey: ["queues"], enabled: what === "move", queryFn: () => answer(client.GET("/queues")) });
  const order = useOrder(() => carriedOut(wish, reason, queues), onClose);
  const asksWhy = ["listen", "whisper", "barge", "takeOver", "makeReady", "makePaused"].includes(what);
  const rings = ["listen", "whisper", "barge", "takeOver"].includes(what);
  const names = new Set([...seat.queues, ...(known.data?.queues ?? []).map((one) => one.name)]);
  const options = [...names].map((value) => ({ value, label: titleOf(value) }));
  return (
    <Modal open title={`${t[what]} · ${seat.seat} ${seat.agent}`} okText={t.confirm} cancelText={t.cancel} onOk={() => order.mutate(undefined)} onCancel={onClose} okButtonProps={{ disabled: asksWhy && reason.trim().length < 2, loading: order.isPending }} width={440}>
      <Space orientation="vertical" style={{ width: "100%" }}>
        {rings && <Typography.Text type="secondary">{t.ownSeat}</Typography.Text>}
        {asksWhy && <Input autoFocus aria-label={t.reason} placeholder={`${t.reason}，${t.reasonHint}`} maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} onPressEnter={() => reason.trim().length >= 2 && order.mutate(undefined)} />}
        {what === "move" && <Select mode="multiple" aria-label={t.queuesOf} style={{ width: "100%" }} value={queues} options={options} onChange={setQueues} />}
        {what === "move" && <Typography.Text type="secondary">{t.queuesOf}</Typography.Text>}
        {order.error && <FailureNote failure={order.error} />}
      </Space>
    </Modal>
  );
}

function carriedOut({ what, seat }: Wish, reason: string, queues: string[]): Promise<unknown> {
  const path = { params: { path: { seat: seat.seat } } };
  switch (what) {
    case "listen":
    case "whisper":
    case "barge":
      return answer(client.POST("/seats/{seat}/listen", { ...path, body: { how: what, reason } }));
    case "takeOver":
      return answer(client.POST("/seats/{seat}/take-over", { ...path, body: { reason } }));
    case "makeReady":
    case "makePaused":
      // `expected`: of a state that has changed meanwhile the engine says so.
      return answer(client.PUT("/seats/{seat}/state", { ...path, body: { state: what === "makeReady" ? "ready" : "paused", reason: what === "makeReady" ? "" : reason, expected: seat.state } }));
    case "logOut":
      return answer(client.POST("/seats/{seat}/logout", path));
    case "move":
      return answer(client.PUT("/seats/{seat}/queues", { ...path, body: { queues } }));
  }
}
