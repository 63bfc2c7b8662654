import { useQuery } from "@tanstack/react-query";
import { Badge, Button, Empty, Input, Tabs, Tag, Typography } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { answer, client } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { wallTime } from "../../parts/time";
import type { CallBackList } from "./callbacks";
import type { DeskDraft } from "./draft";
import { Panel } from "./Panel";
import { TEXTS } from "./texts";

export type Tab = "ask" | "knowledge" | "duplicates" | "call-backs";

interface Props {
  draft: DeskDraft;
  tab: Tab;
  setTab: (to: Tab) => void;
  callBacks: CallBackList;
  onUse: (reply: string) => void;
}

/** What helps while one talks: what to ask next, what may answer it, what may be the same. */
export function Ask({ draft, tab, setTab, callBacks, onUse }: Props) {
  const t = useTexts(TEXTS);
  const duplicates = listed<string>(draft.fields["duplicates"]?.value);
  const items = [
    { key: "ask", label: <Count words={t.ask} keys="Alt 5" of={draft.missing.length} />, children: <Questions draft={draft} /> },
    { key: "knowledge", label: <Count words={t.knowledge} keys="Alt 6" of={listed(draft.fields["knowledge"]?.value).length} />, children: <Knowledge draft={draft} onUse={onUse} /> },
    { key: "duplicates", label: <Count words={t.duplicates} keys="Alt 7" of={duplicates.length} />, children: <Duplicates draft={draft} numbers={duplicates} /> },
    { key: "call-backs", label: <Count words={t.callBacks} keys="Alt 8" of={callBacks.rows.length} />, children: <CallBacks list={callBacks} /> },
  ];
  return (
    <Panel style={{ flex: "0 0 216px" }}>
      <Tabs size="small" activeKey={tab} onChange={(to) => setTab(to as Tab)} items={items} className="desk-tabs" tabBarStyle={{ padding: "0 12px", margin: 0 }} />
    </Panel>
  );
}

function Count({ words, keys, of }: { words: string; keys: string; of: number }) {
  return <span>{words} <Badge size="small" count={of} /> <span className="desk-key">{keys}</span></span>;
}

function Questions({ draft }: { draft: DeskDraft }) {
  const t = useTexts(TEXTS);
  if (draft.template.length === 0) return <Nothing words={t.noQuestions} />;
  if (draft.missing.length === 0) return <Nothing words={t.allAsked} />;
  return (
    <ol className="desk-list" data-missing={draft.missing.length}>
      {draft.missing.map((one, at) => (
        <li key={one.field} style={{ fontSize: at === 0 ? 15 : 14 }}>
          <Tag color={one.own ? "purple" : "blue"}>{t.fields[one.field] ?? one.field}</Tag>
          {at === 0 ? <strong>{one.question}</strong> : one.question}
        </li>
      ))}
    </ol>
  );
}

interface Entry {
  id: number;
  title: string;
}

/** Entries that may answer it; a search of one's own takes their place. */
function Knowledge({ draft, onUse }: { draft: DeskDraft; onUse: (reply: string) => void }) {
  const t = useTexts(TEXTS);
  const [wanted, setWanted] = useState("");
  const [open, setOpen] = useState<number | null>(null);
  const found = useQuery({
    queryKey: ["knowledge", wanted],
    enabled: wanted !== "",
    queryFn: () => answer(client.GET("/knowledge", { params: { query: { q: wanted, limit: 5 } } })),
  });
  const suggested = listed<Entry>(draft.fields["knowledge"]?.value);
  const entries: readonly Entry[] = wanted === "" ? suggested : (found.data?.entries ?? []);
  return (
    <div style={{ display: "flex", flexDirection: "column", gap: 6 }}>
      <Input.Search id="desk-knowledge" size="small" allowClear placeholder={t.searchKnowledge} aria-label={t.searchKnowledge} onSearch={setWanted} />
      {found.error && <FailureNote failure={found.error} retry={() => void found.refetch()} />}
      {entries.length === 0 && <Nothing words={wanted === "" ? t.noKnowledge : t.nothingFound} />}
      <ul className="desk-list">
        {entries.map((one) => (
          <li key={one.id}>
            <Button type="link" size="small" style={{ padding: 0, height: "auto", whiteSpace: "normal", textAlign: "start" }} aria-expanded={open === one.id} onClick={() => setOpen(open === one.id ? null : one.id)}>{one.title}</Button>
            {open === one.id && <EntryText id={one.id} onUse={onUse} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

function EntryText({ id, onUse }: { id: number; onUse: (reply: string) => void }) {
  const t = useTexts(TEXTS);
  const entry = useQuery({
    queryKey: ["knowledge", "one", id],
    queryFn: () => answer(client.GET("/knowledge/{entry_id}", { params: { path: { entry_id: id } } })),
  });
  if (entry.error) return <FailureNote failure={entry.error} />;
  return (
    <div>
      <Typography.Paragraph style={{ margin: "4px 0", whiteSpace: "pre-wrap" }}>{entry.data?.answer}</Typography.Paragraph>
      <Button size="small" disabled={!entry.data} onClick={() => onUse(entry.data?.answer ?? "")}>{t.answerWithIt}</Button>
    </div>
  );
}

function Duplicates({ draft, numbers }: { draft: DeskDraft; numbers: readonly string[] }) {
  const t = useTexts(TEXTS);
  const why = draft.fields["duplicates"]?.why ?? [];
  if (numbers.length === 0) return <Nothing words={t.noDuplicates} />;
  return (
    <ul className="desk-list">
      {numbers.map((number, at) => (
        <li key={number}>
          <Link to={`/tickets/${number}`}>{number}</Link>{" "}
          {(why[at] ?? []).map((one) => <Tag key={one}>{t.why[one] ?? one}</Tag>)}
        </li>
      ))}
    </ul>
  );
}

function CallBacks({ list }: { list: CallBackList }) {
  const t = useTexts(TEXTS);
  if (list.failure !== null) return <FailureNote failure={list.failure} />;
  if (list.rows.length === 0) return <Nothing words={t.noCallBacks} />;
  return (
    <ul className="desk-list">
      {list.rows.map((one) => (
        <li key={one.id} style={{ display: "flex", gap: 8, alignItems: "center" }}>
          <strong style={{ fontVariantNumeric: "tabular-nums" }}>{one.caller}</strong>
          <Tag color={one.late ? "red" : "default"}>{t.causes[one.cause] ?? one.cause}</Tag>
          <Typography.Text type={one.late ? "danger" : "secondary"}>{t.dueUntil} {wallTime(one.until).slice(11, 16)}</Typography.Text>
          <span style={{ flex: 1 }} />
          <Button size="small" disabled={!list.mayDial} loading={list.dialling === one.call_id} onClick={() => list.dial(one.call_id)}>{t.dial}</Button>
        </li>
      ))}
    </ul>
  );
}

function Nothing({ words }: { words: string }) {
  return <Empty image={null} styles={{ image: { display: "none" } }} description={words} style={{ marginTop: 24 }} />;
}

function listed<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? (value as T[]) : [];
}
