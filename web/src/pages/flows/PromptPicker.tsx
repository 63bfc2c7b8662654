import { PlayCircleOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { App, Button, Flex, Input, Select, Typography } from "antd";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { TEXTS } from "./texts";

type Part = string | { text?: Record<string, string> };

interface Props {
  id: string;
  value: readonly Part[] | undefined;
  onChange: (value: Part[]) => void;
}

const LANGUAGE = "zh-CN";
const LABEL_LENGTH = 24;

/** All prompts in the first language: key → text. */
export function usePrompts(): ReadonlyMap<string, string> {
  const { data } = useQuery({
    queryKey: ["prompts"],
    staleTime: Infinity,
    queryFn: () => answer(client.GET("/prompts")),
    select: byKey,
  });
  return data ?? NONE;
}

// Outside the hook: TanStack Query keeps the outcome of one and the same function only.
function byKey(list: Schema["PromptList"]): ReadonlyMap<string, string> {
  return new Map(list.prompts.filter((one) => one.language === LANGUAGE).map((one) => [one.key, one.text]));
}

const NONE: ReadonlyMap<string, string> = new Map();

/** What is said, in order: prompts of the catalogue, or words that are typed here. */
export function PromptPicker({ id, value = [], onChange }: Props) {
  const t = useTexts(TEXTS);
  const prompts = usePrompts();
  const { message } = App.useApp();
  const options = [...prompts].map(([key, text]) => ({ value: key, label: `${text.slice(0, LABEL_LENGTH)}（${key}）` }));
  const replace = (at: number, part: Part | null) => onChange(value.flatMap((one, place) => (place !== at ? [one] : part === null ? [] : [part])));
  const play = (key: string) => {
    new Audio(`/prompts/${LANGUAGE}/${key}/sound`).play().catch(() => void message.warning(t.noSound));
  };
  return (
    <Flex vertical gap={6}>
      {value.map((part, at) => (
        <Flex key={`${at}-${JSON.stringify(part)}`} vertical gap={2}>
          <Flex gap={4} align="center">
            {typeof part === "string" ? (
              <Select
                id={at === 0 ? id : `${id}-${at}`}
                aria-label={`${t.prompt} ${at + 1}`}
                showSearch={{ optionFilterProp: "label" }}
                value={part}
                options={prompts.has(part) ? options : [{ value: part, label: part }, ...options]}
                onChange={(key: string) => replace(at, key)}
                style={{ flex: 1, minWidth: 0 }}
              />
            ) : (
              <Typed id={at === 0 ? id : `${id}-${at}`} label={`${t.words} ${at + 1}`} text={part.text?.[LANGUAGE] ?? ""} onText={(text) => replace(at, text ? { ...part, text: { ...part.text, [LANGUAGE]: text } } : null)} />
            )}
            {typeof part === "string" && prompts.has(part) && <Button type="text" size="small" aria-label={`${t.play} ${part}`} icon={<PlayCircleOutlined />} onClick={() => play(part)} />}
            <Button type="text" size="small" aria-label={`${t.takeAway} ${at + 1}`} onClick={() => replace(at, null)}>✕</Button>
          </Flex>
          {typeof part === "string" && <Typography.Text type="secondary">{prompts.get(part)}</Typography.Text>}
        </Flex>
      ))}
      <Flex gap={4}>
        <Button onClick={() => onChange([...value, options[0]?.value ?? "greeting"])}>＋ {t.prompt}</Button>
        <Button onClick={() => onChange([...value, { text: { [LANGUAGE]: t.typeHere } }])}>＋ {t.words}</Button>
      </Flex>
    </Flex>
  );
}

function Typed({ id, label, text, onText }: { id: string; label: string; text: string; onText: (text: string) => void }) {
  return <Input.TextArea id={id} aria-label={label} rows={3} maxLength={500} defaultValue={text} onBlur={(event) => event.target.value !== text && onText(event.target.value)} />;
}
