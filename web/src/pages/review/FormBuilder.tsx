import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Card, Checkbox, Flex, Input, InputNumber, Select, theme, Typography } from "antd";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { blankQuestion, formOf, type FormBody, type FormQuestion, type FormSection } from "./form";
import { TEXTS } from "./texts";

const WHOLE = 100;

/** Forms with their sections and questions; what is saved is a new version, reviews keep theirs. */
export function FormBuilder() {
  const t = useTexts(TEXTS);
  const forms = useQuery({ queryKey: ["review", "forms"], queryFn: () => answer(client.GET("/review/forms")) });
  const [chosen, setChosen] = useState<string>();
  const [saved, setSaved] = useState<number>();
  const form = forms.data?.forms.find((one) => one.name === chosen) ?? forms.data?.forms[0];
  if (forms.error) return <FailureNote failure={forms.error} retry={() => void forms.refetch()} />;
  if (!form) return null;
  return (
    <Flex vertical gap={12}>
      <Select aria-label={t.form} value={form.name} options={forms.data?.forms.map((one) => ({ value: one.name, label: `${one.name} v${one.version}` })) ?? []} onChange={setChosen} style={{ maxWidth: 480 }} />
      <Builder key={`${form.name} ${form.version}`} form={form} onSaved={({ name, version }) => { setChosen(name); setSaved(version); }} />
      {saved === form.version && <Alert type="success" showIcon title={`${t.savedAs} v${saved}`} />}
    </Flex>
  );
}

function Builder({ form, onSaved }: { form: Schema["FormAnswer"]; onSaved: (saved: Schema["FormAnswer"]) => void }) {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const [body, setBody] = useState<FormBody>(() => formOf(form.body));
  const save = useMutation({
    mutationFn: () => answer(client.POST("/review/forms", { body: { body: JSON.parse(JSON.stringify(body)) as Schema["FormGiven"]["body"] } })),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ["review", "forms"] });
      onSaved(saved);
    },
  });
  const total = body.sections.reduce((sum, section) => sum + section.weight, 0);
  const put = (place: number, section: FormSection | null) =>
    setBody((old) => ({ ...old, sections: old.sections.flatMap((one, at) => (at !== place ? [one] : section ? [section] : [])) }));
  const earlier = (place: number) => body.sections.slice(0, place + 1).flatMap((section) => section.questions);
  return (
    <Flex vertical gap={12}>
      <Input aria-label={t.name} value={body.name} maxLength={120} onChange={({ target }) => setBody({ ...body, name: target.value })} style={{ maxWidth: 480 }} />
      {body.sections.map((section, place) => (
        <SectionCard key={place} section={section} earlier={earlier(place)} onPut={(changed) => put(place, changed)} />
      ))}
      <Flex gap={8} align="center" wrap>
        <Button onClick={() => setBody({ ...body, sections: [...body.sections, { name: "", weight: Math.max(0, WHOLE - total), questions: [blankQuestion()] }] })}>{t.addSection}</Button>
        <Typography.Text type={total === WHOLE ? "success" : "danger"}>{t.weightsTotal} {total} / {WHOLE}</Typography.Text>
        <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>{t.saveVersion}</Button>
      </Flex>
      {total !== WHOLE && <Alert type="warning" showIcon title={t.weightsWrong} />}
      {save.error && <FailureNote failure={save.error} />}
    </Flex>
  );
}

interface SectionProps {
  section: FormSection;
  earlier: readonly FormQuestion[];
  onPut: (section: FormSection | null) => void;
}

function SectionCard({ section, earlier, onPut }: SectionProps) {
  const t = useTexts(TEXTS);
  const put = (place: number, question: FormQuestion | null) =>
    onPut({ ...section, questions: section.questions.flatMap((one, at) => (at !== place ? [one] : question ? [question] : [])) });
  const title = (
    <Flex gap={8} align="center" wrap>
      <Input aria-label={t.section} placeholder={t.section} value={section.name} onChange={({ target }) => onPut({ ...section, name: target.value })} style={{ width: 220 }} />
      <InputNumber aria-label={`${t.weight} ${section.name}`} prefix={t.weight} min={0} max={WHOLE} value={section.weight} onChange={(weight) => onPut({ ...section, weight: weight ?? 0 })} style={{ width: 130 }} />
    </Flex>
  );
  return (
    <Card size="small" title={title} extra={<Button size="small" danger onClick={() => onPut(null)}>{t.remove}</Button>}>
      <Flex vertical gap={8}>
        {section.questions.map((question, place) => (
          <QuestionRow key={place} question={question} earlier={earlier.filter((one) => one !== question)} onPut={(changed) => put(place, changed)} />
        ))}
        <Button size="small" onClick={() => onPut({ ...section, questions: [...section.questions, blankQuestion()] })} style={{ alignSelf: "start" }}>{t.addQuestion}</Button>
      </Flex>
    </Card>
  );
}

