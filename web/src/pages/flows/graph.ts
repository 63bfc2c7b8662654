import dagre from "@dagrejs/dagre";
import type { Schema } from "../../api/client";

export type NodeType = Schema["NodeTypeAnswer"];
export type FlowNode = { type: string; note?: string } & Record<string, unknown>;

/** A drawing as the API keeps it; it may be unsound while somebody works on it. */
export interface Graph {
  title: string;
  start: string;
  exhausted: string;
  keys: Record<string, string>;
  nodes: Record<string, FlowNode>;
  layout?: Record<string, [number, number]>;
  comments?: readonly { text: string; x: number; y: number }[];
  [more: string]: unknown;
}

/** A way out of a node: `handle` is the place in the node (`then`, `keys.1`, `cases.0`). */
export interface Way {
  handle: string;
  label: string;
  labelZh: string;
  error: boolean;
  to: string;
}

export const CARD = { width: 208, height: 84 };
const HANDLE_AT = /^([^.]+)(?:\.(.+))?$/;

export function asGraph(given: unknown): Graph {
  const graph = given as Partial<Graph>;
  return { ...graph, title: graph.title ?? "", start: graph.start ?? "", exhausted: graph.exhausted ?? "", keys: graph.keys ?? {}, nodes: graph.nodes ?? {} };
}

/** All ways out of a node, in the order of its form; those not drawn yet lead to "". */
export function waysOf(node: FlowNode, type: NodeType | undefined): Way[] {
  return (type?.exits ?? []).flatMap((exit) => {
    const { field, label, label_zh: labelZh, by } = exit as Record<string, string>;
    const way = (handle: string, to: unknown, suffix = ""): Way => ({
      handle, label: `${label}${suffix}`, labelZh: `${labelZh}${suffix}`, error: by === "error", to: typeof to === "string" ? to : "",
    });
    const value = node[field ?? ""];
    if (Array.isArray(value)) return value.map((one: { to?: string }, at) => way(`${field}.${at}`, one.to, ` ${at + 1}`));
    if (typeof value === "object" && value !== null) return Object.entries(value).map(([key, to]) => way(`${field}.${key}`, to, ` ${key}`));
    return exit["many"] ? [] : [way(field ?? "", value)];
  });
}

/** The node with one way leading elsewhere. */
export function withWay(node: FlowNode, handle: string, to: string): FlowNode {
  const [, field = "", part] = HANDLE_AT.exec(handle) ?? [];
  if (part === undefined) return { ...node, [field]: to };
  const value = node[field];
  if (Array.isArray(value)) return { ...node, [field]: value.map((one: object, at) => (at === Number(part) ? { ...one, to } : one)) };
  return { ...node, [field]: { ...(value as object), [part]: to } };
}

export function withNode(graph: Graph, id: string, node: FlowNode): Graph {
  return { ...graph, nodes: { ...graph.nodes, [id]: node } };
}

export function connected(graph: Graph, from: string, handle: string, to: string): Graph {
  const node = graph.nodes[from];
  return node ? withNode(graph, from, withWay(node, handle, to)) : graph;
}

export function freeId(graph: Graph, wanted: string): string {
  if (!(wanted in graph.nodes)) return wanted;
  for (let number = 2; ; number += 1) if (!(`${wanted}-${number}` in graph.nodes)) return `${wanted}-${number}`;
}

/** A new node of a type, made from the type's example with its ways not drawn yet. */
export function added(graph: Graph, type: NodeType, at: [number, number]): { graph: Graph; id: string } {
  const id = freeId(graph, type.type.replaceAll("_", "-"));
  const example = type.example as FlowNode;
  const node = waysOf(example, type).reduce((made, way) => withWay(made, way.handle, ""), example);
  const next = withNode(graph, id, node);
  return { graph: { ...next, layout: { ...next.layout, [id]: at } }, id };
}

export function removed(graph: Graph, ids: readonly string[], types: Types): Graph {
  const gone = new Set(ids);
  const nodes = Object.fromEntries(
    Object.entries(graph.nodes)
      .filter(([id]) => !gone.has(id))
      .map(([id, node]) => [id, waysOf(node, types.get(node.type)).filter((way) => gone.has(way.to)).reduce((made, way) => withWay(made, way.handle, ""), node)]),
  );
  return { ...graph, nodes };
}

