import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Flex, Input, Popover, Tag } from "antd";
import { useEffect, useRef, useState } from "react";
import { answer, client } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMay } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { clock } from "../../parts/time";
import { TEXTS } from "./texts";

/** Private words in clear for a while: asks for the reason, counts down, hides them again. */
export function Unmasked({ callId, leftS }: { callId: string; leftS: number }) {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const may = useMay()("personal.unmask");
  const [why, setWhy] = useState("");
  const again = () => queries.invalidateQueries({ queryKey: ["review", "call", callId] });
  const unmask = useMutation({
    mutationFn: () => answer(client.POST("/review/calls/{call_id}/unmask", { params: { path: { call_id: callId } }, body: { reason: why } })),
    onSuccess: again,
  });
  if (!may) return null;
  if (leftS > 0) return <Countdown leftS={leftS} onOver={() => void again()} />;
  const form = (
    <Flex vertical gap={8} style={{ width: 320 }}>
      <span>{t.unmaskHint}</span>
      <Input.Search aria-label={t.unmaskReason} placeholder={t.unmaskReason} maxLength={400} enterButton={t.unmask} value={why} onChange={({ target }) => setWhy(target.value)} loading={unmask.isPending} onSearch={(given) => given.length > 1 && unmask.mutate()} />
      {unmask.error && <FailureNote failure={unmask.error} />}
    </Flex>
  );
  return <Popover content={form} trigger="click"><Button size="small">{t.unmask}</Button></Popover>;
}

/** Counts from what the service said is left: the clock of this machine may be wrong. */
function Countdown({ leftS, onOver }: { leftS: number; onOver: () => void }) {
  const t = useTexts(TEXTS);
  const [left, setLeft] = useState(leftS);
  const over = useRef(onOver);
  useEffect(() => {
    over.current = onOver;
  });
  useEffect(() => {
    const until = performance.now() + leftS * 1000;
    const timer = setInterval(() => {
      const rest = (until - performance.now()) / 1000;
      setLeft(rest);
      if (rest <= 0) {
        clearInterval(timer);
        over.current();
      }
    }, 1000);
    return () => clearInterval(timer);
  }, [leftS]);
  return <Tag color="red" role="timer">{t.unmaskedLeft} {clock(Math.max(0, left))}</Tag>;
}
