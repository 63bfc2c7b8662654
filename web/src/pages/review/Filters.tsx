import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Badge, Button, DatePicker, Flex, Form, Input, InputNumber, Select, Switch } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { answer, client } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { useQueueTitles } from "../../parts/names";
import { TEXTS } from "./texts";

const TEXT = ["caller", "agent", "seat", "topic", "district", "category"] as const;
const NUMBERS = {
  length_min: [0, 86_400], length_max: [0, 86_400], silence_min: [0, 86_400], talk_over_min: [0, 86_400], score_max: [0, 100], confidence_max: [0, 1],
} as const;
const CHOSEN = ["queue", "ticket_status", "satisfaction"] as const;
const MARKED = ["emergency", "abuse", "emotion", "silence", "talk_over", "warning", "suspension", "hold", "transfer", "privacy_pause"];
const NODE = "node:";
const MORE: readonly string[] = [...TEXT, ...Object.keys(NUMBERS), ...CHOSEN, "started_from", "node"];

type Ticket = "draft" | "submitted" | "discarded";

/** What the address asks, as the service wants it. */
export function questionOf(asked: URLSearchParams) {
  const text = (name: string) => asked.get(name) ?? undefined;
  const number = (name: string) => (asked.has(name) ? Number(asked.get(name)) : undefined);
  const tags = [...asked.getAll("tag"), ...asked.getAll("node").map((node) => NODE + node)];
  return {
    words: text("words"),
    by_sound: asked.get("by_sound") !== "false",
    ...Object.fromEntries([...TEXT, "queue", "started_from", "started_before"].map((name) => [name, text(name)])),
    ...Object.fromEntries([...Object.keys(NUMBERS), "satisfaction"].map((name) => [name, number(name)])),
    ticket_status: text("ticket_status") as Ticket | undefined,
    tag: tags.length > 0 ? tags : undefined,
  };
}

interface FiltersProps {
  asked: URLSearchParams;
  ask: (now: URLSearchParams) => void;
}

/** Words and marks always; the rest folds away, with how many of it are set. */
export function Filters({ asked, ask }: FiltersProps) {
  const t = useTexts(TEXTS);
  const set = MORE.filter((name) => asked.has(name)).length;
  const [open, setOpen] = useState(set > 0);
  const put = (changes: Record<string, string | readonly string[] | null | undefined>) => {
    const next = new URLSearchParams(asked);
    for (const [name, value] of Object.entries(changes)) {
      next.delete(name);
      for (const one of [value ?? []].flat()) if (one !== "") next.append(name, one);
    }
    ask(next);
  };
  return (
    <Flex vertical gap={8}>
      <Flex gap={8} wrap align="center">
        <Input.Search allowClear aria-label={t.search} placeholder={t.searchHint} defaultValue={asked.get("words") ?? ""} onSearch={(words) => put({ words })} style={{ width: 320 }} />
        <Switch checkedChildren={t.bySound} unCheckedChildren={t.bySound} checked={asked.get("by_sound") !== "false"} onChange={(on) => put({ by_sound: on ? null : "false" })} />
        <Select allowClear mode="multiple" maxTagCount={2} aria-label={t.tag} placeholder={t.tag} value={asked.getAll("tag")} options={MARKED.map((tag) => ({ value: tag, label: t.kinds[tag] }))} onChange={(tag: string[]) => put({ tag })} style={{ minWidth: 110 }} />
        <Badge count={set} size="small"><Button aria-expanded={open} onClick={() => setOpen(!open)}>{t.more}</Button></Badge>
        {asked.size > 0 && <Button type="link" onClick={() => ask(new URLSearchParams())}>{t.clear}</Button>}
        <Saved asked={asked} ask={ask} />
      </Flex>
      {open && <More asked={asked} put={put} />}
    </Flex>
  );
}

