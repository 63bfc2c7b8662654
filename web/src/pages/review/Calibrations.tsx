import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Card, Flex, Form, Input, Modal, Popconfirm, Progress, Select, Table, Tag, Tooltip } from "antd";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { TEXTS } from "./texts";

type Calibration = Schema["CalibrationAnswer"];
type Agreed = Schema["AgreementAnswer"];
export const CALIBRATIONS = ["review", "calibrations"];
const FIRST_BESIDE_SECOND = 0;

/** Sessions in which several reviewers score the same calls, and how far they agree on each question. */
export function Calibrations() {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const [asked, setAsked] = useSearchParams();
  const [chosen, setChosen] = useState(FIRST_BESIDE_SECOND);
  const [starting, setStarting] = useState(asked.has("calls"));
  const again = () => queries.invalidateQueries({ queryKey: CALIBRATIONS });
  const list = useQuery({ queryKey: CALIBRATIONS, queryFn: () => answer(client.GET("/review/calibrations")) });
  const close = useMutation({ mutationFn: (id: number) => answer(client.POST("/review/calibrations/{calibration_id}/close", { params: { path: { calibration_id: id } } })), onSuccess: again });
  const leave = () => {
    setStarting(false);
    setAsked(new URLSearchParams());
  };
  const columns = [
    { title: t.name, dataIndex: "name", render: (name: string, one: Calibration) => <Button type="link" size="small" onClick={() => setChosen(one.id)}>{name}</Button> },
    { title: t.calls, dataIndex: "calls", render: (calls: string[]) => calls.length },
    { title: t.progress, dataIndex: "reviewers", render: (reviewers: Record<string, number>, one: Calibration) => <Flex gap={8} wrap>{Object.entries(reviewers).map(([who, done]) => <Tag key={who} color={done === one.calls.length ? "green" : undefined}>{plain(who)} {done}/{one.calls.length}</Tag>)}</Flex> },
    { title: t.form, dataIndex: "form", render: (form: string, one: Calibration) => `${form} v${one.form_version}` },
    {
      title: "", key: "close",
      render: (_: unknown, one: Calibration) => (one.closed_at ? <Tag>{t.closed}</Tag> : <Popconfirm title={t.closeSure} onConfirm={() => close.mutate(one.id)}><Button size="small">{t.close}</Button></Popconfirm>),
    },
  ];
  const rows = list.data?.calibrations ?? [];
  const failure = list.error ?? close.error;
  return (
    <Card size="small" title={t.calibration} extra={<Button type="primary" size="small" onClick={() => setStarting(true)}>{t.startCalibration}</Button>}>
      <Flex vertical gap={16}>
        {failure && <FailureNote failure={failure} retry={() => void list.refetch()} />}
        <Table<Calibration> rowKey="id" size="small" columns={columns} loading={list.isPending} dataSource={rows} pagination={false} locale={{ emptyText: t.noCalibrations }} />
        <Agreement calibration={chosen} names={rows} onChoose={setChosen} />
      </Flex>
      {starting && <Start calls={asked.get("calls")?.split(",") ?? []} onClose={leave} onStarted={() => { leave(); void again(); }} />}
    </Card>
  );
}

interface StartValues {
  name: string;
  form: string;
  calls: string[];
  reviewers: string[];
}

function Start({ calls, onClose, onStarted }: { calls: readonly string[]; onClose: () => void; onStarted: () => void }) {
  const t = useTexts(TEXTS);
  const [form] = Form.useForm<StartValues>();
  const forms = useQuery({ queryKey: ["review", "forms"], queryFn: () => answer(client.GET("/review/forms")) });
  const start = useMutation({ mutationFn: (body: StartValues) => answer(client.POST("/review/calibrations", { body })), onSuccess: onStarted });
  const first = forms.data?.forms[0]?.name;
  if (!forms.data) return forms.error ? <FailureNote failure={forms.error} /> : null;
  const typed = { mode: "tags" as const, open: false, suffixIcon: null, tokenSeparators: [",", "，", " "] };
  return (
    <Modal open title={t.startCalibration} okText={t.start} onOk={() => form.submit()} onCancel={onClose} confirmLoading={start.isPending} width={560}>
      <Form form={form} layout="vertical" initialValues={{ calls: [...calls], reviewers: [], form: first }} onFinish={(values) => start.mutate(values)}>
        <Form.Item name="name" label={t.name} rules={[{ required: true, message: t.nameWanted }]}><Input maxLength={100} placeholder={t.calibrationName} /></Form.Item>
        <Form.Item name="form" label={t.form}><Select options={forms.data.forms.map((one) => ({ value: one.name, label: `${one.name} v${one.version}` }))} /></Form.Item>
        <Form.Item name="calls" label={t.calls} extra={t.callsHint} rules={[{ required: true, message: t.callsHint }]}><Select {...typed} /></Form.Item>
        <Form.Item name="reviewers" label={t.reviewersOf} extra={t.reviewersHint} rules={[{ required: true, type: "array", min: 2, message: t.reviewersHint }]}><Select {...typed} /></Form.Item>
      </Form>
      {start.error && <FailureNote failure={start.error} />}
    </Modal>
  );
}

