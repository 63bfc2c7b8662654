import { Flex, Input, Modal, Select } from "antd";
import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { answer, client } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { useOrder } from "./floor";
import { TEXTS } from "./texts";

/** A message to the desks of some queues, or to all. */
export function Broadcast({ onClose }: { onClose: () => void }) {
  const t = useTexts(TEXTS);
  const [text, setText] = useState("");
  const [to, setTo] = useState<string[]>([]);
  const queues = useQuery({ queryKey: ["queues"], queryFn: () => answer(client.GET("/queues")) });
  const send = useOrder(() => answer(client.POST("/floor/broadcasts", { body: { text, queues: to } })), onClose);
  const options = (queues.data?.queues ?? []).map((one) => ({ value: one.name, label: one.rule.title || one.name }));
  return (
    <Modal open title={t.message} okText={t.confirm} cancelText={t.cancel} onOk={() => send.mutate(undefined)} onCancel={onClose} okButtonProps={{ disabled: text.trim() === "", loading: send.isPending }}>
      <Flex vertical gap={12}>
        <Select mode="multiple" aria-label={t.messageTo} placeholder={t.everybody} value={to} options={options} onChange={setTo} />
        <Input.TextArea autoFocus aria-label={t.messageText} placeholder={t.messageText} maxLength={200} showCount rows={3} value={text} onChange={(event) => setText(event.target.value)} />
        {send.error && <FailureNote failure={send.error} />}
      </Flex>
    </Modal>
  );
}
