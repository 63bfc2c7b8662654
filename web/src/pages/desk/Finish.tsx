import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Flex, Input, Segmented, Select, Typography } from "antd";
import { answer, client } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import type { DeskDraft, useFinishing } from "./draft";
import { Panel } from "./Panel";
import { TEXTS } from "./texts";
import type { Outcome } from "./work";

interface Props {
  draft: DeskDraft;
  finishing: ReturnType<typeof useFinishing>;
  warned: boolean;
  onSave: () => void;
  onSubmit: () => void;
  onSplit: () => void;
}

/** How the request is dealt with, what is still missing, and the way to save or submit it. */
export function Finish({ draft, finishing, warned, onSave, onSubmit, onSplit }: Props) {
  const t = useTexts(TEXTS);
  const { work, change, ticket } = draft;
  const failure = finishing.submit.error ?? finishing.save.error ?? draft.failure;
  const outcomes: { value: Outcome; label: string }[] = (["register", "answer", "refuse"] as const).map((value) => ({ value, label: t.outcomesOf[value] }));
  const missing = draft.missing.map((one) => t.fields[one.field] ?? one.field).join("、");
  return (
    <Panel>
      <Flex vertical gap={8} style={{ padding: "8px 12px" }}>
        <Segmented<Outcome> block size="small" value={work.outcome} options={outcomes} onChange={(outcome) => change({ outcome })} />
        {work.outcome === "answer" && <Input.TextArea id="desk-reply" size="small" aria-label={t.reply} placeholder={t.reply} autoSize={{ minRows: 2, maxRows: 4 }} value={work.reply} onChange={(to) => change({ reply: to.target.value })} />}
        {work.outcome === "refuse" && <Refusal draft={draft} />}
        {warned && work.outcome === "register" && draft.missing.length > 0 && <Alert type="warning" showIcon title={`${t.stillMissing}${missing}`} description={t.submitAnyway} />}
        {failure !== null && <FailureNote failure={failure} />}
        <Flex gap={8} align="center">
          <Typography.Text type="secondary" style={{ flex: 1, fontSize: 12 }} data-missing-count={draft.missing.length}>
            {!ticket ? t.afterCall : draft.missing.length > 0 ? `${t.missing} ${draft.missing.length}` : t.complete}
          </Typography.Text>
          <Button size="small" disabled={!ticket} onClick={onSplit}>{t.split} <span className="desk-key">Alt S</span></Button>
          <Button size="small" disabled={!ticket} loading={finishing.save.isPending} onClick={onSave}>{t.save} <span className="desk-key">Ctrl S</span></Button>
          <Button id="desk-submit" size="small" type="primary" disabled={!ticket || !isReady(draft)} loading={finishing.submit.isPending} onClick={onSubmit}>
            {warned ? t.submitNow : t.submit} <span className="desk-key">Ctrl ⏎</span>
          </Button>
        </Flex>
      </Flex>
    </Panel>
  );
}

/** Whether the outcome chosen has what it needs. */
export function isReady({ work }: DeskDraft): boolean {
  if (work.outcome === "answer") return work.reply.trim() !== "";
  return work.outcome !== "refuse" || work.ground !== "";
}

/** The grounds of this city's text, with the words it prescribes. */
function Refusal({ draft }: { draft: DeskDraft }) {
  const t = useTexts(TEXTS);
  const { work, change } = draft;
  const city = useQuery({ queryKey: ["rules", "own"], staleTime: Infinity, queryFn: () => answer(client.GET("/desk/grounds")) });
  const chosen = city.data?.grounds.find((one) => one.code === work.ground);
  const options = (city.data?.grounds ?? []).map((one) => ({ value: one.code, label: `${one.article} ${one.script.slice(0, 30)}…` }));
  if (city.error) return <FailureNote failure={city.error} retry={() => void city.refetch()} />;
  return (
    <Flex vertical gap={6}>
      <Select id="desk-ground" size="small" showSearch optionFilterProp="label" aria-label={t.ground} placeholder={t.ground} value={work.ground || null} options={options} onChange={(ground) => change({ ground })} />
      {chosen && <Alert type="info" title={t.sayThis} description={<span data-script={chosen.code}>{chosen.script}</span>} />}
      {chosen?.needs.includes("asked") && <Checkbox checked={work.asked} onChange={(to) => change({ asked: to.target.checked })}>{t.asked}</Checkbox>}
    </Flex>
  );
}
