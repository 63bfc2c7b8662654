import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Flex, Input, Space, Switch, Tag, Typography } from "antd";
import dayjs from "dayjs";
import { useEffect, useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { clock } from "../../parts/time";
import type { Graph } from "./graph";
import { usePrompts } from "./PromptPicker";
import { RehearsalMoves, type Move } from "./RehearsalMoves";
import { REHEARSAL_TEXTS } from "./rehearsalTexts";
import { RehearsalWorld, USUAL, worldOf, type Scene } from "./RehearsalWorld";
import { TEXTS } from "./texts";
import { useHearing } from "./useHearing";

interface Props {
  name: string;
  graph: Graph;
  mayEdit: boolean;
  onPath: (lit: { path: readonly string[] } | null) => void;
}

/** Talk to the draft with a virtual clock. Each answer runs the whole script anew. */
export function Rehearsal({ name, graph, mayEdit, onPath }: Props) {
  const t = useTexts(TEXTS);
  const hearingTexts = useTexts(REHEARSAL_TEXTS);
  const prompts = usePrompts();
  const [script, setScript] = useState<Move[]>([]);
  const [scene, setScene] = useState<Scene>(() => ({ ...USUAL, when: dayjs() }));
  const [hears, setHears] = useState(false);
  const world = worldOf(scene);
  const run = useQuery({
    queryKey: ["rehearsal", name, graph, script, world],
    placeholderData: (before: Schema["RunAnswer"] | undefined) => before,
    queryFn: () => answer(client.POST("/flows/{name}/simulate", { params: { path: { name } }, body: { graph, script, to_the_end: false, world: world as never } as never })),
  });
  const path = run.data?.path;
  useEffect(() => onPath(path ? { path } : null), [path, onPath]);
  const asked = run.data?.turns.filter((turn) => turn.did !== null) ?? [];
  const now = run.data?.turns.at(-1);
  useHearing(run.isPlaceholderData ? undefined : now?.spoken, run.data?.language, hears);
  // A turn that the script has led on from can be gone back to: the script is cut there.
  const scripted = asked.filter((turn) => turn.commands.some((command) => WAITS.has(String(command["do"]))));
  return (
    <Flex vertical gap={8}>
      <RehearsalWorld scene={scene} onScene={(to) => { setScene(to); setScript([]); }} onBegin={() => setScript([])} />
      <label><Switch size="small" checked={hears} onChange={setHears} aria-label={hearingTexts.hear} /> {hearingTexts.hear}</label>
      {run.error && <FailureNote failure={run.error} />}
      <Flex vertical gap={4} component="ol" role="log" aria-label={t.rehearsal} style={{ listStyle: "none", padding: 0, margin: 0 }}>
        {run.data?.turns.map((turn, at) => {
          const place = scripted.indexOf(turn);
          return (
            <li key={at} ref={at === run.data.turns.length - 1 ? intoView : undefined}>
              <Typography.Text type="secondary">{clock(turn.at_s)}</Typography.Text> <Tag color="blue">{turn.node}</Tag>
              {turn.spoken.map((part) => heard(part, prompts)).join(" ")}
              {turn.did && did(turn.did, t.events)}
              {place >= 0 && place < script.length && <Button size="small" type="link" onClick={() => setScript(script.slice(0, place))}>{t.back}</Button>}
            </li>
          );
        })}
      </Flex>
      {run.data?.ended && <Tag color="green" role="status">{t.ended} · {clock(run.data.seconds)}</Tag>}
      {run.data && !run.data.ended && now && <RehearsalMoves offers={now.offers} onMove={(move) => setScript([...script, move])} />}
      {mayEdit && run.data?.ended && <SaveTest name={name} script={script} world={world} path={path ?? []} />}
    </Flex>
  );
}

/** The latest turn is seen, above the moves that stand at the foot. */
function intoView(line: HTMLLIElement | null): void {
  line?.scrollIntoView({ block: "nearest" });
}

/** A spoken part in words: the text of a prompt, or figures as they stand. */
function heard(part: unknown, prompts: ReadonlyMap<string, string>): string {
  if (typeof part === "string") return prompts.get(part) ?? part;
  return typeof part === "object" && part !== null && "figures" in part ? String(part.figures) : JSON.stringify(part);
}

const WAITS = new Set(["Say", "AskKey", "AskDigits", "EnterQueue", "TakeMessage", "Transfer"]);

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
  path: readonly string[];
}

function SaveTest({ name, script, world, path }: Saving) {
  const t = useTexts(TEXTS);
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [called, setCalled] = useState("");
  const save = useMutation({
    mutationFn: () => answer(client.PUT("/flows/{name}/tests", { params: { path: { name } }, body: { name: called, script, world, expects: { path } } as never })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["flow-tests", name] });
      void message.success(t.testSaved);
    },
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
