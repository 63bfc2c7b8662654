import { ApartmentOutlined, CopyOutlined, DeleteOutlined, DownloadOutlined, FileAddOutlined, RedoOutlined, SnippetsOutlined, UndoOutlined, UploadOutlined } from "@ant-design/icons";
import { App, Button, Flex, Input, Tooltip, Upload } from "antd";
import type { ReactNode } from "react";
import { useTexts } from "../../app/language";
import { asGraph, type Graph } from "./graph";
import { TEXTS } from "./texts";

interface Props {
  graph: Graph;
  name: string;
  mayEdit: boolean;
  history: { set: (graph: Graph) => void; undo: () => void; redo: () => void; canUndo: boolean; canRedo: boolean };
  words: string;
  onWords: (words: string) => void;
  found: readonly string[];
  onSelect: (ids: string[]) => void;
  onArrange: () => void;
  clipboard: { copy: () => void; paste: () => void; remove: () => void; canCopy: boolean; canPaste: boolean };
}

export function Toolbar({ graph, name, mayEdit, history, words, onWords, found, onSelect, onArrange, clipboard }: Props) {
  const t = useTexts(TEXTS);
  const { message } = App.useApp();
  const tool = (title: string, icon: ReactNode, act: () => void, enabled = true) => (
    <Tooltip title={title}>
      <Button size="small" type="text" aria-label={title} icon={icon} disabled={!enabled || !mayEdit} onClick={act} />
    </Tooltip>
  );
  const read = async (file: File) => {
    try {
      const given = JSON.parse(await file.text()) as Partial<Graph>;
      if (typeof given.nodes !== "object" || typeof given.start !== "string") throw new TypeError(t.badFile);
      history.set(asGraph(given));
    } catch {
      void message.error(t.badFile);
    }
  };
  const write = () => {
    const link = document.createElement("a");
    link.href = `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(graph, null, 2))}`;
    link.download = `${name}.json`;
    link.click();
  };
  return (
    <Flex role="toolbar" aria-label={t.flow} gap={4} align="center" style={{ marginBottom: 8 }}>
      {tool(t.undo, <UndoOutlined />, history.undo, history.canUndo)}
      {tool(t.redo, <RedoOutlined />, history.redo, history.canRedo)}
      {tool(t.copy, <CopyOutlined />, clipboard.copy, clipboard.canCopy)}
      {tool(t.paste, <SnippetsOutlined />, clipboard.paste, clipboard.canPaste)}
      {tool(t.remove, <DeleteOutlined />, clipboard.remove, clipboard.canCopy)}
      {tool(t.layout, <ApartmentOutlined />, onArrange)}
      {tool(t.comment, <FileAddOutlined />, () => history.set({ ...graph, comments: [...(graph.comments ?? []), { text: "", x: 0, y: -120 }] }))}
      <Upload accept=".json" showUploadList={false} beforeUpload={(file) => { void read(file); return false; }}>
        {tool(t.importFile, <UploadOutlined />, () => undefined)}
      </Upload>
      <Tooltip title={t.exportFile}>
        <Button size="small" type="text" aria-label={t.exportFile} icon={<DownloadOutlined />} onClick={write} />
      </Tooltip>
      <Input.Search size="small" allowClear style={{ width: 200 }} aria-label={t.search} placeholder={t.search} value={words} onChange={(event) => onWords(event.target.value)} onSearch={() => found[0] && onSelect([found[0]])} />
      {words && `${found.length}`}
    </Flex>
  );
}
