import { App, Checkbox, Form, Input, InputNumber, Modal, Select, Space, TimePicker } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { useQueueTitles, useSkills, type Skills } from "../../parts/names";
import { useOrder } from "./floor";
import { levels, writtenLevels } from "./levels";
import { TEXTS } from "./texts";

type Queue = Schema["QueueAnswer"];
type Rule = Schema["QueueInput"];
type Overflow = Rule["overflows"][number];

/** Where somebody goes on for one cause; "none": he stays. */
interface Onward {
  to: Overflow["to"] | "none";
  queue: string;
}

interface Values {
  name: string;
  title: string;
  share: number;
  within: number;
  selection: Rule["selection"];
  needs: string;
  relax: number | null;
  relaxed: string;
  hours: [Dayjs, Dayjs] | null;
  closed: Onward;
  after: number | null;
  waited: Onward;
  ratio: number | null;
  crowded: Onward;
  announce: number | null;
  offered: number | null;
  by_roster: boolean;
}

type Cause = (overflow: Overflow) => boolean;
const CAUSES: Record<"closed" | "waited" | "crowded", Cause> = {
  closed: (one) => one.closed,
  waited: (one) => typeof one.after_s === "number",
  crowded: (one) => typeof one.ratio === "number",
};

function onward(rule: Rule | undefined, cause: Cause): Onward {
  const found = rule?.overflows.find(cause);
  return { to: found?.to ?? "none", queue: found?.queue || "general" };
}

/** The first way of this cause as the form has it, then those the form does not show. */
function overflows(way: Onward, wanted: boolean, cause: Cause, when: Partial<Overflow>, before: Rule | undefined): Overflow[] {
  const more = (before?.overflows.filter(cause) ?? []).slice(1);
  if (!wanted || way.to === "none") return more;
  return [{ to: way.to, queue: way.to === "queue" ? way.queue : "", closed: false, ...when }, ...more];
}

/** The form changes what it shows; rules it does not know stay as they are. */
function ruleOf(values: Values, before: Rule | undefined, skills: Skills): Rule {
  const offer = before?.call_back ?? { every_s: 120, key: "1", words: ["回电", "回拨"] };
  const hours = values.hours && { opens: values.hours[0].format("HH:mm"), closes: values.hours[1].format("HH:mm") };
  return {
    title: values.title,
    goal_share: values.share / 100,
    goal_within_s: values.within,
    selection: values.selection,
    needs: levels(values.needs, skills),
    relaxations: [...(values.relax === null ? [] : [{ after_s: values.relax, needs: levels(values.relaxed, skills) }]), ...(before?.relaxations ?? []).slice(1)],
    overflows: [
      ...overflows(values.closed, hours !== null, CAUSES.closed, { closed: true }, before),
      ...overflows(values.waited, values.after !== null, CAUSES.waited, { after_s: values.after }, before),
      ...overflows(values.crowded, values.ratio !== null, CAUSES.crowded, { ratio: values.ratio }, before),
    ],
    hours,
    by_roster: values.by_roster,
    announce_every_s: values.announce,
    call_back: values.offered === null ? null : { ...offer, after_s: values.offered },
  };
}

function initialOf(queue: Queue | null, skills: Skills): Values {
  const rule = queue?.rule;
  const [relaxed, hours] = [rule?.relaxations[0], rule?.hours];
  return {
    name: queue?.name ?? "",
    title: rule?.title ?? "",
    share: (rule?.goal_share ?? 0.95) * 100,
    within: rule?.goal_within_s ?? 15,
    selection: rule?.selection ?? "longest_idle",
    needs: writtenLevels(rule?.needs ?? {}, skills),
    relax: relaxed?.after_s ?? null,
    relaxed: writtenLevels(relaxed?.needs ?? {}, skills),
    hours: hours ? [dayjs(`2000-01-01T${hours.opens}`), dayjs(`2000-01-01T${hours.closes}`)] : null,
    closed: onward(rule, CAUSES.closed),
    after: rule?.overflows.find(CAUSES.waited)?.after_s ?? null,
    waited: onward(rule, CAUSES.waited),
    ratio: rule?.overflows.find(CAUSES.crowded)?.ratio ?? null,
    crowded: onward(rule, CAUSES.crowded),
    announce: rule?.announce_every_s ?? null,
    offered: rule?.call_back?.after_s ?? null,
    by_roster: rule?.by_roster ?? false,
  };
}

