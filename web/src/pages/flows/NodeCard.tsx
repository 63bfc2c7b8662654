import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import { memo } from "react";
import { useLanguage } from "../../app/language";
import type { FlowNode, NodeType, Way } from "./graph";

export type CardData = {
  node: FlowNode;
  type: NodeType | undefined;
  ways: readonly Way[];
  faults: readonly string[];
  isStart: boolean;
  lit: boolean;
  here: boolean;
  found: boolean;
  mark: string;
  gist: string;
};
export type Card = Node<CardData, "card">;

const GROUPS: Record<string, string> = { start: "#237804", speech: "#1559c0", people: "#c41d7f", logic: "#ad4e00", end: "#595959" };

/** A node on the drawing: what it is, what it says, its ways out, its faults. */
export const NodeCard = memo(function NodeCard({ id, data, selected }: NodeProps<Card>) {
  const [language] = useLanguage();
  const { node, type, ways, faults } = data;
  const name = language === "zh" ? type?.label_zh : type?.label;
  const state = [faults.length > 0 && "faulty", data.lit && "lit", data.here && "here", data.found && "found", data.mark, selected && "selected"];
  return (
    <div className={`flow-card ${state.filter(Boolean).join(" ")}`} data-node={id} title={faults.join("\n") || undefined}>
      <Handle type="target" position={Position.Left} />
      <div className="flow-card-head" style={{ background: GROUPS[type?.group ?? ""] ?? "#531dab" }}>
        <span>{data.isStart && "▶ "}{name ?? node.type}</span>
        {faults.length > 0 && <strong className="flow-card-faults">{faults.length}</strong>}
      </div>
      <div className="flow-card-name">{id}</div>
      <div className="flow-card-gist">{data.gist}</div>
      {ways.map((way) => (
        <div key={way.handle} className={`flow-card-way${way.error ? " error" : ""}${way.to ? "" : " open"}`}>
          {language === "zh" ? way.labelZh : way.label}
          <Handle type="source" position={Position.Right} id={way.handle} />
        </div>
      ))}
    </div>
  );
});
