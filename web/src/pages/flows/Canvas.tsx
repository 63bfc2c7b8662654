import { applyNodeChanges, Background, Controls, MarkerType, ReactFlow, useReactFlow, useStoreApi, type Connection, type Edge, type NodeChange, type OnSelectionChangeParams, type Viewport } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { theme } from "antd";
import { useCallback, useEffect, useMemo, useState, type CSSProperties } from "react";
import { useIsDark } from "../../app/theme";
import { connected, gistOf, heightOf, waysOf, CARD, type Graph, type Types } from "./graph";
import { NodeCard, type Card } from "./NodeCard";
import { NoteCard, type Note } from "./NoteCard";
import { Overview } from "./Overview";
import { usePrompts } from "./PromptPicker";
import "./flows.css";

export interface Lit {
  path: readonly string[];
}

/** Node → how it stands out: what has changed, what no test passes. */
export type Marks = ReadonlyMap<string, "added" | "changed" | "missed">;

interface Props {
  graph: Graph;
  types: Types;
  faults: ReadonlyMap<string, readonly string[]>;
  marks: Marks;
  lit: Lit | null;
  found: readonly string[];
  selected: readonly string[];
  mayEdit: boolean;
  onChange: (graph: Graph) => void;
  onSelect: (ids: string[]) => void;
}

type Shown = Card | Note;
const NODE_TYPES = { card: NodeCard, note: NoteCard };
const NOTE = "note:";
const NO_FAULTS: readonly string[] = [];

/** The drawing. While somebody drags, only what is drawn moves; the graph changes on release. */
export function Canvas(props: Props) {
  const { graph, types, lit, found, mayEdit, onChange, onSelect } = props;
  const { token } = theme.useToken();
  const dark = useIsDark();
  const given = useCards(props);
  const [shown, setShown] = useState<Shown[]>(given);
  const [drawn, setDrawn] = useState(given);
  if (drawn !== given) {
    setDrawn(given);
    setShown(given);
  }
  const edges = useEdges(graph, types, lit);
  useView(found);
  useView(useMemo(() => [...props.marks.keys()], [props.marks]));
  useFollow(graph, lit?.path.at(-1));
  // Opened where the call begins, large enough to read; the small map shows the rest.
  const [view] = useState(() => opening(graph));
  const change = useCallback((changes: NodeChange<Shown>[]) => setShown((before) => applyNodeChanges(changes, before)), []);
  // The same functions while somebody drags: new ones would make the whole drawing look at them.
  const moved = useCallback((_: unknown, __: unknown, nodes: readonly Shown[]) => onChange(placed(graph, nodes)), [graph, onChange]);
  const connect = useCallback(({ source, sourceHandle, target }: Connection) => {
    if (sourceHandle && !target.startsWith(NOTE)) onChange(connected(graph, source, sourceHandle, target));
  }, [graph, onChange]);
  const cut = useCallback((gone: readonly Edge[]) => onChange(gone.reduce((next, edge) => connected(next, edge.source, edge.sourceHandle ?? "", ""), graph)), [graph, onChange]);
  const without = useCallback((gone: readonly Shown[]) => onChange({ ...graph, comments: (graph.comments ?? []).filter((_, at) => !gone.some((node) => node.id === `${NOTE}${at}`)) }), [graph, onChange]);
  const select = useCallback(({ nodes }: OnSelectionChangeParams) => onSelect(nodes.map((node) => node.id).filter((id) => !id.startsWith(NOTE))), [onSelect]);
  const colours = { "--flow-text": token.colorText, "--flow-dim": token.colorTextDescription, "--flow-card": token.colorBgContainer, "--flow-line": token.colorBorder, "--flow-lit": dark ? "#162312" : "#f0ffe6" } as CSSProperties;
  return (
    <ReactFlow<Shown>
      style={colours}
      colorMode={dark ? "dark" : "light"}
      nodes={shown}
      edges={edges}
      nodeTypes={NODE_TYPES}
      onNodesChange={change}
      onNodeDragStop={moved}
      onConnect={connect}
      onEdgesDelete={cut}
      onSelectionChange={select}
      onNodesDelete={without}
      nodesDraggable={mayEdit}
      nodesConnectable={mayEdit}
      deleteKeyCode={null}
      onlyRenderVisibleElements
      defaultViewport={view}
      minZoom={0.05}
    >
      <Background />
      <Controls showInteractive={false} />
      <Overview graph={graph} />
    </ReactFlow>
  );
}

