import { Button, Card, Checkbox, Flex, Form, InputNumber, Skeleton } from "antd";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { PageHead } from "../../parts/PageHead";
import { Drill } from "./Drill";
import { useChange, usePolicy, useSure, type Policy } from "./policy";
import { PriorityCallers } from "./PriorityCallers";
import "./settings.css";
import { TEXTS } from "./texts";
import { Words } from "./Words";

/** What supervisors set for the whole floor while it works. */
export default function Settings() {
  const t = useTexts(TEXTS);
  const policy = usePolicy();
  return (
    <>
      <PageHead title={t.title} />
      {policy.error && <FailureNote failure={policy.error} retry={() => void policy.refetch()} />}
      {policy.isPending && <Skeleton active />}
      {policy.data && (
        <div className="settings">
          <Alarms policy={policy.data} />
          <Drill policy={policy.data} />
          <Words policy={policy.data} />
          <PriorityCallers />
        </div>
      )}
    </>
  );
}

interface Values {
  waiting: number | null;
  longest_wait_s: number | null;
  share: number | null;
  nobody_serves: boolean;
  abandoned_before: number;
}

function Alarms({ policy }: { policy: Policy }) {
  const t = useTexts(TEXTS);
  const sure = useSure();
  const change = useChange();
  const limits = policy.alarms;
  const share = limits?.answer_share;
  const initial: Values = {
    waiting: limits?.waiting ?? null, longest_wait_s: limits?.longest_wait_s ?? null, share: share ? Math.round(share * 1000) / 10 : null,
    nobody_serves: limits?.nobody_serves ?? true, abandoned_before: policy.abandoned_before ?? 2,
  };
  const save = ({ share: percent, abandoned_before, ...rest }: Values) =>
    sure(t.at, () => change.mutate({ alarms: { ...rest, answer_share: percent ? percent / 100 : null }, abandoned_before }));
  return (
    <Card size="small" title={t.alarms}>
      <p className="settings-hint">{t.alarmsHint}</p>
      <Form layout="vertical" initialValues={initial} onFinish={save}>
        <div className="settings-fields">
          <Form.Item name="waiting" label={t.waiting}><InputNumber min={1} max={10_000} precision={0} placeholder={t.none} /></Form.Item>
          <Form.Item name="longest_wait_s" label={t.longest}><InputNumber min={1} max={10_000} precision={0} placeholder={t.none} /></Form.Item>
          <Form.Item name="share" label={t.share}><InputNumber min={0.1} max={100} precision={1} placeholder={t.none} /></Form.Item>
          <Form.Item name="abandoned_before" label={t.abandoned} rules={[{ required: true }]}><InputNumber min={1} max={20} precision={0} /></Form.Item>
        </div>
        <Form.Item name="nobody_serves" valuePropName="checked" style={{ marginBottom: 12 }}><Checkbox>{t.nobody}</Checkbox></Form.Item>
        <Flex vertical gap={8} align="start">
          <Button type="primary" htmlType="submit" loading={change.isPending} aria-label={`${t.save} ${t.alarms}`}>{t.save}</Button>
          {change.error && <FailureNote failure={change.error} />}
        </Flex>
      </Form>
    </Card>
  );
}
