import { SoundOutlined } from "@ant-design/icons";
import { Button, Flex } from "antd";
import { useTexts } from "../../app/language";
import { clock } from "../../parts/time";
import { TEXTS } from "./texts";

export interface Span {
  side?: string;
  start_s?: number;
  end_s?: number;
  words?: string;
}

interface Heard {
  from: number;
  to: number;
  words: string;
}

interface Props {
  spans: readonly Span[];
  /** Seconds of the recording now playing. */
  at: number | undefined;
  onHear: (fromS: number, toS: number) => void;
}

/** The words behind a field, each to be heard: exactly these seconds of the recording. */
export function Evidence({ spans, at, onHear }: Props) {
  const t = useTexts(TEXTS);
  const said = heardIn(spans);
  if (said.length === 0) return null;
  return (
    <Flex wrap gap={4} style={{ marginInlineStart: -7 }}>
      {said.map((one) => {
        const now = at !== undefined && at >= one.from && at < one.to;
        return (
          <Button
            key={one.from}
            size="small"
            type="text"
            icon={<SoundOutlined />}
            aria-label={`${t.hear} ${clock(one.from)} ${one.words}`}
            aria-pressed={now}
            color={now ? "primary" : "default"}
            variant={now ? "filled" : "text"}
            style={{ height: "auto", whiteSpace: "normal", textAlign: "start" }}
            onClick={() => onHear(one.from, one.to)}
          >
            {`${clock(one.from)} ${one.words}`}
          </Button>
        );
      })}
    </Flex>
  );
}

/** In the order of speaking; words within other words of the same field are not heard twice. */
function heardIn(spans: readonly Span[]): Heard[] {
  const said = spans
    .filter((span) => span.start_s !== undefined && span.end_s !== undefined)
    .map((span) => ({ from: span.start_s ?? 0, to: span.end_s ?? 0, words: span.words ?? "" }))
    .sort((one, other) => one.from - other.from || other.to - one.to);
  return said.filter((one, place) => !said.slice(0, place).some((other) => one.from >= other.from && one.to <= other.to));
}
