import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Card, Flex, Form, Input, InputNumber, Popconfirm, Select, Table, Typography } from "antd";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { TEXTS } from "./texts";

const RULES = ["keeping", "rules"];
const TYPED = { mode: "tags" as const, open: false, suffixIcon: null, tokenSeparators: [",", "，", " "] };

interface Values {
  name: string;
  keep_days: number | null;
  queues: string[];
  topics: string[];
  ticket_statuses: string[];
  ticket_open: boolean | null;
  suspension: boolean | null;
  score_below: number | null;
}

/** How long recordings stay: rules with all their conditions, added and removed. */
export function RetentionRules() {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey: RULES });
  const rules = useQuery({ queryKey: RULES, queryFn: () => answer(client.GET("/retention/rules")) });
  const remove = useMutation({ mutationFn: (id: number) => answer(client.DELETE("/retention/rules/{rule_id}", { params: { path: { rule_id: id } } })), onSuccess: again });
  const columns = [
    { title: t.name, dataIndex: "name", render: (one: string, row: Schema["RuleAnswer"]) => <span title={row.origin === "ours" ? t.oursHint : undefined}>{one}</span> },
    { title: t.conditions, dataIndex: "conditions", render: (one: Record<string, unknown>) => inWords(one, t) || t.every },
    { title: t.keepDays, dataIndex: "keep_days", render: (one: number | null) => one ?? t.forEver },
    { title: "", key: "remove", render: (_: unknown, row: Schema["RuleAnswer"]) => <Popconfirm title={t.removeRuleSure} onConfirm={() => remove.mutate(row.id)}><Button size="small" danger>{t.remove}</Button></Popconfirm> },
  ];
  const failure = rules.error ?? remove.error;
  return (
    <Card size="small" title={t.retention}>
      <Flex vertical gap={12}>
        <Typography.Text type="secondary">{t.longestWins}</Typography.Text>
        {failure && <FailureNote failure={failure} />}
        <Table rowKey="id" size="small" columns={columns} loading={rules.isPending} dataSource={rules.data?.rules ?? []} pagination={false} />
        <Add onAdded={again} />
      </Flex>
    </Card>
  );
}

/** A condition left empty does not count; a rule without any fits every recording. */
function Add({ onAdded }: { onAdded: () => Promise<void> }) {
  const t = useTexts(TEXTS);
  const [form] = Form.useForm<Values>();
  const add = useMutation({
    mutationFn: ({ name, keep_days, ...conditions }: Values) => answer(client.POST("/retention/rules", { body: { name, keep_days, conditions: given(conditions) } })),
    onSuccess: () => {
      form.resetFields();
      return onAdded();
    },
  });
  const either = [{ value: true, label: t.yes }, { value: false, label: t.no }];
  const statuses = Object.entries(t.ticketStatuses).map(([value, label]) => ({ value, label }));
  return (
    <Form form={form} layout="vertical" size="small" initialValues={{ keep_days: 730 }} onFinish={(values) => add.mutate(values)} style={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(170px, 1fr))", columnGap: 12 }}>
      <Form.Item name="name" label={t.name} rules={[{ required: true, message: t.nameWanted }]}><Input maxLength={120} /></Form.Item>
      <Form.Item name="keep_days" label={t.keepDays}><InputNumber placeholder={t.forEver} min={1} max={36500} suffix={t.daysUnit} style={{ width: "100%" }} /></Form.Item>
      <Form.Item name="topics" label={t.topic}><Select {...TYPED} placeholder={t.any} /></Form.Item>
      <Form.Item name="queues" label={t.queue}><Select {...TYPED} placeholder={t.any} /></Form.Item>
      <Form.Item name="ticket_statuses" label={t.ticket_status}><Select mode="multiple" options={statuses} placeholder={t.any} /></Form.Item>
      <Form.Item name="ticket_open" label={t.conditionNames["ticket_open"]}><Select allowClear options={either} placeholder={t.any} /></Form.Item>
      <Form.Item name="suspension" label={t.conditionNames["suspension"]}><Select allowClear options={either} placeholder={t.any} /></Form.Item>
      <Form.Item name="score_below" label={t.conditionNames["score_below"]}><InputNumber min={1} max={100} placeholder={t.any} style={{ width: "100%" }} /></Form.Item>
      <Form.Item label=" "><Button type="primary" htmlType="submit" loading={add.isPending}>{t.addRule}</Button></Form.Item>
      {add.error && <div style={{ gridColumn: "1 / -1" }}><FailureNote failure={add.error} /></div>}
    </Form>
  );
}

type Conditions = Omit<Values, "name" | "keep_days">;

function given(conditions: Conditions): Schema["RuleGiven"]["conditions"] {
  return Object.fromEntries(Object.entries(conditions as unknown as Record<string, unknown>).filter(([, value]) => !(value === undefined || value === null || (Array.isArray(value) && value.length === 0)))) as Schema["RuleGiven"]["conditions"];
}

/** `{score_below: 60}` as "score below 60". */
function inWords(conditions: Record<string, unknown>, t: (typeof TEXTS)["zh"]): string {
  const word = (value: unknown) => (typeof value === "boolean" ? (value ? t.yes : t.no) : (t.ticketStatuses[String(value)] ?? String(value)));
  return Object.entries(conditions)
    .map(([name, value]) => `${t.conditionNames[name] ?? name}: ${Array.isArray(value) ? value.map(word).join("、") : word(value)}`)
    .join("；");
}
