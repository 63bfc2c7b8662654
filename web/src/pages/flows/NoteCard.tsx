import type { Node, NodeProps } from "@xyflow/react";
import { memo } from "react";
import { useTexts } from "../../app/language";
import { TEXTS } from "./texts";

export type Note = Node<{ text: string; onText: (text: string) => void }, "note">;

/** A remark on the drawing; it has no part in calls. */
export const NoteCard = memo(function NoteCard({ data }: NodeProps<Note>) {
  const t = useTexts(TEXTS);
  return (
    <div className="flow-note">
      <textarea className="nodrag" aria-label={t.comment} defaultValue={data.text} maxLength={2000} onBlur={(event) => event.target.value !== data.text && data.onText(event.target.value)} />
    </div>
  );
});
