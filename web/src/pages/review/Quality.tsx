import { useQuery } from "@tanstack/react-query";
import { Button, Card, Flex, Segmented, Table } from "antd";
import { useState } from "react";
import { answer, client } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { PageHead } from "../../parts/PageHead";
import { Calibrations } from "./Calibrations";
import { TEXTS } from "./texts";
import { Trend } from "./Trend";

type By = "agent" | "team" | "question" | "reviewer" | "week";
const DAYS_MS = 90 * 86_400_000;

/** How far reviewers agree, and what the scores of the last 90 days say. */
export default function Quality() {
  const t = useTexts(TEXTS);
  return (
    <>
      <PageHead title={t.quality} back={{ to: "/review", title: t.title }} />
      <Flex vertical gap={16}>
        <Calibrations />
        <Report />
      </Flex>
    </>
  );
}

function Report() {
  const t = useTexts(TEXTS);
  const [by, setBy] = useState<By>("agent");
  const [period] = useState(() => {
    const end = Date.now() + 60_000;
    return { start: new Date(end - DAYS_MS).toISOString(), end: new Date(end).toISOString() };
  });
  const report = useQuery({
    queryKey: ["review", "report", by, period],
    queryFn: () => answer(client.GET("/review/report", { params: { query: { by, ...period } } })),
  });
  const columns = [
    { title: t.name, dataIndex: "name" },
    { title: t.count, dataIndex: "reviews" },
    { title: t.mean, dataIndex: "mean", render: (mean: number) => <Bar value={mean} /> },
    { title: t.lowest, dataIndex: "lowest" },
    { title: t.highest, dataIndex: "highest" },
  ];
  const groups: { value: By; label: string }[] = [
    { value: "agent", label: t.byAgent },
    { value: "team", label: t.byTeam },
    { value: "question", label: t.byQuestion },
    { value: "reviewer", label: t.byReviewer },
    { value: "week", label: t.byWeek },
  ];
  const file = (kind: string) => `/review/report.${kind}?${new URLSearchParams({ by, ...period }).toString()}`;
  return (
    <Card
      size="small"
      title={<Segmented options={groups} value={by} onChange={setBy} />}
      extra={
        <Flex gap={8}>
          <Button size="small" href={file("xlsx")}>XLSX</Button>
          <Button size="small" href={file("pdf")}>PDF</Button>
        </Flex>
      }
    >
      {report.error && <FailureNote failure={report.error} retry={() => void report.refetch()} />}
      {by === "week" && report.data && report.data.lines.length > 0 && <Trend lines={report.data.lines} title={t.trend} />}
      <Table rowKey="name" size="small" columns={columns} loading={report.isPending} dataSource={report.data?.lines ?? []} pagination={false} />
    </Card>
  );
}

function Bar({ value }: { value: number }) {
  return (
    <span>
      <span style={{ display: "inline-block", height: 8, width: value, background: "currentColor", opacity: 0.35, marginRight: 8 }} />
      {value}
    </span>
  );
}
