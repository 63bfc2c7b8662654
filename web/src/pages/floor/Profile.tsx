import { Button, Form, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { KINDS, useQueueTitles, useSkills } from "../../parts/names";
import { useOrder } from "./floor";
import { levels, writtenLevels } from "./levels";
import { TEXTS } from "./texts";

interface Values {
  kind: Schema["ProfileModel"]["kind"];
  queues: string[];
  skills: string;
  wrap_up_s: number;
  team: string;
}

/** What one agent serves and can; a seat where he works follows at once. */
export function Profile({ queues }: { queues: readonly string[] }) {
  const t = useTexts(TEXTS);
  const titleOf = useQueueTitles();
  const kinds = useTexts(KINDS);
  const skills = useSkills();
  const [account, setAccount] = useState("");
  const [loaded, setLoaded] = useState("");
  const [form] = Form.useForm<Values>();
  const load = useOrder(async (name: string) => {
    const found = await answer(client.GET("/seats/profiles/{account}", { params: { path: { account: name } } }));
    form.setFieldsValue({ kind: found.kind, queues: found.queues, skills: writtenLevels(found.skills, skills), wrap_up_s: found.wrap_up_s, team: found.team });
    setLoaded(name);
  });
  const save = useOrder((values: Values) => answer(client.PUT("/seats/profiles/{account}", { params: { path: { account: loaded } }, body: { ...values, skills: levels(values.skills, skills) } })));
  const failure = load.error ?? save.error;
  return (
    <>
      <Form form={form} layout="inline" onFinish={(values) => save.mutate(values)} style={{ rowGap: 12 }}>
        <Input.Search aria-label={t.account} placeholder={t.account} enterButton={t.load} style={{ width: 220, marginInlineEnd: 16 }} value={account} onChange={(event) => setAccount(event.target.value.trim())} onSearch={(name) => name && load.mutate(name)} />
        <Form.Item name="kind" label={t.kind}><Select style={{ width: 110 }} disabled={!loaded} options={Object.entries(kinds).map(([value, label]) => ({ value, label }))} /></Form.Item>
        <Form.Item name="queues" label={t.served}><Select mode="multiple" style={{ minWidth: 180 }} disabled={!loaded} options={queues.map((value) => ({ value, label: titleOf(value) }))} /></Form.Item>
        <Form.Item name="skills" label={t.skills}><Input disabled={!loaded} placeholder={t.needsHint} style={{ width: 200 }} /></Form.Item>
        <Form.Item name="team" label={t.team}><Input disabled={!loaded} maxLength={60} style={{ width: 140 }} /></Form.Item>
        <Form.Item name="wrap_up_s" label={t.wrapUp}><InputNumber min={0} max={3600} disabled={!loaded} /></Form.Item>
        <Button type="primary" htmlType="submit" disabled={!loaded} loading={save.isPending}>{t.save}</Button>
      </Form>
      {failure && <FailureNote failure={failure} />}
    </>
  );
}