/** A node under another name; whatever leads to it follows. */
export function renamed(graph: Graph, from: string, to: string, types: Types): Graph {
  const follow = (id: string) => (id === from ? to : id);
  const nodes = Object.fromEntries(
    Object.entries(graph.nodes).map(([id, node]) => [
      follow(id),
      waysOf(node, types.get(node.type)).filter((way) => way.to === from).reduce((made, way) => withWay(made, way.handle, to), node),
    ]),
  );
  const keys = Object.fromEntries(Object.entries(graph.keys).map(([key, id]) => [key, follow(id)]));
  const layout = Object.fromEntries(Object.entries(graph.layout ?? {}).map(([id, at]) => [follow(id), at]));
  return { ...graph, nodes, keys, layout, start: follow(graph.start), exhausted: follow(graph.exhausted) };
}

/** Copies of some nodes beside the originals; ways among them stay among the copies. */
export function pasted(graph: Graph, copied: Readonly<Record<string, FlowNode>>, types: Types): { graph: Graph; ids: string[] } {
  const names = new Map<string, string>();
  let next = graph;
  for (const [id, node] of Object.entries(copied)) {
    const name = freeId(next, `${id.replace(/-\d+$/, "")}`);
    names.set(id, name);
    next = withNode(next, name, node);
    const [x, y] = graph.layout?.[id] ?? [0, 0];
    next = { ...next, layout: { ...next.layout, [name]: [x + 40, y + 40] } };
  }
  for (const [id, node] of Object.entries(copied)) {
    const moved = waysOf(node, types.get(node.type)).reduce((made, way) => withWay(made, way.handle, names.get(way.to) ?? (way.to in graph.nodes ? way.to : "")), node);
    next = withNode(next, names.get(id) ?? id, moved);
  }
  return { graph: next, ids: [...names.values()] };
}

export type Types = ReadonlyMap<string, NodeType>;

/** Places for all nodes, from left to right as the call goes. */
export function laidOut(graph: Graph, types: Types): Graph {
  const drawing = new dagre.graphlib.Graph().setGraph({ rankdir: "LR", nodesep: 32, ranksep: 48 }).setDefaultEdgeLabel(() => ({}));
  for (const [id, node] of Object.entries(graph.nodes)) drawing.setNode(id, { width: CARD.width, height: heightOf(node, types) });
  for (const [id, node] of Object.entries(graph.nodes)) {
    for (const way of waysOf(node, types.get(node.type))) if (way.to in graph.nodes) drawing.setEdge(id, way.to);
  }
  dagre.layout(drawing);
  const layout = Object.fromEntries(
    Object.entries(graph.nodes).map(([id, node]): [string, [number, number]] => {
      const { x, y } = drawing.node(id);
      return [id, [Math.round(x - CARD.width / 2), Math.round(y - heightOf(node, types) / 2)]];
    }),
  );
  return { ...graph, layout };
}

export function heightOf(node: FlowNode, types: Types): number {
  return CARD.height + Math.max(0, waysOf(node, types.get(node.type)).length - 1) * 20;
}

/** The gist of a node in one line: its remark, or what it says. */
export function gistOf(node: FlowNode, prompts: ReadonlyMap<string, string>): string {
  if (node.note) return node.note;
  const say = node["say"];
  if (!Array.isArray(say)) return "";
  return say.map((part: string | { text?: Record<string, string> }) => (typeof part === "string" ? (prompts.get(part) ?? part) : Object.values(part.text ?? {})[0])).join(" ");
}

/** Nodes whose name, type or content contains the words. */
export function found(graph: Graph, words: string): string[] {
  const wanted = words.trim().toLowerCase();
  if (!wanted) return [];
  return Object.entries(graph.nodes).filter(([id, node]) => `${id} ${JSON.stringify(node)}`.toLowerCase().includes(wanted)).map(([id]) => id);
}
