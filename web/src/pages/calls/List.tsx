import { Segmented, Table, Tag, type TableColumnsType } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useLiveRefresh } from "../../app/live";
import { FailureNote } from "../../parts/FailureNote";
import { MoreButton } from "../../parts/MoreButton";
import { PageHead } from "../../parts/PageHead";
import { between, clock, wallTime } from "../../parts/time";
import { usePages } from "../../parts/usePages";
import { TEXTS } from "./texts";

type Call = Schema["CallAnswer"];
const CALLS = ["calls"];
const WORTH_READING_AGAIN = new Set(["call_started", "talking", "call_ended"]);

/** Calls, newest first; running ones come and go by themselves. */
export default function List() {
  const t = useTexts(TEXTS);
  const [running, setRunning] = useState<boolean | undefined>();
  const list = usePages([...CALLS, running], (after) =>
    answer(client.GET("/calls", { params: { query: { after, running } } })),
  );
  useLiveRefresh(CALLS, WORTH_READING_AGAIN);
  const columns: TableColumnsType<Call> = [
    { title: t.started, dataIndex: "started_at", render: wallTime, width: 180 },
    { title: t.caller, dataIndex: "caller", render: (caller: string, call) => <Link to={`/calls/${encodeURIComponent(call.call_id)}`}>{caller || "–"}</Link> },
    { title: t.outcome, key: "outcome", render: (_, call) => <Outcome call={call} /> },
    { title: t.seat, dataIndex: "seat", render: (seat: string | null) => seat ?? "–" },
    { title: t.length, key: "length", render: (_, call) => <Length call={call} /> },
    { title: t.ticket, dataIndex: "ticket_number", render: (number: string) => <Link to={`/tickets/${number}`}>{number}</Link> },
  ];
  const filter = [
    { value: "all", label: t.all },
    { value: "running", label: t.running },
    { value: "ended", label: t.ended_only },
  ];
  return (
    <>
      <PageHead title={t.title}>
        <Segmented options={filter} onChange={(chosen) => setRunning(chosen === "all" ? undefined : chosen === "running")} />
      </PageHead>
      {list.error && <FailureNote failure={list.error} retry={() => void list.refetch()} />}
      <Table<Call>
        rowKey="call_id"
        size="small"
        columns={columns}
        loading={list.isPending}
        dataSource={list.data?.pages.flatMap((page) => page.calls) ?? []}
        pagination={false}
      />
      <MoreButton list={list} />
    </>
  );
}

function Outcome({ call }: { call: Call }) {
  const t = useTexts(TEXTS);
  if (call.outcome === null) return <Tag color="processing">{t.running}</Tag>;
  return <Tag>{t.outcomes[call.outcome] ?? call.outcome}</Tag>;
}

function Length({ call }: { call: Call }) {
  const seconds = between(call.started_at, call.ended_at);
  return seconds === null ? "–" : clock(seconds);
}
