import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { pasted, removed, type FlowNode, type Graph, type Types } from "./graph";

interface Given {
  graph: Graph;
  types: Types;
  selected: readonly string[];
  mayEdit: boolean;
  history: { set: (graph: Graph) => void; undo: () => void; redo: () => void };
  onSelect: (ids: string[]) => void;
  onSave: () => void;
}

/** Copy, paste and delete, as buttons and with the keys that people know. */
export function useShortcuts({ graph, types, selected, mayEdit, history, onSelect, onSave }: Given) {
  const [copied, setCopied] = useState<Record<string, FlowNode>>({});
  const copy = () => setCopied(Object.fromEntries(selected.flatMap((id) => (graph.nodes[id] ? [[id, graph.nodes[id]]] : []))));
  const paste = () => {
    const next = pasted(graph, copied, types);
    if (next.ids.length === 0) return;
    history.set(next.graph);
    onSelect(next.ids);
  };
  const remove = () => {
    if (selected.length === 0) return;
    history.set(removed(graph, selected, types));
    onSelect([]);
  };
  const acts: Record<string, () => void> = { z: history.undo, y: history.redo, Z: history.redo, c: copy, v: paste, s: onSave };
  const latest = useRef({ acts, remove, mayEdit });
  useEffect(() => {
    latest.current = { acts, remove, mayEdit };
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { acts, remove, mayEdit } = latest.current;
      const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, [contenteditable]");
      if (!mayEdit || (typing && event.key !== "s")) return;
      const act = event.ctrlKey || event.metaKey ? acts[event.key] : event.key === "Delete" ? remove : undefined;
      if (!act) return;
      event.preventDefault();
      if (typing) {
        // What is being typed is taken over when its field is left; only then it can be saved.
        const field = document.activeElement as HTMLElement;
        flushSync(() => field.blur());
        field.focus();
        setTimeout(() => latest.current.acts["s"]?.());
      } else act();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  return { copy, paste, remove, canCopy: selected.length > 0, canPaste: Object.keys(copied).length > 0 };
}
