import { Panel, useReactFlow, useStore, useViewport } from "@xyflow/react";
import { memo, useMemo, type PointerEvent } from "react";
import { useTexts } from "../../app/language";
import { CARD, type Graph } from "./graph";
import { TEXTS } from "./texts";

const WIDTH = 140;
const HEIGHT = 90;
const MARGIN = 200;

/**
 * The whole drawing in small; where one presses is what is seen next. It follows the graph, which changes
 * when a drag ends: the library's own map follows every movement of a node, 500 elements each time.
 */
export const Overview = memo(function Overview({ graph }: { graph: Graph }) {
  const t = useTexts(TEXTS);
  const { setCenter, getZoom } = useReactFlow();
  const [left, top, width, height] = useMemo(() => around(graph), [graph]);
  const drawn = useMemo(() => Object.keys(graph.nodes).map((id) => cardAt(...(graph.layout?.[id] ?? [0, 0]))).join(""), [graph]);
  const look = (event: PointerEvent<SVGSVGElement>) => {
    if (event.buttons !== 1) return;
    const matrix = event.currentTarget.getScreenCTM();
    if (!matrix) return;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    void setCenter(at.x, at.y, { zoom: getZoom() });
  };
  return (
    <Panel position="bottom-right">
      <svg className="flow-overview" role="img" aria-label={t.overview} width={WIDTH} height={HEIGHT} viewBox={`${left} ${top} ${width} ${height}`} onPointerDown={look} onPointerMove={look}>
        <path d={drawn} className="flow-overview-nodes" />
        <Seen />
      </svg>
    </Panel>
  );
});

function Seen() {
  const { x, y, zoom } = useViewport();
  const width = useStore((store) => store.width);
  const height = useStore((store) => store.height);
  return <rect className="flow-overview-seen" x={-x / zoom} y={-y / zoom} width={width / zoom} height={height / zoom} />;
}

function cardAt(x: number, y: number): string {
  return `M${x} ${y}h${CARD.width}v${CARD.height}h${-CARD.width}z`;
}

function around(graph: Graph): [number, number, number, number] {
  const places: [number, number][] = Object.keys(graph.nodes).map((id) => graph.layout?.[id] ?? [0, 0]);
  const xs = places.map(([x]) => x);
  const ys = places.map(([, y]) => y);
  const left = Math.min(0, ...xs) - MARGIN;
  const top = Math.min(0, ...ys) - MARGIN;
  return [left, top, Math.max(0, ...xs) + CARD.width + MARGIN - left, Math.max(0, ...ys) + CARD.height + MARGIN - top];
}
