import { useMutation, useQuery } from "@tanstack/react-query";
import { App, Button, DatePicker, Flex, Input, Segmented, Space, Tag, Typography } from "antd";
import dayjs from "dayjs";
import { useEffect, useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { clock } from "../../parts/time";
import type { Graph } from "./graph";
import { usePrompts } from "./PromptPicker";
import { TEXTS } from "./texts";

type Move = Record<string, string | number | boolean>;
type Seats = "free" | "busy" | "none";

interface Props {
  name: string;
  graph: Graph;
  mayEdit: boolean;
  onPath: (lit: { path: readonly string[] } | null) => void;
}

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

/** Talk to the draft with a virtual clock. Each answer runs the whole script anew. */
export function Rehearsal({ name, graph, mayEdit, onPath }: Props) {
  const t = useTexts(TEXTS);
  const prompts = usePrompts();
  const [script, setScript] = useState<Move[]>([]);
  const [when, setWhen] = useState(() => dayjs());
  const [seats, setSeats] = useState<Seats>("free");
  const [caller, setCaller] = useState("13800000000");
  const world = { now: when.format("YYYY-MM-DDTHH:mm:ss+08:00"), seats, caller };
  const run = useQuery({
    queryKey: ["rehearsal", name, graph, script, world],
    placeholderData: (before: Schema["RunAnswer"] | undefined) => before,
    queryFn: () => answer(client.POST("/flows/{name}/simulate", { params: { path: { name } }, body: { graph, script, to_the_end: false, world: world as never } as never })),
  });
  const path = run.data?.path;
  useEffect(() => onPath(path ? { path } : null), [path, onPath]);
  const move = (one: Move) => setScript([...script, one]);
  const asked = run.data?.turns.filter((turn) => turn.did !== null) ?? [];
  const now = run.data?.turns.at(-1);
  const waits = run.data && !run.data.ended && now;
  // A turn that the script has led on from can be gone back to: the script is cut there.
  const scripted = asked.filter((turn) => turn.commands.some((command) => WAITS.has(String(command["do"]))));
  return (
    <Flex vertical gap={8}>
      <Flex gap={4} wrap aria-label={t.world} role="group">
        <DatePicker size="small" showTime value={when} aria-label={t.when} allowClear={false} onChange={(to) => { if (to) setWhen(to); setScript([]); }} />
        <Segmented<Seats> size="small" aria-label={t.seats} value={seats} options={(["free", "busy", "none"] as const).map((value) => ({ value, label: t.seatsOf[value] }))} onChange={(to) => { setSeats(to); setScript([]); }} />
        <Input size="small" style={{ width: 120 }} aria-label={t.callerNumber} value={caller} onChange={(event) => { setCaller(event.target.value); setScript([]); }} />
        <Button size="small" onClick={() => setScript([])}>{t.begin}</Button>
      </Flex>
      {run.error && <FailureNote failure={run.error} />}
      <Flex vertical gap={4} component="ol" role="log" aria-label={t.rehearsal} style={{ listStyle: "none", padding: 0, margin: 0 }}>
        {run.data?.turns.map((turn, at) => {
          const place = scripted.indexOf(turn);
          return (
            <li key={at}>
              <Typography.Text type="secondary">{clock(turn.at_s)}</Typography.Text> <Tag color="blue">{turn.node}</Tag>
              {turn.spoken.map((part) => heard(part, prompts)).join(" ")}
              {turn.did && did(turn.did, t.events)}
              {place >= 0 && place < script.length && <Button size="small" type="link" onClick={() => setScript(script.slice(0, place))}>{t.back}</Button>}
            </li>
          );
        })}
      </Flex>
      {run.data?.ended && <Tag color="green" role="status">{t.ended} · {clock(run.data.seconds)}</Tag>}
      {waits && (
        <Flex vertical gap={4} role="group" aria-label={t.waits}>
          <Typography.Text strong>{t.waits}</Typography.Text>
          <Space wrap size={4}>
            <Button size="small" type="primary" onClick={() => move({})}>{t.doNothing}</Button>
            {now.offers.includes("answered") && <Button size="small" onClick={() => move({ answered: "1001" })}>{t.answered}</Button>}
            {now.offers.includes("nobody") && <Button size="small" onClick={() => move({ nobody: true })}>{t.nobody}</Button>}
            {now.offers.includes("said_s") && <Button size="small" onClick={() => move({ said_s: 10 })}>{t.said}</Button>}
            <Button size="small" danger onClick={() => move({ hang_up: true })}>{t.hangUp}</Button>
          </Space>
          {now.offers.includes("key") && (
            <div role="group" aria-label={t.keyPanel} style={{ display: "grid", gridTemplateColumns: "repeat(3, 44px)", gap: 4 }}>
              {KEYS.map((key) => (
                <Button key={key} size="small" aria-label={`${t.pressKey} ${key}`} onClick={() => move({ key })}>{key}</Button>
              ))}
            </div>
          )}
        </Flex>
      )}
      {mayEdit && run.data?.ended && <SaveTest name={name} script={script} world={world} ends={path?.at(-1) ?? ""} path={path ?? []} />}
    </Flex>
  );
}

/** A spoken part in words: the text of a prompt, or figures as they stand. */
function heard(part: unknown, prompts: ReadonlyMap<string, string>): string {
  if (typeof part === "string") return prompts.get(part) ?? part;
  return typeof part === "object" && part !== null && "figures" in part ? String(part.figures) : JSON.stringify(part);
}

const WAITS = new Set(["Say", "AskKey", "EnterQueue", "TakeMessage"]);

/** How a turn went on, in words; a prompt that was simply played needs none. */
function did(event: Record<string, unknown>, named: Record<string, string>): string {
  const { event: name, ...more } = event;
  const said = Object.values(more).filter((value) => typeof value === "string" || typeof value === "number");
  return name === "Done" ? "" : ` → ${named[String(name)] ?? String(name)} ${said.join(" ")}`;
}

interface Saving {
  name: string;
  script: readonly Move[];
  world: object;
  ends: string;
  path: readonly string[];
}

function SaveTest({ name, script, world, path }: Saving) {
  const t = useTexts(TEXTS);
  const { message } = App.useApp();
  const [called, setCalled] = useState("");
  const save = useMutation({
    mutationFn: () => answer(client.PUT("/flows/{name}/tests", { params: { path: { name } }, body: { name: called, script, world, expects: { path } } as never })),
    onSuccess: () => void message.success(t.testSaved),
  });
  return (
    <Flex vertical gap={4}>
      <Space.Compact>
        <Input size="small" aria-label={t.testName} placeholder={t.testName} value={called} onChange={(event) => setCalled(event.target.value)} />
        <Button size="small" disabled={!called} loading={save.isPending} onClick={() => save.mutate()}>{t.saveTest}</Button>
      </Space.Compact>
      {save.error && <FailureNote failure={save.error} />}
    </Flex>
  );
}
