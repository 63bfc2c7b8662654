import { Input, Segmented, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useLiveRefresh } from "../../app/live";
import { FailureNote } from "../../parts/FailureNote";
import { MoreButton } from "../../parts/MoreButton";
import { PageHead } from "../../parts/PageHead";
import { wallTime } from "../../parts/time";
import { usePages } from "../../parts/usePages";
import { Status } from "./Status";
import { TEXTS } from "./texts";

type Ticket = Schema["TicketAnswer"];
const TICKETS = ["tickets"];
const WORTH_READING_AGAIN = new Set(["ticket_drafted"]);
const STATUSES: readonly Ticket["status"][] = ["draft", "submitted", "discarded"];

/** Tickets, newest first; a new draft appears by itself. */
export default function List() {
  const t = useTexts(TEXTS);
  const [status, setStatus] = useState<Ticket["status"]>();
  const [words, setWords] = useState("");
  const list = usePages([...TICKETS, status, words], (after) =>
    answer(client.GET("/tickets", { params: { query: { after, status, q: words || undefined } } })),
  );
  useLiveRefresh(TICKETS, WORTH_READING_AGAIN);
  const columns: TableColumnsType<Ticket> = [
    { title: t.number, dataIndex: "ticket_id", width: 140, render: (id: string) => <Link to={`/tickets/${id}`}>{id}</Link> },
    { title: t.status, dataIndex: "status", width: 100, render: (one: Ticket["status"]) => <Status status={one} /> },
    { title: t.category, dataIndex: "category", width: 80 },
    { title: t.summary, key: "summary", ellipsis: true, render: (_, ticket) => ticket.title || ticket.summary },
    { title: t.caller, dataIndex: "caller", width: 130 },
    { title: t.origin, dataIndex: "origin", width: 80, render: (origin: string) => t.origins[origin] ?? origin },
    { title: t.created, dataIndex: "created_at", width: 180, render: wallTime },
  ];
  const filter = [{ value: "", label: t.all }, ...STATUSES.map((value) => ({ value, label: t.statuses[value] }))];
  return (
    <>
      <PageHead title={t.title}>
        <Input.Search allowClear placeholder={t.search} aria-label={t.search} style={{ width: 240 }} onSearch={setWords} />
        <Segmented options={filter} onChange={(chosen) => setStatus(STATUSES.find((one) => one === chosen))} />
      </PageHead>
      {list.error && <FailureNote failure={list.error} retry={() => void list.refetch()} />}
      <Table<Ticket>
        rowKey="ticket_id"
        size="small"
        columns={columns}
        loading={list.isPending}
        dataSource={list.data?.pages.flatMap((page) => page.tickets) ?? []}
        pagination={false}
      />
      <MoreButton list={list} />
    </>
  );
}
