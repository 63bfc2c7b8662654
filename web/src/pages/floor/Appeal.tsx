import { Button, Flex, Input, Space, Typography } from "antd";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMe } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { useOrder } from "./floor";
import { TEXTS } from "./texts";

type Suspension = Schema["SuspensionAnswer"];
interface Props {
  one: Suspension;
  decides: boolean;
  onDone: () => void;
}

/** What the caller says against a suspension in force, and what a third person makes of it. */
export function Appeal({ one, decides, onDone }: Props) {
  if (one.status !== "in_force") return null;
  if (one.appealed_at === null) return <Written one={one} onDone={onDone} />;
  return decides && one.appeal_decided_at === null ? <Judged one={one} onDone={onDone} /> : null;
}

function Written({ one, onDone }: Omit<Props, "decides">) {
  const t = useTexts(TEXTS);
  const [words, setWords] = useState("");
  const path = { params: { path: { suspension_id: one.id } } };
  const put = useOrder(() => answer(client.POST("/suspensions/{suspension_id}/appeal", { ...path, body: { words } })), onDone);
  return (
    <Flex vertical gap={8}>
      <Space.Compact block>
        <Input aria-label={t.appealWords} placeholder={t.appealWords} maxLength={500} value={words} onChange={(event) => setWords(event.target.value)} />
        <Button disabled={words.trim().length < 2} loading={put.isPending} onClick={() => put.mutate(undefined)}>{t.appealWrite}</Button>
      </Space.Compact>
      {put.error && <FailureNote failure={put.error} />}
    </Flex>
  );
}

function Judged({ one, onDone }: Omit<Props, "decides">) {
  const t = useTexts(TEXTS);
  const { data: me } = useMe();
  const [reason, setReason] = useState("");
  const path = { params: { path: { suspension_id: one.id } } };
  const judge = useOrder((lift: boolean) => answer(client.POST("/suspensions/{suspension_id}/appeal/decision", { ...path, body: { lift, reason } })), onDone);
  if ([one.proposed_by, one.decided_by].includes(`account:${me?.name ?? ""}`)) return <Typography.Text type="warning">{t.appealThird}</Typography.Text>;
  const disabled = reason.trim().length < 2;
  return (
    <Flex vertical gap={8}>
      <Input aria-label={t.appealReason} placeholder={t.appealReason} maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
      <Space>
        <Button type="primary" disabled={disabled} loading={judge.isPending} onClick={() => judge.mutate(true)}>{t.appealGrant}</Button>
        <Button disabled={disabled} onClick={() => judge.mutate(false)}>{t.appealRefuse}</Button>
      </Space>
      {judge.error && <FailureNote failure={judge.error} />}
    </Flex>
  );
}
