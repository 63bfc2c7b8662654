import { useMutation } from "@tanstack/react-query";
import { AutoComplete, Flex, Input, Modal, Segmented, Select, Table, Typography } from "antd";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { KINDS, useQueueTitles } from "../../parts/names";
import type { Ticket } from "./draft";
import { written, type Shortcut } from "./keys";
import type { Room, Way } from "./room";
import { useSeats, type Seat } from "./seat";
import { TEXTS } from "./texts";

type Kind = NonNullable<Schema["SplitInput"]["category"]>;

interface ReachProps {
  way: Way;
  setWay: (to: Way | null) => void;
  room: Room;
  own: string;
  briefing: string;
}

/** To whom the caller goes, or who is asked or brought in. */
export function Reach({ way, setWay, room, own, briefing }: ReachProps) {
  const t = useTexts(TEXTS);
  const titleOf = useQueueTitles();
  const kinds = useTexts(KINDS);
  const [to, setTo] = useState("");
  const [told, setTold] = useState(briefing);
  const close = () => setWay(null);
  const options = targets(useSeats(), own, way, [`${t.queue} `, kinds, titleOf]);
  const queue = options.find((one) => one.queue !== undefined && [one.value, one.queue].includes(to))?.queue;
  const go = () => {
    if (to === "") return;
    if (way === "transfer") room.transfer.mutate(queue ? { to_queue: queue } : { to_seat: to }, { onSuccess: close });
    else if (way === "consult") room.consult.mutate(to, { onSuccess: close });
    else room.bring.mutate({ number: to, briefing: told }, { onSuccess: close });
  };
  const busy = room.transfer.isPending || room.consult.isPending || room.bring.isPending;
  const ways = (["transfer", "consult", "three-way"] as const).map((value) => ({ value, label: t.ways[value] }));
  return (
    <Modal open title={t.reach} okText={t.ways[way]} cancelText={t.cancel} onOk={go} onCancel={close} okButtonProps={{ disabled: to === "", loading: busy }} width={460}>
      <Flex vertical gap={12}>
        <Segmented<Way> block value={way} options={ways} onChange={setWay} />
        <Typography.Text type="secondary">{t.wayHints[way]}</Typography.Text>
        <AutoComplete
          autoFocus
          defaultActiveFirstOption
          aria-label={t.target}
          placeholder={t.targetHint}
          value={to}
          options={options.filter((one) => `${one.value}${one.label}`.includes(to))}
          onChange={(value) => setTo(value.trim())}
          onKeyDown={(event) => event.key === "Enter" && event.ctrlKey && go()}
        />
        {way === "three-way" && <Input.TextArea aria-label={t.briefing} placeholder={t.briefing} maxLength={200} rows={3} value={told} onChange={(event) => setTold(event.target.value)} />}
        {room.failure !== null && <FailureNote failure={room.failure} />}
      </Flex>
    </Modal>
  );
}

/** Free seats first by experts, and for a transfer the queues too. */
function targets(seats: readonly Seat[], own: string, way: Way, [word, kinds, titleOf]: [string, Readonly<Record<string, string>>, (name: string) => string]): { value: string; label: string; queue?: string }[] {
  const free = seats.filter((one) => one.seat !== own && one.state === "ready");
  const experts = [...free].sort((one, other) => Number(other.kind === "expert") - Number(one.kind === "expert"));
  const people = experts.map((one) => ({ value: one.seat, label: `${one.seat} ${one.agent} · ${kinds[one.kind] ?? one.kind}` }));
  const queues = [...new Set(seats.flatMap((one) => one.queues))].map((name) => ({ value: titleOf(name), label: `${word}${titleOf(name)}`, queue: name }));
  return way === "transfer" ? [...people, ...queues] : people;
}

/** Another matter of the same call: a ticket of its own. */
export function Split({ ticket, onDone }: { ticket: Ticket; onDone: (made: Ticket | null) => void }) {
  const t = useTexts(TEXTS);
  const [title, setTitle] = useState("");
  const [summary, setSummary] = useState("");
  const [category, setCategory] = useState(ticket.category);
  const split = useMutation({
    mutationFn: () =>
      answer(
        client.POST("/tickets/{ticket_id}/split", {
          params: { path: { ticket_id: ticket.ticket_id } },
          body: { version: ticket.version, title, summary, category: category as Kind },
        }),
      ),
    onSuccess: onDone,
  });
  const options = ["咨询", "求助", "投诉", "举报", "建议", "表扬", "批评", "其他"].map((value) => ({ value, label: value }));
  return (
    <Modal open title={t.splitTitle} okText={t.split} cancelText={t.cancel} onOk={() => split.mutate()} onCancel={() => onDone(null)} okButtonProps={{ disabled: title.trim().length < 2, loading: split.isPending }} width={460}>
      <Flex vertical gap={12}>
        <Typography.Text type="secondary">{t.splitHint}</Typography.Text>
        <Input autoFocus aria-label={t.otherTitle} placeholder={t.otherTitle} value={title} onChange={(event) => setTitle(event.target.value)} onPressEnter={() => title.trim().length >= 2 && split.mutate()} />
        <Select aria-label={t.fields["category"]} value={category} options={options} onChange={setCategory} />
        <Input.TextArea aria-label={t.fields["summary"]} placeholder={t.fields["summary"]} rows={3} value={summary} onChange={(event) => setSummary(event.target.value)} />
        {split.error && <FailureNote failure={split.error} />}
      </Flex>
    </Modal>
  );
}

/** Every key of the desk. */
export function KeyMap({ shortcuts, onClose }: { shortcuts: readonly Shortcut[]; onClose: () => void }) {
  const t = useTexts(TEXTS);
  const rows = [
    ...shortcuts.map((one) => ({ keys: written(one.keys), label: one.label })),
    { keys: "Tab", label: t.tabKey },
    { keys: "⏎", label: t.enterKey },
    { keys: "Alt L", label: t.hearKey },
    { keys: "?", label: t.keyMap },
  ];
  const half = Math.ceil(rows.length / 2);
  const columns = [
    { dataIndex: "keys", width: 76, render: (keys: string) => <Typography.Text keyboard>{keys}</Typography.Text> },
    { dataIndex: "label" },
  ];
  return (
    <Modal open title={t.keyMap} footer={null} onCancel={onClose} width={720}>
      <Flex gap={16} align="start">
        {[rows.slice(0, half), rows.slice(half)].map((some, at) => (
          <Table key={at} size="small" rowKey="keys" showHeader={false} pagination={false} columns={columns} dataSource={some} style={{ flex: 1 }} />
        ))}
      </Flex>
    </Modal>
  );
}
