import { DownloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Empty, Flex, Segmented, Space, Table, Tooltip } from "antd";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useLanguage, useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { useQueueTitles } from "../../parts/names";
import { PageHead } from "../../parts/PageHead";
import { clock, wallTime } from "../../parts/time";
import { TEXTS } from "./texts";

type By = "hour" | "day" | "total";
type Row = Record<string, string | number | null>;
type Definitions = Record<string, Schema["Definition"]>;
const DAY_MS = 86_400_000;
const SPANS = [1, 7, 31] as const;
const SHARES = new Set(["connection_rate", "within_goal_share", "occupancy"]);

/** Queues and agents over a time, exact, each figure with its definition, and as files. */
export default function Statistics() {
  const t = useTexts(TEXTS);
  const [what, setWhat] = useState<"queues" | "agents">("queues");
  const [by, setBy] = useState<By>("total");
  const [days, setDays] = useState<number>(1);
  const [opened, setOpened] = useState(() => Date.now());
  const since = new Date(opened - days * DAY_MS).toISOString();
  const found = useQuery({ queryKey: ["statistics", what, by, days, opened], queryFn: () => asked(what, by, since) });
  const query = `since=${encodeURIComponent(since)}${what === "queues" ? `&by=${by}` : ""}`;
  const spans = SPANS.map((value) => ({ value, label: "" }));
  return (
    <>
      <PageHead title={t.statistics}>
        <Space>
          {(["csv", "xlsx"] as const).map((kind) => <Button key={kind} icon={<DownloadOutlined />} href={`/statistics/${what}.${kind}?${query}`} download>{t.export} {kind.toUpperCase()}</Button>)}
        </Space>
      </PageHead>
      <Flex gap={12} wrap style={{ marginBottom: 12 }}>
        <Segmented value={what} options={[{ value: "queues", label: t.queueTable }, { value: "agents", label: t.agentTable }]} onChange={setWhat} />
        <Segmented<number> value={days} options={spans.map((one) => ({ ...one, label: one.value === 1 ? t.day : one.value === 31 ? t.month : t.week }))} onChange={(to) => { setDays(to); setOpened(Date.now()); }} />
        {what === "queues" && <Segmented<By> value={by} options={(["total", "day", "hour"] as const).map((value) => ({ value, label: t.bys[value] ?? value }))} onChange={setBy} />}
      </Flex>
      {found.error && <FailureNote failure={found.error} retry={() => void found.refetch()} />}
      <Figures rows={found.data?.rows ?? []} definitions={found.data?.definitions ?? {}} pending={found.isPending} />
    </>
  );
}

async function asked(what: "queues" | "agents", by: By, since: string): Promise<{ rows: Row[]; definitions: Definitions }> {
  if (what === "agents") {
    const { rows, definitions } = await answer(client.GET("/statistics/agents", { params: { query: { since } } }));
    return { rows: rows.map((row): Row => ({ ...row })), definitions };
  }
  const { rows, definitions } = await answer(client.GET("/statistics/queues", { params: { query: { since, by } } }));
  return { rows: rows.map((row): Row => ({ ...row })), definitions };
}

function Figures({ rows, definitions, pending }: { rows: readonly Row[]; definitions: Definitions; pending: boolean }) {
  const t = useTexts(TEXTS);
  const [language] = useLanguage();
  const titleOf = useQueueTitles();
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map((name) => ({
    title: <Tooltip title={definitions[name]?.[language]}><span style={{ borderBottom: definitions[name] ? "1px dotted" : 0 }}>{t.columns[name] ?? name}</span></Tooltip>,
    dataIndex: name,
    render: (value: string | number | null) => <span style={{ fontVariantNumeric: "tabular-nums" }}>{name === "queue" ? titleOf(String(value)) : written(name, value)}</span>,
  }));
  return (
    <>
      <Table<Row> size="small" rowKey={(row) => `${row["period"] ?? ""}${row["queue"] ?? row["agent"] ?? ""}`} loading={pending} pagination={rows.length > 50 ? { pageSize: 50 } : false} scroll={{ x: "max-content" }} columns={columns} dataSource={[...rows]} locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.noRows} /> }} />
      {rows.length > 0 && (
        <dl style={{ columns: 2, fontSize: 13, marginTop: 12 }} aria-label={t.definitions}>
          {Object.entries(definitions).map(([name, one]) => <div key={name}><strong>{t.columns[name] ?? name}</strong> {one[language]}</div>)}
        </dl>
      )}
    </>
  );
}

function written(name: string, value: string | number | null): string {
  if (value === null) return "–";
  if (name === "period") return wallTime(String(value)).slice(0, 16);
  if (SHARES.has(name)) return `${(Number(value) * 100).toFixed(1)}%`;
  return name.endsWith("_s") ? clock(Number(value)) : String(value);
}
