import { Button, Card, DatePicker, Flex, Form, Select, Tag } from "antd";
import type { Dayjs } from "dayjs";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { wallTime } from "../../parts/time";
import { useNow } from "../desk/ticking";
import { useChange, useSure, type Policy } from "./policy";
import { TEXTS } from "./texts";

interface Values {
  numbers: string[];
  until: Dayjs;
}
const MOST = 20;

/** Calls from some numbers never reach a real emergency service until an end that must be given. */
export function Drill({ policy }: { policy: Policy }) {
  const t = useTexts(TEXTS);
  const sure = useSure();
  const change = useChange();
  const [form] = Form.useForm<Values>();
  const { numbers = [], until = null } = policy.drill ?? {};
  const now = useNow(until !== null);
  const on = until !== null && numbers.length > 0 && Date.parse(until) > now;
  const start = (given: Values) => sure(t.startSure, () => change.mutate({ drill: { numbers: given.numbers, until: given.until.toISOString() } }));
  const stop = () => sure(t.stopSure, () => change.mutate({ drill: { numbers: [], until: null } }));
  const areNumbers = (_: unknown, given: string[]) => (given.length > 0 && given.length <= MOST && given.every((one) => /^[0-9]{5,20}$/.test(one)) ? Promise.resolve() : Promise.reject(new Error(t.badNumbers)));
  const isAhead = (_: unknown, at: Dayjs | null) => (at && at.valueOf() > Date.now() ? Promise.resolve() : Promise.reject(new Error(t.badUntil)));
  return (
    <Card size="small" title={t.drill} extra={<Tag color={on ? "red" : "default"} data-drill={on}>{on ? `${t.drillOn} ${wallTime(until).slice(0, 16)}` : t.drillOff}</Tag>}>
      <p className="settings-hint">{t.drillHint}</p>
      <Flex vertical gap={8} align="start">
        {on ? (
          <>
            <span>{t.numbers}：{numbers.join("、")}</span>
            <Button danger loading={change.isPending} onClick={stop}>{t.stop}</Button>
          </>
        ) : (
          <Form form={form} layout="vertical" initialValues={{ numbers: [] }} onFinish={start} style={{ width: "100%" }}>
            <Form.Item name="numbers" label={t.numbers} rules={[{ validator: areNumbers }]}><Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[",", "，", "、", " "]} /></Form.Item>
            <Form.Item name="until" label={t.until} rules={[{ validator: isAhead }]}><DatePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" /></Form.Item>
            <Button htmlType="submit" loading={change.isPending}>{t.start}</Button>
          </Form>
        )}
        {change.error && <FailureNote failure={change.error} />}
      </Flex>
    </Card>
  );
}
