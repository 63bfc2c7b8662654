import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Card, Flex, Input, InputNumber, Select, Switch, Table, Tag, Typography, type TableColumnsType } from "antd";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMay } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { MoreButton } from "../../parts/MoreButton";
import { PageHead } from "../../parts/PageHead";
import { clock, wallTime } from "../../parts/time";
import { usePages } from "../../parts/usePages";
import { TEXTS } from "./texts";

type Recording = Schema["RecordingCardAnswer"];
const PLAIN = ["seat", "topic", "district", "category"] as const;
const MARKED = ["emergency", "abuse", "silence", "talk_over", "warning", "suspension", "hold", "transfer"];

/** Recordings by what was said and by what they are; the search stands in the address. */
export default function List() {
  const t = useTexts(TEXTS);
  const leads = useMay()("review.lead");
  const [asked, setAsked] = useSearchParams();
  const question = questionOf(asked);
  const list = usePages(["review", "calls", asked.toString()], (after) =>
    answer(client.GET("/review/calls", { params: { query: { ...question, after } } })),
  );
  const ask = (name: string, value: string | null) => {
    setAsked((now) => {
      const next = new URLSearchParams(now);
      if (value) next.set(name, value);
      else next.delete(name);
      return next;
    });
  };
  return (
    <>
      <PageHead title={t.title}>
        {leads && <Link to="/review/quality">{t.quality}</Link>}
        {leads && <Link to="/review/setup">{t.setup}</Link>}
      </PageHead>
      <Flex vertical gap={12}>
        <Work />
        <Filters key={asked.toString()} asked={asked} ask={ask} onSaved={(saved) => setAsked(new URLSearchParams(saved))} />
        {list.error && <FailureNote failure={list.error} retry={() => void list.refetch()} />}
        <Table<Recording>
          rowKey="call_id"
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

function questionOf(asked: URLSearchParams) {
  const text = (name: string) => asked.get(name) ?? undefined;
  const number = (name: string) => (asked.has(name) ? Number(asked.get(name)) : undefined);
  return {
    words: text("words"),
    by_sound: asked.get("by_sound") !== "false",
    seat: text("seat"),
    topic: text("topic"),
    district: text("district"),
    category: text("category"),
    tag: asked.has("tag") ? [asked.get("tag") ?? ""] : undefined,
    length_min: number("length_min"),
    score_max: number("score_max"),
  };
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

interface FiltersProps {
  asked: URLSearchParams;
  ask: (name: string, value: string | null) => void;
  onSaved: (asked: string) => void;
}

function Filters({ asked, ask, onSaved }: FiltersProps) {
  const t = useTexts(TEXTS);
  const initial = (name: string) => asked.get(name) ?? "";
  return (
    <Flex gap={8} wrap align="center">
      <Input.Search allowClear aria-label={t.search} placeholder={t.searchHint} defaultValue={initial("words")} onSearch={(words) => ask("words", words)} style={{ width: 360 }} />
      <Switch checkedChildren={t.bySound} unCheckedChildren={t.bySound} checked={asked.get("by_sound") !== "false"} onChange={(on) => ask("by_sound", on ? null : "false")} />
      {PLAIN.map((name) => (
        <Input key={name} allowClear aria-label={t[name]} placeholder={t[name]} defaultValue={initial(name)} onPressEnter={({ currentTarget }) => ask(name, currentTarget.value)} style={{ width: 110 }} />
      ))}
      <Select allowClear aria-label={t.tag} placeholder={t.tag} value={asked.get("tag")} options={MARKED.map((tag) => ({ value: tag, label: t.kinds[tag] }))} onChange={(tag?: string) => ask("tag", tag ?? null)} style={{ width: 120 }} />
      <InputNumber aria-label={t.minLength} placeholder={t.minLength} min={0} style={{ width: 130 }} onPressEnter={({ currentTarget }) => ask("length_min", currentTarget.value)} />
      <InputNumber aria-label={t.maxScore} placeholder={t.maxScore} min={0} max={100} style={{ width: 130 }} onPressEnter={({ currentTarget }) => ask("score_max", currentTarget.value)} />
      <Saved asked={asked} onSaved={onSaved} />
    </Flex>
  );
}

function Saved({ asked, onSaved }: { asked: URLSearchParams; onSaved: (asked: string) => void }) {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const saved = useQuery({ queryKey: ["review", "searches"], queryFn: () => answer(client.GET("/review/searches")) });
  const save = useMutation({
    mutationFn: () => answer(client.POST("/review/searches", { body: { name, question: { asked: asked.toString() } } })),
    onSuccess: () => {
      setName("");
      return queries.invalidateQueries({ queryKey: ["review", "searches"] });
    },
  });
  const options = saved.data?.searches.map((one) => ({ value: String(one.question["asked"] ?? ""), label: one.name })) ?? [];
  return (
    <>
      <Select aria-label={t.saved} placeholder={t.saved} value={null} options={options} onChange={(chosen: string | null) => onSaved(chosen ?? "")} style={{ width: 130 }} />
      <Input aria-label={t.name} placeholder={t.name} value={name} onChange={({ target }) => setName(target.value)} style={{ width: 110 }} />
      <Button disabled={!name || asked.size === 0} loading={save.isPending} onClick={() => save.mutate()}>{t.save}</Button>
      {save.error && <FailureNote failure={save.error} />}
    </>
  );
}

function Work() {
  const t = useTexts(TEXTS);
  const work = useQuery({ queryKey: ["review", "work"], queryFn: () => answer(client.GET("/review/work")) });
  if (!work.data || work.data.work.length === 0) return null;
  return (
    <Card size="small" title={`${t.work} (${work.data.work.length})`}>
      <Flex gap={12} wrap>
        {work.data.work.map((item) => (
          <Typography.Text key={item.call_id}>
            <Link to={`/review/${encodeURIComponent(item.call_id)}`}>{item.call_id}</Link> <Tag>{item.rule}</Tag>
          </Typography.Text>
        ))}
      </Flex>
    </Card>
  );
}
