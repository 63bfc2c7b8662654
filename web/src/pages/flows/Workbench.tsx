import { Alert, App, Button, Flex, Tabs, theme } from "antd";
import { useCallback, useMemo, useState, type CSSProperties } from "react";
import { ApiFailure, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMay } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { useLeaveWarning } from "../../parts/useLeaveWarning";
import { PageHead } from "../../parts/PageHead";
import { Canvas, type Marks } from "./Canvas";
import { Faults } from "./Faults";
import { asGraph, found, laidOut, type Graph, type Types } from "./graph";
import { useHistory } from "./history";
import { FlowForm, NodeForm } from "./NodeForm";
import { Palette } from "./Palette";
import { Rehearsal } from "./Rehearsal";
import { TEXTS } from "./texts";
import { Trials } from "./Trials";
import { Toolbar } from "./Toolbar";
import { useCheck, useSave } from "./useFlow";
import { useShortcuts } from "./useShortcuts";
import { Versions } from "./Versions";

interface Props {
  flow: Schema["FlowAnswer"];
  types: Types;
  reload: () => Promise<{ data?: Schema["FlowAnswer"] | undefined }>;
}

const NOTHING: string[] = [];
const NO_MARKS: Marks = new Map();

/** A flow without places for its nodes is arranged before it is shown. */
function opened(graph: unknown, types: Types): Graph {
  const read = asGraph(graph);
  return Object.keys(read.nodes).some((id) => !read.layout?.[id]) ? laidOut(read, types) : read;
}

export function Workbench({ flow, types, reload }: Props) {
  const t = useTexts(TEXTS);
  const { message } = App.useApp();
  const { token } = theme.useToken();
  const mayEdit = useMay()("flow.edit");
  const history = useHistory<Graph>(opened(flow.graph, types));
  const graph = history.present;
  const [kept, setKept] = useState({ graph, version: flow.draft_version });
  const [selected, setSelected] = useState<string[]>(NOTHING);
  const [words, setWords] = useState("");
  const [tab, setTab] = useState("node");
  const [lit, setLit] = useState<{ path: readonly string[] } | null>(null);
  const [marks, setMarks] = useState<Marks>(NO_MARKS);
  const save = useSave(flow.name);
  const check = useCheck(flow.name);
  const dirty = graph !== kept.graph;

  const faults = useMemo(() => {
    const byNode = new Map<string, string[]>();
    for (const fault of check.data?.faults ?? []) byNode.set(fault.node, [...(byNode.get(fault.node) ?? []), fault.reason]);
    return byNode;
  }, [check.data]);
  const sought = useMemo(() => found(graph, words), [graph, words]);
  const select = useCallback((ids: string[]) => {
    setSelected(ids);
    if (ids.length > 0) setTab((before) => (before === "rehearse" || before === "trials" ? before : "node"));
  }, []);
  const store = (version = kept.version) =>
    save.mutate({ graph, version }, {
      onSuccess: (saved) => {
        setKept({ graph, version: saved.draft_version });
        void message.success(t.saved);
      },
    });
  const prove = () => check.mutate(graph, { onSuccess: () => setTab("faults") });
  const load = async () => {
    const { data } = await reload();
    if (!data) return;
    const next = opened(data.graph, types);
    history.reset(next);
    setKept({ graph: next, version: data.draft_version });
    save.reset();
    check.reset();
  };
  const clipboard = useShortcuts({ graph, types, selected, mayEdit, history, onSelect: setSelected, onSave: () => store() });
  useLeaveWarning(dirty);
  const overtaken = save.error instanceof ApiFailure && save.error.status === 409;
  const one = selected.length === 1 ? selected[0] : undefined;
  return (
    <Flex vertical style={{ height: "100%" }}>
      <PageHead title={`${flow.name} ${graph.title}`} back={{ to: "/flows", title: t.title }}>
        <Flex gap={8} align="center">
          {mayEdit ? <span role="status">{save.isPending ? t.saving : dirty ? t.unsaved : ""}</span> : t.mayNotEdit}
          {mayEdit && <Button type={dirty ? "primary" : "default"} loading={save.isPending} onClick={() => store()}>{t.save}</Button>}
          {marks.size > 0 && <Button onClick={() => setMarks(NO_MARKS)}>{t.clearMarks}</Button>}
          <Button loading={check.isPending} onClick={prove}>{t.check}</Button>
          <Button onClick={() => setTab("rehearse")}>{t.rehearse}</Button>
          <Button onClick={() => setTab("versions")}>{t.publish}…</Button>
        </Flex>
      </PageHead>
      {overtaken && <Alert type="warning" showIcon title={t.changedTitle} description={t.changedHint} action={<Button onClick={() => void load()}>{t.reload}</Button>} />}
      {save.error && !overtaken && <FailureNote failure={save.error} retry={() => store()} />}
      {check.error && <FailureNote failure={check.error} retry={prove} />}
      <Toolbar graph={graph} name={flow.name} mayEdit={mayEdit} history={history} words={words} onWords={setWords} found={sought} onSelect={select} onArrange={() => history.set(laidOut(graph, types))} clipboard={clipboard} />
      <Flex flex="1" style={{ minHeight: 0 }} gap={8}>
        {mayEdit && <Palette graph={graph} types={types} onAdd={(next, id) => { history.set(next); select([id]); }} />}
        <div style={{ flex: 1, minWidth: 0 }}>
          <Canvas graph={graph} types={types} faults={faults} marks={marks} lit={tab === "rehearse" ? lit : null} found={sought} selected={selected} mayEdit={mayEdit} onChange={history.set} onSelect={select} />
        </div>
        <div style={{ width: 340, overflow: "auto", paddingInline: 4, "--flow-ground": token.colorBgLayout } as CSSProperties}>
          <Tabs
            size="small"
            activeKey={tab}
            onChange={setTab}
            items={[
              { key: "node", label: t.node, children: one ? <NodeForm key={one} id={one} graph={graph} types={types} faults={faults.get(one) ?? NOTHING} mayEdit={mayEdit} onChange={history.set} onRename={(id) => setSelected([id])} /> : <FlowForm graph={graph} mayEdit={mayEdit} onChange={history.set} /> },
              { key: "faults", label: t.check, children: <Faults report={check.data} onNode={(id) => { setSelected([id]); setWords(id); setTab("node"); }} onCheck={prove} /> },
              { key: "rehearse", label: t.rehearse, children: <Rehearsal name={flow.name} graph={graph} mayEdit={mayEdit} onPath={setLit} /> },
              { key: "trials", label: t.tests, children: <Trials name={flow.name} graph={graph} mayEdit={mayEdit} onMarks={setMarks} onNode={(id) => { setSelected([id]); setWords(id); }} /> },
              { key: "versions", label: t.versions, children: <Versions flow={flow} draftVersion={kept.version} dirty={dirty} onMarks={setMarks} /> },
            ]}
          />
        </div>
      </Flex>
    </Flex>
  );
}
