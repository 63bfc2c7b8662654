import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Card, DatePicker, Flex, Input, InputNumber, Select, Table, Tabs } from "antd";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { PageHead } from "../../parts/PageHead";
import { FormBuilder } from "./FormBuilder";
import { TEXTS } from "./texts";

type Kind = Schema["SamplingKind"];
const RULES = ["review", "sampling"];
const KINDS: readonly Kind[] = ["random_per_agent_week", "dissatisfied", "suspension", "emergency", "first_calls_of_new_agents", "lowest_confidence"];
const COUNTED: readonly Kind[] = ["random_per_agent_week", "first_calls_of_new_agents", "lowest_confidence"];

/** What whoever leads the desk sets up: forms, and which calls fill the lists. */
export default function Setup() {
  const t = useTexts(TEXTS);
  return (
    <>
      <PageHead title={t.setup} back={{ to: "/review", title: t.title }} />
      <Tabs items={[{ key: "forms", label: t.form, children: <FormBuilder /> }, { key: "sampling", label: t.sampling, children: <Sampling /> }]} />
    </>
  );
}

function Sampling() {
  return (
    <Flex vertical gap={16}>
      <Rules />
      <Deal />
    </Flex>
  );
}

function Rules() {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey: RULES });
  const [kind, setKind] = useState<Kind>("random_per_agent_week");
  const [name, setName] = useState("");
  const [number, setNumber] = useState(2);
  const rules = useQuery({ queryKey: RULES, queryFn: () => answer(client.GET("/review/sampling")) });
  const add = useMutation({
    mutationFn: () => answer(client.POST("/review/sampling", { body: { name, kind, number } })),
    onSuccess: () => {
      setName("");
      return again();
    },
  });
  const remove = useMutation({ mutationFn: (id: number) => answer(client.DELETE("/review/sampling/{rule_id}", { params: { path: { rule_id: id } } })), onSuccess: again });
  const failure = rules.error ?? add.error ?? remove.error;
  const columns = [
    { title: t.name, dataIndex: "name" },
    { title: t.kindOfRule, dataIndex: "kind", render: (one: string) => t.samplingKinds[one] ?? one },
    { title: t.count, dataIndex: "number", render: (one: number, row: Schema["SamplingAnswer"]) => (COUNTED.includes(row.kind as Kind) ? one : "–") },
    { title: "", key: "remove", render: (_: unknown, row: Schema["SamplingAnswer"]) => <Button size="small" danger onClick={() => remove.mutate(row.id)}>{t.remove}</Button> },
  ];
  return (
    <Card size="small" title={t.sampling}>
      <Flex vertical gap={12}>
        <Table rowKey="id" size="small" columns={columns} loading={rules.isPending} dataSource={rules.data?.rules ?? []} pagination={false} />
        <Flex gap={8} wrap>
          <Input aria-label={t.name} placeholder={t.name} value={name} maxLength={120} onChange={({ target }) => setName(target.value)} style={{ width: 200 }} />
          <Select aria-label={t.kindOfRule} value={kind} options={KINDS.map((value) => ({ value, label: t.samplingKinds[value] ?? value }))} onChange={setKind} style={{ width: 240 }} />
          {COUNTED.includes(kind) && <InputNumber aria-label={t.count} min={1} max={1000} value={number} onChange={(value) => setNumber(value ?? 1)} />}
          <Button type="primary" disabled={!name} loading={add.isPending} onClick={() => add.mutate()}>{t.addRule}</Button>
        </Flex>
        {failure && <FailureNote failure={failure} />}
      </Flex>
    </Card>
  );
}

/** The rules choose among the calls of a time; no call is dealt twice. */
function Deal() {
  const t = useTexts(TEXTS);
  const [reviewers, setReviewers] = useState<string[]>([]);
  const [between, setBetween] = useState<[string, string] | null>(null);
  const deal = useMutation({
    mutationFn: () => answer(client.POST("/review/sampling/deal", { body: { reviewers, started_from: between?.[0] ?? "", started_before: between?.[1] ?? "" } })),
  });
  return (
    <Card size="small" title={t.deal}>
      <Flex gap={8} wrap align="center">
        <Select aria-label={t.reviewersOf} mode="tags" placeholder={t.reviewersOf} value={reviewers} onChange={setReviewers} open={false} suffixIcon={null} style={{ minWidth: 260 }} />
        <DatePicker.RangePicker aria-label={t.days} onChange={(days) => setBetween(days?.[0] && days[1] ? [days[0].startOf("day").toISOString(), days[1].endOf("day").toISOString()] : null)} />
        <Button type="primary" disabled={reviewers.length === 0 || !between} loading={deal.isPending} onClick={() => deal.mutate()}>{t.deal}</Button>
        {deal.isSuccess && <Alert type="success" showIcon title={`${t.dealt} ${deal.data.dealt}`} />}
        {deal.error && <FailureNote failure={deal.error} />}
      </Flex>
    </Card>
  );
}
