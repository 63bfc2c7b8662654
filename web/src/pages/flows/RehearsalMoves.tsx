import { Button, Flex, Input, Space, Typography } from "antd";
import { useState } from "react";
import { useTexts } from "../../app/language";
import { REHEARSAL_TEXTS } from "./rehearsalTexts";

export type Move = Record<string, string | number | boolean>;

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

/** What the caller, or the world, may do now. */
export function RehearsalMoves({ offers, onMove }: { offers: readonly string[]; onMove: (move: Move) => void }) {
  const t = useTexts(REHEARSAL_TEXTS);
  const may = new Set(offers);
  return (
    <Flex vertical gap={4} role="group" aria-label={t.waits} className="flow-moves">
      <Typography.Text strong>{t.waits}</Typography.Text>
      <Space wrap size={4}>
        <Button size="small" type="primary" onClick={() => onMove({})}>{t.doNothing}</Button>
        {may.has("answered") && <Button size="small" onClick={() => onMove({ answered: "1001" })}>{t.answered}</Button>}
        {may.has("nobody") && <Button size="small" onClick={() => onMove({ nobody: true })}>{t.nobody}</Button>}
        {may.has("said_s") && <Button size="small" onClick={() => onMove({ said_s: 10 })}>{t.speak}</Button>}
        {may.has("connected") && <Button size="small" onClick={() => onMove({ connected: true })}>{t.connected}</Button>}
        {may.has("fails") && <Button size="small" onClick={() => onMove({ fails: true })}>{t.fail}</Button>}
        <Button size="small" danger onClick={() => onMove({ hang_up: true })}>{t.hangUp}</Button>
      </Space>
      {may.has("says") && <Words label={t.says} act={t.say} onWords={(says) => onMove({ says })} />}
      {may.has("digits") && <Words label={t.digits} act={t.enter} figures onWords={(digits) => onMove({ digits })} />}
      {may.has("key") && (
        <div role="group" aria-label={t.keyPanel} style={{ display: "grid", gridTemplateColumns: "repeat(3, 44px)", gap: 4 }}>
          {KEYS.map((key) => <Button key={key} size="small" aria-label={`${t.pressKey} ${key}`} onClick={() => onMove({ key })}>{key}</Button>)}
        </div>
      )}
      <Space wrap size={4}>
        {["110", "119", "120", "122"].map((key) => <Button key={key} size="small" aria-label={`${t.pressKey} ${key}`} onClick={() => onMove({ key })}>{key}</Button>)}
      </Space>
      <Words label={t.danger} act={t.dangerDo} onWords={(words) => onMove({ words, number: "119" })} />
    </Flex>
  );
}

function Words({ label, act, figures = false, onWords }: { label: string; act: string; figures?: boolean; onWords: (words: string) => void }) {
  const [typed, setTyped] = useState("");
  const done = () => {
    if (!typed) return;
    onWords(typed);
    setTyped("");
  };
  return (
    <Space.Compact>
      <Input size="small" aria-label={label} placeholder={label} value={typed} onChange={(event) => setTyped(figures ? event.target.value.replaceAll(/[^0-9]/g, "") : event.target.value)} onPressEnter={done} />
      <Button size="small" disabled={!typed} onClick={done}>{act}</Button>
    </Space.Compact>
  );
}