function More({ asked, put }: { asked: URLSearchParams; put: (changes: Record<string, string | readonly string[] | null | undefined>) => void }) {
  const t = useTexts(TEXTS);
  const titleOf = useQueueTitles();
  const queues = useQuery({ queryKey: ["queues"], staleTime: 60_000, queryFn: () => answer(client.GET("/queues")) });
  const [from, before] = [asked.get("started_from"), asked.get("started_before")];
  const choices: Record<(typeof CHOSEN)[number], { value: string; label: string }[]> = {
    queue: (queues.data?.queues ?? []).map(({ name }) => ({ value: name, label: titleOf(name) })),
    ticket_status: Object.entries(t.ticketStatuses).map(([value, label]) => ({ value, label })),
    satisfaction: t.grades.map((label, place) => ({ value: String(place + 1), label })),
  };
  const numberOf = (name: string) => (asked.has(name) ? { defaultValue: Number(asked.get(name)) } : {});
  return (
    <Form layout="vertical" size="small" style={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(150px, 1fr))", columnGap: 12 }}>
      {TEXT.map((name) => (
        <Form.Item key={name} label={t[name]} style={{ marginBottom: 8 }}>
          <Input allowClear aria-label={t[name]} defaultValue={asked.get(name) ?? ""} onPressEnter={({ currentTarget }) => put({ [name]: currentTarget.value })} onBlur={({ target }) => target.value !== (asked.get(name) ?? "") && put({ [name]: target.value })} />
        </Form.Item>
      ))}
      {CHOSEN.map((name) => (
        <Form.Item key={name} label={t[name]} style={{ marginBottom: 8 }}>
          <Select allowClear aria-label={t[name]} value={asked.get(name)} options={choices[name]} onChange={(value?: string) => put({ [name]: value })} />
        </Form.Item>
      ))}
      {Object.entries(NUMBERS).map(([name, [min, max]]) => (
        <Form.Item key={name} label={t.figures[name]} style={{ marginBottom: 8 }}>
          <InputNumber aria-label={t.figures[name]} min={min} max={max} step={max === 1 ? 0.1 : 1} {...numberOf(name)} style={{ width: "100%" }} onPressEnter={({ target }) => put({ [name]: (target as HTMLInputElement).value })} onBlur={({ target }) => target.value !== (asked.get(name) ?? "") && put({ [name]: target.value })} />
        </Form.Item>
      ))}
      <Form.Item label={t.node} style={{ marginBottom: 8 }}>
        <Input allowClear aria-label={t.node} placeholder="people" defaultValue={asked.get("node") ?? ""} onPressEnter={({ currentTarget }) => put({ node: currentTarget.value })} />
      </Form.Item>
      <Form.Item label={t.days} style={{ marginBottom: 8, gridColumn: "span 2" }}>
        <DatePicker.RangePicker
          aria-label={t.days}
          value={from && before ? [dayjs(from), dayjs(before)] : null}
          onChange={(days) => put({ started_from: days?.[0]?.startOf("day").toISOString(), started_before: days?.[1]?.endOf("day").toISOString() })}
        />
      </Form.Item>
    </Form>
  );
}

function Saved({ asked, ask }: FiltersProps) {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const again = () => queries.invalidateQueries({ queryKey: ["review", "searches"] });
  const saved = useQuery({ queryKey: ["review", "searches"], queryFn: () => answer(client.GET("/review/searches")) });
  const save = useMutation({
    mutationFn: () => answer(client.POST("/review/searches", { body: { name, question: { asked: asked.toString() } } })),
    onSuccess: () => {
      setName("");
      return again();
    },
  });
  const forget = useMutation({ mutationFn: (id: number) => answer(client.DELETE("/review/searches/{search_id}", { params: { path: { search_id: id } } })), onSuccess: again });
  const options = saved.data?.searches.map((one) => ({ value: one.id, label: one.name, asked: String(one.question["asked"] ?? "") })) ?? [];
  const failure = save.error ?? forget.error;
  return (
    <>
      <Select
        aria-label={t.saved}
        placeholder={t.saved}
        value={null}
        options={options}
        onChange={(_: number | null, one) => ask(new URLSearchParams(Array.isArray(one) ? "" : one?.asked))}
        optionRender={(one) => <Flex justify="space-between"><span>{one.label}</span><Button size="small" type="text" aria-label={`${t.remove} ${String(one.label)}`} onClick={(event) => { event.stopPropagation(); forget.mutate(Number(one.value)); }}>×</Button></Flex>}
        style={{ width: 120 }}
      />
      <Input aria-label={t.name} placeholder={t.name} value={name} onChange={({ target }) => setName(target.value)} style={{ width: 90 }} />
      <Button disabled={!name || asked.size === 0} loading={save.isPending} onClick={() => save.mutate()}>{t.save}</Button>
      {failure && <FailureNote failure={failure} />}
    </>
  );
}