interface QuestionProps {
  question: FormQuestion;
  earlier: readonly FormQuestion[];
  onPut: (question: FormQuestion | null) => void;
}

/** One question with everything a form can say of it. */
function QuestionRow({ question, earlier, onPut }: QuestionProps) {
  const t = useTexts(TEXTS);
  const { token } = theme.useToken();
  const set = (change: Partial<FormQuestion>) => onPut({ ...question, ...change });
  const answers = Object.keys(question.choices);
  const label = (choice: string) => t.choices[choice] ?? choice;
  const condition = question.only_if;
  const asked = earlier.find((one) => one.id === condition?.question);
  return (
    <Flex gap={8} wrap align="center" data-question={question.id} style={{ borderInlineStart: `3px solid ${token.colorBorder}`, paddingInlineStart: 8 }}>
      <Input aria-label={t.questionId} placeholder={t.questionId} value={question.id} onChange={({ target }) => set({ id: target.value })} style={{ width: 110 }} />
      <Input aria-label={`${t.question} ${question.id}`} placeholder={t.question} value={question.text} onChange={({ target }) => set({ text: target.value })} style={{ width: 260 }} />
      <InputNumber aria-label={`${t.points} ${question.id}`} prefix={t.points} min={0} value={question.points} onChange={(points) => set({ points: points ?? 0 })} style={{ width: 110 }} />
      <Select aria-label={`${t.consequence} ${question.id}`} value={question.weight} options={[{ value: "points", label: t.onlyPoints }, { value: "critical", label: t.critical }, { value: "fatal", label: t.fatal }]} onChange={(weight: string) => set({ weight })} style={{ width: 130 }} />
      <Input
        aria-label={`${t.answers} ${question.id}`}
        title={t.answersHint}
        defaultValue={Object.entries(question.choices).map(([name, share]) => `${name}=${share}`).join(", ")}
        onBlur={({ target }) => set({ choices: choicesOf(target.value) })}
        style={{ width: 220 }}
      />
      <Checkbox checked={question.not_applicable} onChange={({ target }) => set({ not_applicable: target.checked })}>{t.notApplicable}</Checkbox>
      <Select aria-label={`${t.commentOn} ${question.id}`} mode="multiple" placeholder={t.commentOn} value={question.comment_on} options={answers.map((value) => ({ value, label: label(value) }))} onChange={(comment_on: string[]) => set({ comment_on })} style={{ minWidth: 140 }} />
      <Select aria-label={`${t.onlyIf} ${question.id}`} allowClear placeholder={t.onlyIf} value={condition?.question} options={earlier.map((one) => ({ value: one.id, label: one.text || one.id }))} onChange={(id?: string) => set({ only_if: id ? { question: id, answer: Object.keys(earlier.find((one) => one.id === id)?.choices ?? {})[0] ?? "yes" } : undefined })} style={{ width: 170 }} />
      {condition && <Select aria-label={`${t.onlyIf} = ${question.id}`} value={condition.answer} options={Object.keys(asked?.choices ?? {}).map((value) => ({ value, label: label(value) }))} onChange={(chosen: string) => set({ only_if: { question: condition.question, answer: chosen } })} style={{ width: 90 }} />}
      <Input aria-label={`${t.examples} ${question.id}`} placeholder={t.examples} value={question.examples.join("；")} onChange={({ target }) => set({ examples: target.value ? target.value.split("；") : [] })} style={{ width: 240 }} />
      <Button size="small" danger onClick={() => onPut(null)}>{t.remove}</Button>
    </Flex>
  );
}

/** `good=1, fair=0.5`: what cannot be read as a share is sent as it is; the service says what is wrong. */
function choicesOf(text: string): Record<string, number> {
  const pairs = text.split(/[,，]/).map((part) => part.split("=").map((one) => one.trim()));
  return Object.fromEntries(pairs.filter(([name]) => name).map(([name, share]) => [name, share === undefined || share === "" ? 0 : Number(share)]));
}
