import { Button, Card, Empty, Flex, Input, Select, Space, Tag, Typography } from "antd";
import { useState } from "react";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { useChange, useSure, type Policy } from "./policy";
import { TEXTS } from "./texts";

type Words = NonNullable<Policy["words"]>;
type Service = Words[string];

/** The city's own words of danger, each with the number that helps. */
export function Words({ policy }: { policy: Policy }) {
  const t = useTexts(TEXTS);
  const sure = useSure();
  const change = useChange();
  const [word, setWord] = useState("");
  const [service, setService] = useState<Service>("119");
  const words = policy.words ?? {};
  const fault = word in words ? t.wordTwice : word !== "" && (word.length < 2 || word.length > 20) ? t.wordLength : "";
  const add = () => sure(t.at, () => change.mutate({ words: { ...words, [word]: service } }, { onSuccess: () => setWord("") }));
  const remove = (gone: string) => sure(`${t.remove} ${gone}？${t.at}`, () => change.mutate({ words: Object.fromEntries(Object.entries(words).filter(([one]) => one !== gone)) }));
  const options = Object.entries(t.services).map(([value, label]) => ({ value: value as Service, label }));
  return (
    <Card size="small" title={t.words}>
      <p className="settings-hint">{t.wordsHint}</p>
      <Flex vertical gap={12}>
        <Space.Compact block>
          <Input aria-label={t.word} placeholder={t.word} status={fault ? "error" : ""} value={word} onChange={(event) => setWord(event.target.value.trim())} />
          <Select<Service> aria-label={t.service} style={{ width: 130 }} value={service} options={options} onChange={setService} />
          <Button type="primary" disabled={word === "" || fault !== ""} loading={change.isPending} onClick={add}>{t.addWord}</Button>
        </Space.Compact>
        {fault && <Typography.Text type="danger" role="alert">{fault}</Typography.Text>}
        {change.error && <FailureNote failure={change.error} />}
        {Object.keys(words).length === 0 ? (
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.noWords} />
        ) : (
          <Space wrap>
            {Object.entries(words).map(([one, to]) => (
              <Tag key={one} data-word={one}>
                {one} → {t.services[to]} <Button size="small" type="link" aria-label={`${t.remove} ${one}`} onClick={() => remove(one)}>{t.remove}</Button>
              </Tag>
            ))}
          </Space>
        )}
      </Flex>
    </Card>
  );
}
