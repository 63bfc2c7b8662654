import { Alert, Button, Empty, theme } from "antd";
import { useEffect, useRef } from "react";
import { useTexts } from "../../app/language";
import { Panel } from "./Panel";
import type { Line, Told } from "./said";
import { TEXTS } from "./texts";

// Lines end some pixels above the edge when text flows in: still at the end.
const NEAR_PX = 80;

interface Props {
  told: Told;
  talking: boolean;
  /** Words of a field that was clicked: their lines are marked and brought into view. */
  marked: readonly { side?: string; start_s?: number; end_s?: number }[];
  onEmergency: (number: string) => void;
}

/** What both sides say, as it is heard; follows the end unless somebody reads further up. */
export function SaidPanel({ told, talking, marked, onEmergency }: Props) {
  const t = useTexts(TEXTS);
  const { token } = theme.useToken();
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    const first = box.current?.querySelector("[data-marked=true]");
    if (first) first.scrollIntoView({ block: "center" });
    else if (follows.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [told.lines, marked]);
  const isMarked = (line: Line) => marked.some((span) => span.side === line.side && (span.start_s ?? 0) < line.endS && (span.end_s ?? 0) > line.startS);
  const { alarm } = told;
  return (
    <Panel title={t.conversation} style={{ flex: 1 }}>
      {alarm && (
        <Alert
          type="error"
          banner
          data-emergency={alarm.number}
          title={<strong>{alarm.drill ? t.drill : ""}{t.heard}「{alarm.words}」</strong>}
          action={talking && <Button danger type="primary" size="small" onClick={() => onEmergency(alarm.number)}>{t.oneKey} {alarm.number}</Button>}
        />
      )}
      <div
        ref={box}
        className="desk-scroll"
        tabIndex={0}
        role="log"
        aria-label={t.conversation}
        onScroll={({ currentTarget: at }) => {
          follows.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR_PX;
        }}
      >
        {told.lines.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={talking ? t.silent : t.nobodyHint} />}
        <ol className="desk-said">
          {told.lines.map((line) => (
            <li
              key={line.key}
              data-side={line.side}
              data-final={line.final}
              data-marked={isMarked(line)}
              style={{
                background: line.side === "agent" ? token.colorPrimaryBg : token.colorFillTertiary,
                opacity: line.final ? 1 : 0.65,
                outline: isMarked(line) ? `2px solid ${token.colorWarning}` : undefined,
              }}
            >
              <small>{line.side === "caller" ? t.caller : t.agent}{!line.final && " …"}</small>
              {line.text}
            </li>
          ))}
        </ol>
      </div>
    </Panel>
  );
}