/** Goals, skills, opening hours and ways on of one queue, or of a new one. */
export function QueueForm({ queue, queues, onClose, onSaved }: { queue: Queue | null; queues: readonly string[]; onClose: () => void; onSaved: () => void }) {
  const t = useTexts(TEXTS);
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const skills = useSkills();
  const others = queues.filter((one) => one !== queue?.name);
  const put = useOrder(
    (values: Values) => answer(client.PUT("/queues/{name}", { params: { path: { name: queue?.name ?? values.name } }, body: ruleOf(values, queue?.rule, skills) })),
    () => {
      void message.success(t.saved);
      onSaved();
      onClose();
    },
  );
  const seconds = (min = 1, max = 7200) => <InputNumber min={min} max={max} placeholder={t.none} style={{ width: "100%" }} />;
  return (
    <Modal open title={queue ? `${t.edit} ${queue.rule.title || queue.name}` : t.add} okText={t.save} cancelText={t.cancel} onOk={() => form.submit()} onCancel={onClose} confirmLoading={put.isPending} width={720} style={{ top: 16 }}>
      <Form form={form} layout="vertical" size="small" initialValues={initialOf(queue, skills)} onFinish={(values) => put.mutate(values)} style={{ display: "grid", gridTemplateColumns: "1fr 1fr", columnGap: 16 }}>
        <Form.Item name="name" label={t.name} extra={t.nameHint} rules={[{ required: true, pattern: /^[a-z][a-z0-9_-]{0,31}$/, message: t.nameHint }]}><Input disabled={queue !== null} /></Form.Item>
        <Form.Item name="title" label={t.title}><Input maxLength={60} /></Form.Item>
        <Form.Item name="share" label={`${t.share} %`}><InputNumber min={1} max={100} style={{ width: "100%" }} /></Form.Item>
        <Form.Item name="within" label={t.within}>{seconds()}</Form.Item>
        <Form.Item name="selection" label={t.selection}><Select options={Object.entries(t.selections).map(([value, label]) => ({ value, label }))} /></Form.Item>
        <Form.Item name="needs" label={t.needs} extra={t.needsHint}><Input /></Form.Item>
        <Form.Item name="relax" label={t.relax}>{seconds()}</Form.Item>
        <Form.Item name="relaxed" label={t.relaxed}><Input placeholder={t.relaxedNone} /></Form.Item>
        <Form.Item name="hours" label={t.open}><TimePicker.RangePicker format="HH:mm" order={false} placeholder={[t.always, t.always]} style={{ width: "100%" }} /></Form.Item>
        <Ways cause="closed" label={t.closedTo} queues={others} needed="hours" />
        <Form.Item name="after" label={t.overflow}>{seconds()}</Form.Item>
        <Ways cause="waited" label={t.overflowTo} queues={others} needed="after" />
        <Form.Item name="ratio" label={t.ratio}><InputNumber min={0.1} max={1000} step={0.5} placeholder={t.none} style={{ width: "100%" }} /></Form.Item>
        <Ways cause="crowded" label={t.overflowTo} queues={others} needed="ratio" />
        <Form.Item name="announce" label={t.announce}>{seconds(15, 600)}</Form.Item>
        <Form.Item name="offered" label={t.offered}>{seconds()}</Form.Item>
        <Form.Item name="by_roster" valuePropName="checked"><Checkbox>{t.byRoster}</Checkbox></Form.Item>
      </Form>
      {put.error && <FailureNote failure={put.error} />}
    </Modal>
  );
}

/** Where to for one cause: asked for as soon as the cause is set. */
function Ways({ cause, label, queues, needed }: { cause: keyof typeof CAUSES; label: string; queues: readonly string[]; needed: "hours" | "after" | "ratio" }) {
  const t = useTexts(TEXTS);
  const titleOf = useQueueTitles();
  const form = Form.useFormInstance<Values>();
  const set = Boolean(Form.useWatch(needed, form));
  const to = Form.useWatch([cause, "to"], form) as Onward["to"] | undefined;
  const said = () => (set && form.getFieldValue([cause, "to"]) === "none" ? Promise.reject(new Error(t.wayMissing)) : Promise.resolve());
  return (
    <Form.Item label={label}>
      <Space.Compact block>
        <Form.Item name={[cause, "to"]} noStyle dependencies={[needed]} rules={[{ validator: said }]}>
          <Select aria-label={`${label} ${cause}`} disabled={!set} options={[{ value: "none", label: t.choose }, ...Object.entries(t.targets).map(([value, name]) => ({ value, label: name }))]} />
        </Form.Item>
        <Form.Item name={[cause, "queue"]} noStyle hidden={to !== "queue"}>
          <Select aria-label={`${t.queue} ${cause}`} disabled={!set} options={queues.map((value) => ({ value, label: titleOf(value) }))} />
        </Form.Item>
      </Space.Compact>
    </Form.Item>
  );
}
