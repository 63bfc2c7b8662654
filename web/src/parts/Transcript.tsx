import { Empty, Flex, Tag, theme } from "antd";
import type { Schema } from "../api/client";
import { texts, useTexts } from "../app/language";
import { clock } from "./time";

const TEXTS = texts(
  { caller: "市民", agent: "坐席", empty: "没有识别出文字", hear: "从这里播放" },
  { caller: "Caller", agent: "Agent", empty: "No words were recognised", hear: "Play from here" },
);

interface Props {
  said: readonly Schema["UtteranceAnswer"][];
  /** Seconds of the recording now playing, to show where it is. */
  at?: number | undefined;
  /** Jump to these seconds; without it the lines are no buttons. */
  onHear?: ((seconds: number) => void) | undefined;
}

/** What both sides said, in the order in which they spoke. */
export function Transcript({ said, at, onHear }: Props) {
  const t = useTexts(TEXTS);
  const { token } = theme.useToken();
  if (said.length === 0) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.empty} />;
  return (
    <Flex vertical gap={4} component="ol" style={{ listStyle: "none", margin: 0, padding: 0 }}>
      {said.map((one) => {
        const now = at !== undefined && at >= one.start_s && at < one.end_s;
        return (
          <li
            key={`${one.side}${one.start_s}`}
            style={{ display: "flex", gap: 8, padding: "4px 6px", borderRadius: 6, background: now ? token.colorPrimaryBg : undefined }}
          >
            <button
              type="button"
              disabled={!onHear}
              aria-label={`${t.hear} ${clock(one.start_s)}`}
              onClick={() => onHear?.(one.start_s)}
              style={{ border: 0, background: "none", color: token.colorTextDescription, cursor: onHear ? "pointer" : "default", font: "inherit", fontVariantNumeric: "tabular-nums" }}
            >
              {clock(one.start_s)}
            </button>
            <Tag color={one.side === "caller" ? "blue" : "green"} style={{ height: 22 }}>
              {one.side === "caller" ? t.caller : t.agent}
            </Tag>
            <span>{one.text}</span>
          </li>
        );
      })}
    </Flex>
  );
}