function Agreement({ calibration, names, onChoose }: { calibration: number; names: readonly Calibration[]; onChoose: (id: number) => void }) {
  const t = useTexts(TEXTS);
  const found = useQuery({
    queryKey: ["review", "agreement", calibration],
    queryFn: () => answer(client.GET("/review/agreement", { params: { query: calibration === FIRST_BESIDE_SECOND ? {} : { calibration } } })),
  });
  const columns = [
    { title: t.question, dataIndex: "text" },
    { title: t.calls, dataIndex: "calls", width: 80, render: (calls: unknown[]) => calls.length },
    { title: t.reviewers, dataIndex: "reviewers", width: 80 },
    { title: <Tooltip title={t.kappaIs}>{t.kappa}</Tooltip>, dataIndex: "kappa", width: 260, render: (kappa: number | null) => <Kappa value={kappa} /> },
  ];
  const options = [{ value: FIRST_BESIDE_SECOND, label: t.firstBesideSecond }, ...names.map((one) => ({ value: one.id, label: one.name }))];
  return (
    <Flex vertical gap={8}>
      <Select aria-label={t.kappa} value={calibration} options={options} onChange={onChoose} style={{ maxWidth: 320 }} />
      {found.error && <FailureNote failure={found.error} retry={() => void found.refetch()} />}
      <Table<Agreed>
        rowKey="question"
        size="small"
        columns={columns}
        loading={found.isPending}
        dataSource={found.data?.questions ?? []}
        pagination={false}
        locale={{ emptyText: t.nothingToCompare }}
        expandable={{ expandedRowRender: (one) => <Given one={one} /> }}
      />
    </Flex>
  );
}

/** Landis and Koch (1977) name the strengths; a colour beside the number, never alone. */
function Kappa({ value }: { value: number | null }) {
  const t = useTexts(TEXTS);
  if (value === null) return "–";
  const strength = [0.2, 0.4, 0.6, 0.8].filter((bound) => value > bound).length;
  const colour = ["red", "volcano", "orange", "lime", "green"][strength];
  return (
    <Flex gap={8} align="center">
      <Progress percent={Math.max(0, value) * 100} showInfo={false} size="small" style={{ width: 90 }} />
      <span style={{ fontVariantNumeric: "tabular-nums" }}>{value.toFixed(2)}</span>
      <Tag color={colour}>{t.strengths[strength]}</Tag>
    </Flex>
  );
}

/** Who answered what: where reviewers differ, they talk about it. */
function Given({ one }: { one: Agreed }) {
  const t = useTexts(TEXTS);
  const whose = [...new Set(one.calls.flatMap((call) => Object.keys(call.answers)))];
  const columns = [
    { title: t.call, dataIndex: "call_id", render: (call: string) => <Link to={`/review/${encodeURIComponent(call)}`}>{call}</Link> },
    ...whose.map((who) => ({ title: t.purposes[who] ?? plain(who), key: who, render: (_: unknown, call: Agreed["calls"][number]) => <Answered answers={call.answers} who={who} /> })),
  ];
  return <Table size="small" rowKey="call_id" columns={columns} dataSource={one.calls} pagination={false} />;
}

function Answered({ answers, who }: { answers: Record<string, string>; who: string }) {
  const t = useTexts(TEXTS);
  const given = answers[who] ?? "";
  const differs = new Set(Object.values(answers)).size > 1;
  const label = given === "n/a" ? t.notApplicable : (t.choices[given] ?? given);
  return differs ? <Tag color="orange">{label} ≠</Tag> : <span>{label}</span>;
}

export function plain(actor: string): string {
  return actor.replace("account:", "");
}
