import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Card, Flex, InputNumber, Progress, Tag, Typography } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMay } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { clock } from "../../parts/time";
import type { Marks } from "./Canvas";
import type { Graph } from "./graph";
import { TRIAL_TEXTS } from "./trialTexts";

interface Props {
  name: string;
  graph: Graph;
  mayEdit: boolean;
  onMarks: (marks: Marks) => void;
  onNode: (id: string) => void;
}

/** Tests of a flow: what they say of the drawing on the page, what they cover; and past calls through it. */
export function Trials(props: Props) {
  return (
    <Flex vertical gap={16}>
      <Tests {...props} />
      <Replay {...props} />
    </Flex>
  );
}

function Tests({ name, graph, mayEdit, onMarks, onNode }: Props) {
  const t = useTexts(TRIAL_TEXTS);
  const queries = useQueryClient();
  const path = { name };
  const list = useQuery({ queryKey: ["flow-tests", name], queryFn: () => answer(client.GET("/flows/{name}/tests", { params: { path } })) });
  const run = useMutation({ mutationFn: () => answer(client.POST("/flows/{name}/tests/run", { params: { path }, body: { graph } })) });
  const remove = useMutation({
    mutationFn: (id: number) => answer(client.DELETE("/flows/{name}/tests/{test_id}", { params: { path: { name, test_id: id } } })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["flow-tests", name] }),
  });
  const verdicts = new Map(run.data?.verdicts.map((verdict) => [verdict.name, verdict]));
  const tests = list.data?.tests ?? [];
  return (
    <Card size="small" title={t.title} extra={<Button size="small" type="primary" disabled={tests.length === 0} loading={run.isPending} onClick={() => run.mutate()}>{t.run}</Button>}>
      <Flex vertical gap={8}>
        <Typography.Text type="secondary">{tests.length > 0 ? t.hint : `${t.none}。${t.hint}`}</Typography.Text>
        {[list.error, run.error, remove.error].map((failure, at) => failure && <FailureNote key={at} failure={failure} />)}
        {tests.map((test) => (
          <Flex key={test.id} vertical gap={2} role="group" aria-label={test.name}>
            <Flex gap={8} align="center">
              <span style={{ flex: 1 }}>{test.name}</span>
              <Outcome verdict={verdicts.get(test.name)} />
              {mayEdit && <Button size="small" type="text" aria-label={`${t.remove} ${test.name}`} onClick={() => remove.mutate(test.id)}>✕</Button>}
            </Flex>
            {verdicts.get(test.name)?.why.map((why) => <Typography.Text key={why} type="danger">{why}</Typography.Text>)}
          </Flex>
        ))}
        {run.data && tests.length > 0 && <Coverage coverage={run.data.coverage} onMarks={onMarks} onNode={onNode} />}
      </Flex>
    </Card>
  );
}

function Outcome({ verdict }: { verdict: Schema["VerdictAnswer"] | undefined }) {
  const t = useTexts(TRIAL_TEXTS);
  if (!verdict) return null;
  return <Tag color={verdict.passed ? "green" : "red"}>{verdict.passed ? t.passed : t.failed} {clock(verdict.seconds)}</Tag>;
}

interface Covered {
  nodes: readonly string[];
  nodes_missed: readonly string[];
  edges: readonly (readonly string[])[];
  edges_missed: readonly (readonly string[])[];
}

function Coverage({ coverage, onMarks, onNode }: { coverage: Covered; onMarks: (marks: Marks) => void; onNode: (id: string) => void }) {
  const t = useTexts(TRIAL_TEXTS);
  const { nodes, nodes_missed: missed, edges, edges_missed: cut } = coverage;
  const share = (done: number, left: number) => Math.round((100 * done) / Math.max(1, done + left));
  return (
    <Flex vertical gap={4} role="group" aria-label={t.coverage}>
      {t.nodes(nodes.length, nodes.length + missed.length)}
      <Progress size="small" percent={share(nodes.length, missed.length)} aria-label={t.nodes(nodes.length, nodes.length + missed.length)} />
      {t.edges(edges.length, edges.length + cut.length)}
      <Progress size="small" percent={share(edges.length, cut.length)} aria-label={t.edges(edges.length, edges.length + cut.length)} />
      {missed.length > 0 && (
        <>
          <Button size="small" onClick={() => onMarks(new Map(missed.map((node) => [node, "missed" as const])))}>{t.mark}</Button>
          <Typography.Text type="secondary">{t.missed}</Typography.Text>
          <Flex wrap gap={4}>{missed.map((node) => <Button key={node} size="small" type="link" onClick={() => onNode(node)}>{node}</Button>)}</Flex>
        </>
      )}
      {cut.length > 0 && (
        <details>
          <summary>{t.missedEdges}（{cut.length}）</summary>
          {cut.map(([from, to]) => <div key={`${from}>${to}`}>{from} → {to}</div>)}
        </details>
      )}
    </Flex>
  );
}

function Replay({ name, graph }: Props) {
  const t = useTexts(TRIAL_TEXTS);
  const maySeeCalls = useMay()("call.read");
  const [calls, setCalls] = useState(100);
  const replay = useMutation({ mutationFn: () => answer(client.POST("/flows/{name}/replay", { params: { path: { name } }, body: { graph, calls } })) });
  const found = replay.data;
  return (
    <Card size="small" title={t.replay}>
      <Flex vertical gap={8}>
        <Typography.Text type="secondary">{t.replayHint}</Typography.Text>
        <Flex gap={8} align="center">
          <label htmlFor="replay-calls">{t.calls}</label>
          <InputNumber id="replay-calls" size="small" min={1} max={500} value={calls} onChange={(given) => setCalls(given ?? 1)} />
          <Button size="small" loading={replay.isPending} onClick={() => replay.mutate()}>{t.go}</Button>
        </Flex>
        {replay.error && <FailureNote failure={replay.error} />}
        {found && <Alert role="status" showIcon type={found.differ.length > 0 ? "warning" : "success"} title={found.compared === 0 ? t.noCalls : found.differ.length > 0 ? t.differ(found.differ.length, found.compared) : t.same(found.compared)} />}
        {found?.differ.map((one) => (
          <Card key={one.call_id} size="small" title={maySeeCalls ? <Link to={`/calls/${one.call_id}`}>{one.call_id}</Link> : one.call_id}>
            <div className="flow-ways">
              <Way title={t.then} path={one.path} notes={one.notes} parted={one.parted_at} />
              <Way title={t.now} path={one.path_now} notes={one.notes_now} parted={one.parted_at} />
            </div>
            {one.unanswered && <Typography.Text type="warning">{t.unanswered(one.unanswered)}</Typography.Text>}
          </Card>
        ))}
      </Flex>
    </Card>
  );
}

function Way({ title, path, notes, parted }: { title: string; path: readonly string[]; notes: Record<string, string>; parted: string }) {
  const t = useTexts(TRIAL_TEXTS);
  return (
    <section aria-label={title}>
      <strong>{title}</strong>
      <ol>{path.map((node, at) => <li key={at} className={node === parted ? "parted" : ""}>{node}</li>)}</ol>
      {Object.keys(notes).length > 0 && <Typography.Text type="secondary">{t.notes}: {Object.entries(notes).map(([key, value]) => `${key}=${value}`).join(", ")}</Typography.Text>}
    </section>
  );
}
