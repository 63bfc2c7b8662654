import { useReactFlow } from "@xyflow/react";
import { Button, Flex, Tooltip } from "antd";
import { useLanguage, useTexts } from "../../app/language";
import { added, type Graph, type Types } from "./graph";
import { TEXTS } from "./texts";

/** All node types; a click puts one into the middle of what is seen. */
export function Palette({ graph, types, onAdd }: { graph: Graph; types: Types; onAdd: (graph: Graph, id: string) => void }) {
  const t = useTexts(TEXTS);
  const [language] = useLanguage();
  const { screenToFlowPosition } = useReactFlow();
  return (
    <Flex vertical gap={2} component="aside" aria-label={t.palette} style={{ width: 116, overflow: "auto" }}>
      {[...types.values()].map((type) => (
        <Tooltip key={type.type} title={language === "zh" ? type.help_zh : type.help} placement="right">
          <Button
            size="small"
            style={{ justifyContent: "start", flexShrink: 0 }}
            onClick={() => {
              const { x, y } = screenToFlowPosition({ x: innerWidth / 2, y: innerHeight / 2 });
              const next = added(graph, type, [Math.round(x), Math.round(y)]);
              onAdd(next.graph, next.id);
            }}
          >
            ＋ {language === "zh" ? type.label_zh : type.label}
          </Button>
        </Tooltip>
      ))}
    </Flex>
  );
}