function useCards({ graph, types, faults, marks, lit, found, mayEdit, selected, onChange }: Props): Shown[] {
  const prompts = usePrompts();
  const path = lit?.path;
  return useMemo(() => {
    const passed = new Set(path);
    const sought = new Set(found);
    const chosen = new Set(selected);
    const cards = Object.entries(graph.nodes).map(([id, node], at): Card => {
      const [x, y] = graph.layout?.[id] ?? [(at % 6) * 260, Math.floor(at / 6) * 160];
      const type = types.get(node.type);
      return {
        id,
        type: "card",
        position: { x, y },
        selected: chosen.has(id),
        width: CARD.width,
        initialHeight: heightOf(node, types),
        ariaLabel: `${type?.label_zh ?? node.type} ${id}`,
        data: { node, type, ways: waysOf(node, type), faults: faults.get(id) ?? NO_FAULTS, isStart: id === graph.start, lit: passed.has(id), here: path?.at(-1) === id, found: sought.has(id), mark: marks.get(id) ?? "", gist: gistOf(node, prompts) },
      };
    });
    const notes = (graph.comments ?? []).map((comment, at): Note => ({
      id: `${NOTE}${at}`,
      type: "note",
      position: { x: comment.x, y: comment.y },
      draggable: mayEdit,
      data: { text: comment.text, onText: (text) => onChange({ ...graph, comments: (graph.comments ?? []).map((one, place) => (place === at ? { ...one, text } : one)) }) },
    }));
    return [...cards, ...notes];
    // Selection is drawn by the canvas itself: making all cards anew at each click would be seen.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [graph, types, faults, marks, path, found, mayEdit, onChange, prompts]);
}

function useEdges(graph: Graph, types: Types, lit: Lit | null): Edge[] {
  const path = lit?.path;
  return useMemo(() => {
    const steps = new Set(path?.slice(1).map((to, at) => `${path[at]}>${to}`));
    return Object.entries(graph.nodes).flatMap(([id, node]) =>
      waysOf(node, types.get(node.type))
        .filter((way) => way.to in graph.nodes)
        .map((way): Edge => ({
          id: `${id}:${way.handle}`,
          source: id,
          sourceHandle: way.handle,
          target: way.to,
          className: steps.has(`${id}>${way.to}`) ? "lit" : "",
          markerEnd: { type: MarkerType.ArrowClosed },
          ...(way.error ? { style: { stroke: "#cf1322", strokeDasharray: "4 3" } } : {}),
        })),
    );
  }, [graph, types, path]);
}

/** Brings these nodes into view. */
function useView(found: readonly string[]): void {
  const { fitView } = useReactFlow();
  useEffect(() => {
    if (found.length > 0) void fitView({ nodes: found.map((id) => ({ id })), maxZoom: 1, duration: 200 });
  }, [found, fitView]);
}

/** The drawing follows the call; what is in view already stays where it is. */
function useFollow(graph: Graph, here: string | undefined): void {
  const { getViewport, setCenter } = useReactFlow();
  const store = useStoreApi();
  useEffect(() => {
    const place = here === undefined ? undefined : graph.layout?.[here];
    if (!place) return;
    const { x, y, zoom } = getViewport();
    const { width, height } = store.getState();
    const [left, top] = [place[0] * zoom + x, place[1] * zoom + y];
    const seen = left >= 0 && top >= 0 && left + CARD.width * zoom <= width && top + CARD.height * zoom <= height;
    if (!seen) void setCenter(place[0] + CARD.width / 2, place[1] + CARD.height / 2, { zoom, duration: 200 });
    // Where the call stands moves the drawing, not a change of the drawing itself.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [here]);
}

const OPENED_AT = { zoom: 0.8, left: 24, middle: 240 };

function opening(graph: Graph): Viewport {
  const [x, y] = graph.layout?.[graph.start] ?? [0, 0];
  const { zoom, left, middle } = OPENED_AT;
  return { zoom, x: left - x * zoom, y: middle - y * zoom };
}

function placed(graph: Graph, nodes: readonly Shown[]): Graph {
  const layout = { ...graph.layout };
  const comments = [...(graph.comments ?? [])];
  for (const { id, position } of nodes) {
    const [x, y] = [Math.round(position.x), Math.round(position.y)];
    if (!id.startsWith(NOTE)) layout[id] = [x, y];
    else {
      const at = Number(id.slice(NOTE.length));
      const comment = comments[at];
      if (comment) comments[at] = { ...comment, x, y };
    }
  }
  return { ...graph, layout, comments };
}
