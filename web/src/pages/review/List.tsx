import { useQuery } from "@tanstack/react-query";
import { Button, Card, Flex, Table, Tag, Typography, type TableColumnsType } from "antd";
import { useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMay, useMe } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { MoreButton } from "../../parts/MoreButton";
import { PageHead } from "../../parts/PageHead";
import { clock, wallTime } from "../../parts/time";
import { usePages } from "../../parts/usePages";
import { CALIBRATIONS } from "./Calibrations";
import { Filters, questionOf } from "./Filters";
import { TEXTS } from "./texts";

type Recording = Schema["RecordingCardAnswer"];

/** Recordings by what was said and by what they are; the search stands in the address. */
export default function List() {
  const t = useTexts(TEXTS);
  const leads = useMay()("review.lead");
  const [asked, setAsked] = useSearchParams();
  const question = questionOf(asked);
  const list = usePages(["review", "calls", asked.toString()], (after) =>
    answer(client.GET("/review/calls", { params: { query: { ...question, after } } })),
  );
  const [chosen, setChosen] = useState<string[]>([]);
  const go = useNavigate();
  return (
    <>
      <PageHead title={t.title}>
        {leads && <Link to="/review/quality">{t.quality}</Link>}
        {leads && <Link to="/review/setup">{t.setup}</Link>}
      </PageHead>
      <Flex vertical gap={12}>
        <Work />
        <Filters key={asked.toString()} asked={asked} ask={setAsked} />
        {list.error && <FailureNote failure={list.error} retry={() => void list.refetch()} />}
        {chosen.length > 0 && <Button style={{ alignSelf: "start" }} onClick={() => void go(`/review/quality?${new URLSearchParams({ calls: chosen.join(",") }).toString()}`)}>{t.calibrateThese} ({chosen.length})</Button>}
        <Table<Recording>
          rowKey="call_id"
          locale={{ emptyText: t.nothingFound }}
          {...(leads ? { rowSelection: { selectedRowKeys: chosen, onChange: (keys) => setChosen(keys.map(String)) } } : {})}
          size="small"
          columns={useColumns(asked.get("words"))}
          loading={list.isPending}
          dataSource={list.data?.pages.flatMap((page) => page.recordings) ?? []}
          pagination={false}
        />
        <MoreButton list={list} />
      </Flex>
    </>
  );
}

function useColumns(words: string | null): TableColumnsType<Recording> {
  const t = useTexts(TEXTS);
  const to = (one: Recording, at?: number) => `/review/${encodeURIComponent(one.call_id)}${at === undefined ? "" : `?t=${at.toFixed(1)}`}`;
  const columns: TableColumnsType<Recording> = [
    { title: t.started, dataIndex: "started_at", width: 180, render: (at: string, one) => <Link to={to(one)}>{wallTime(at)}</Link> },
    { title: t.caller, dataIndex: "caller", width: 130 },
    { title: t.seat, dataIndex: "seat", width: 90, render: (seat: string, one) => one.agent || seat || "–" },
    { title: t.topic, dataIndex: "topic", render: (topic: string, one) => [one.category, topic].filter(Boolean).join(" · ") || "–" },
    { title: t.length, dataIndex: "length_s", width: 70, render: clock },
    { title: t.satisfaction, dataIndex: "satisfaction", width: 80, render: (grade: number | null) => grade ?? "–" },
    { title: t.score, dataIndex: "score", width: 70, render: (score: number | null) => score ?? "–" },
    { title: t.marks, dataIndex: "tags", width: 120, render: (tags: string[]) => tags.filter((tag) => !tag.startsWith("node:")).map((tag) => <Tag key={tag}>{t.kinds[tag] ?? tag}</Tag>) },
  ];
  if (!words) return columns;
  return [
    ...columns,
    {
      title: t.hits,
      dataIndex: "hits",
      render: (_, one) => one.hits.map((hit) => (
        <div key={hit.at_s}>
          <Link to={to(one, hit.at_s)}>{clock(hit.at_s)}</Link> {hit.text} {!hit.exact && <Tag>{t.bySound}</Tag>}
        </div>
      )),
    },
  ];
}

function Work() {
  const t = useTexts(TEXTS);
  const own = `account:${useMe().data?.name ?? ""}`;
  const work = useQuery({ queryKey: ["review", "work"], queryFn: () => answer(client.GET("/review/work")) });
  const calibrations = useQuery({ queryKey: CALIBRATIONS, queryFn: () => answer(client.GET("/review/calibrations")) });
  const asking = (calibrations.data?.calibrations ?? []).filter((one) => !one.closed_at && (one.reviewers[own] ?? one.calls.length) < one.calls.length);
  const items = work.data?.work ?? [];
  if (items.length + asking.length === 0) return null;
  return (
    <Card size="small" title={`${t.work} (${items.length + asking.length})`}>
      <Flex gap={12} wrap>
        {asking.map((one) => (
          <Typography.Text key={one.id}>
            <Tag color="purple">{t.calibration}</Tag>{one.name} {one.reviewers[own]}/{one.calls.length}{" "}
            {one.calls.map((call, place) => <Link key={call} to={`/review/${encodeURIComponent(call)}`} style={{ marginRight: 6 }}>{place + 1}</Link>)}
          </Typography.Text>
        ))}
        {items.map((item) => (
          <Typography.Text key={item.call_id}>
            <Link to={`/review/${encodeURIComponent(item.call_id)}`}>{item.call_id}</Link> <Tag>{item.rule}</Tag>
          </Typography.Text>
        ))}
      </Flex>
    </Card>
  );
}
