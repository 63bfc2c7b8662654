import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Card, Flex, Input, Radio, Select, Tag, Typography } from "antd";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMay, useMe } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { clock } from "../../parts/time";
import { useLeaveWarning } from "../../parts/useLeaveWarning";
import { CALIBRATIONS, plain } from "./Calibrations";
import { questionsOf, type Answers, type Question } from "./form";
import { TEXTS } from "./texts";

type Review = Schema["ReviewAnswer"];
const NOT_APPLICABLE = "n/a";
const oneOf = (id: number) => ["review", "one", id];
const BLANK = { answer: "", comment: "", at_s: null };

/** Reviews of this call that may be seen, and the form of one's own. */
export function Scoring({ callId, onHear }: { callId: string; onHear: (seconds: number) => void }) {
  const t = useTexts(TEXTS);
  const me = useMe();
  const [form, setForm] = useState<string>();
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey: ["review", "reviews", callId] });
  const reviews = useQuery({ queryKey: ["review", "reviews", callId], queryFn: () => answer(client.GET("/review/reviews", { params: { query: { call_id: callId } } })) });
  const forms = useQuery({ queryKey: ["review", "forms"], queryFn: () => answer(client.GET("/review/forms")) });
  const chosen = form ?? forms.data?.forms[0]?.name ?? "";
  const begin = useMutation({
    mutationFn: (purpose: string) => answer(client.POST("/review/reviews", { body: { call_id: callId, purpose, form: chosen } })),
    onSuccess: again,
  });
  const own = `account:${me.data?.name ?? ""}`;
  const shown = reviews.data?.reviews ?? [];
  const asking = useQuery({ queryKey: CALIBRATIONS, queryFn: () => answer(client.GET("/review/calibrations")) });
  const calibrations = (asking.data?.calibrations ?? []).filter(
    (one) => !one.closed_at && own in one.reviewers && one.calls.includes(callId) && !shown.some((two) => two.reviewer === own && two.purpose === `calibration:${one.id}`),
  );
  const scored = shown.some((one) => one.reviewer === own && one.purpose in t.purposes);
  const mine = shown.find((one) => one.reviewer === own && one.state === "draft");
  const asked = [me, reviews, forms, asking];
  const failed = asked.find((one) => one.error);
  // What may be begun is known once all is known: who was too quick began with no form, or twice.
  return (
    <Card size="small" title={t.scoring} loading={asked.some((one) => one.isPending)}>
      <Flex vertical gap={12}>
        {failed && <FailureNote failure={failed.error} retry={() => void failed.refetch()} />}
        {shown.filter((one) => one !== mine).map((one) => <Done key={one.id} review={one} own={own} onHear={onHear} onChanged={() => void again()} />)}
        {mine && <Filling key={mine.id} id={mine.id} onHear={onHear} onDone={() => void again()} />}
        {!mine && calibrations.map((one) => <Button key={one.id} type="primary" loading={begin.isPending} onClick={() => begin.mutate(`calibration:${one.id}`)}>{t.calibrate} · {one.name}</Button>)}
        {!mine && !scored && (
          <Flex gap={8} wrap>
            <Select aria-label={t.form} value={chosen} options={forms.data?.forms.map((one) => ({ value: one.name, label: `${one.name} v${one.version}` })) ?? []} onChange={setForm} style={{ width: "100%" }} />
            <Button type="primary" disabled={!chosen} loading={begin.isPending} onClick={() => begin.mutate("first")}>{t.begin}</Button>
            <Button disabled={!chosen} onClick={() => begin.mutate("second")}>{t.beginSecond}</Button>
          </Flex>
        )}
        {begin.error && <FailureNote failure={begin.error} />}
      </Flex>
    </Card>
  );
}

/** A submitted review; whoever leads releases it and decides about objections to others' reviews. */
function Done({ review, own, onHear, onChanged }: { review: Review; own: string; onHear: (seconds: number) => void; onChanged: () => void }) {
  const t = useTexts(TEXTS);
  const leads = useMay()("review.lead");
  const [why, setWhy] = useState("");
  const [anew, setAnew] = useState(false);
  const path = { params: { path: { review_id: review.id } } };
  const release = useMutation({ mutationFn: () => answer(client.POST("/review/reviews/{review_id}/release", path)), onSuccess: onChanged });
  const uphold = useMutation({ mutationFn: () => answer(client.POST("/review/reviews/{review_id}/decide", { ...path, body: { why } })), onSuccess: onChanged });
  return (
    <Flex vertical gap={6}>
      <Flex gap={8} align="baseline" wrap>
        <Tag color="blue">{t.states[review.state] ?? review.state}</Tag>
        <Typography.Text strong>{review.score ?? "–"}</Typography.Text>
        <span>{plain(review.reviewer)} · {t.purposes[review.purpose] ?? t.calibration}</span>
        {leads && review.state === "submitted" && review.purpose === "first" && <Button size="small" loading={release.isPending} onClick={() => release.mutate()}>{t.release}</Button>}
      </Flex>
      {review.note && <span>{t.noteToAgent}: {review.note}</span>}
      {review.appeal && <span>{t.appeal}: {review.appeal}</span>}
      {review.decision && <span>{t.decide}: {review.decision}</span>}
      {leads && review.state === "appealed" && review.reviewer !== own && (
        <Flex gap={8} wrap>
          <Input aria-label={t.why} placeholder={t.why} value={why} onChange={({ target }) => setWhy(target.value)} />
          <Button disabled={why.length < 2} loading={uphold.isPending} onClick={() => uphold.mutate()}>{t.uphold}</Button>
          <Button onClick={() => setAnew(!anew)} aria-expanded={anew}>{t.rescore}</Button>
        </Flex>
      )}
      {anew && review.state === "appealed" && <Anew id={review.id} why={why} onHear={onHear} onDone={onChanged} />}
      {(release.error ?? uphold.error) && <FailureNote failure={release.error ?? uphold.error} />}
    </Flex>
  );
}

/** The second instance answers the questions again, beginning with what the reviewer had answered. */
function Anew({ id, why, onHear, onDone }: { id: number; why: string; onHear: (seconds: number) => void; onDone: () => void }) {
  const t = useTexts(TEXTS);
  const path = { params: { path: { review_id: id } } };
  const review = useQuery({ queryKey: oneOf(id), queryFn: () => answer(client.GET("/review/reviews/{review_id}", path)) });
  const [changed, setChanged] = useState<Answers>({});
  const decide = useMutation({ mutationFn: (answers: Answers) => answer(client.POST("/review/reviews/{review_id}/decide", { ...path, body: { why, answers } })), onSuccess: onDone });
  if (!review.data) return review.error ? <FailureNote failure={review.error} /> : null;
  const answers = { ...(review.data.review.answers as Answers), ...changed };
  return (
    <Flex vertical gap={12}>
      <Questions data={review.data} answers={answers} onHear={onHear} onPut={(key, change) => setChanged((old) => ({ ...old, [key]: { ...(answers[key] ?? BLANK), ...change } }))} />
      <Button type="primary" disabled={why.length < 2} loading={decide.isPending} onClick={() => decide.mutate(answers)}>{t.rescored}</Button>
      {decide.error && <FailureNote failure={decide.error} />}
    </Flex>
  );
}

function Filling({ id, onHear, onDone }: { id: number; onHear: (seconds: number) => void; onDone: () => void }) {
  const path = { params: { path: { review_id: id } } };
  const review = useQuery({ queryKey: oneOf(id), staleTime: Infinity, queryFn: () => answer(client.GET("/review/reviews/{review_id}", path)) });
  if (review.error) return <FailureNote failure={review.error} />;
  return review.data ? <Sheet data={review.data} onHear={onHear} onDone={onDone} /> : null;
}

interface SheetProps {
  data: Schema["ReviewWithForm"];
  onHear: (seconds: number) => void;
  onDone: () => void;
}

/** What the reviewer answers. Suggestions stand beside; only a person's choice counts. */
function Sheet({ data, onHear, onDone }: SheetProps) {
  const t = useTexts(TEXTS);
  const [answers, setAnswers] = useState<Answers>(data.review.answers as Answers);
  const [note, setNote] = useState(data.review.note);
  const [edits, setEdits] = useState(0);
  const [savedEdits, setSavedEdits] = useState(0);
  const queries = useQueryClient();
  const path = { params: { path: { review_id: data.review.id } } };
  const save = useMutation({
    mutationFn: (sheet: { answers: Answers; note: string; edits: number }) =>
      answer(client.PUT("/review/reviews/{review_id}/answers", { ...path, body: { answers: sheet.answers, note: sheet.note, version: data.review.version } })),
    onSuccess: (review, sheet) => {
      setSavedEdits(sheet.edits);
      queries.setQueryData(oneOf(review.id), { ...data, review });
    },
  });
  useLeaveWarning(edits !== savedEdits);
  const submit = useMutation({
    mutationFn: async () => {
      await save.mutateAsync({ answers, note, edits });
      return answer(client.POST("/review/reviews/{review_id}/submit", path));
    },
    onSuccess: onDone,
  });
  const put = (id: string, change: Partial<Answers[string]>) => {
    setEdits((old) => old + 1);
    setAnswers((old) => ({ ...old, [id]: { ...BLANK, ...old[id], ...change } }));
  };
  const noteDown = (words: string) => {
    setEdits((old) => old + 1);
    setNote(words);
  };
  return (
    <Flex vertical gap={12}>
      <Questions data={data} answers={answers} onHear={onHear} onPut={put} />
      <Input.TextArea aria-label={t.noteToAgent} placeholder={t.noteToAgent} value={note} onChange={({ target }) => noteDown(target.value)} />
      <Flex gap={8} align="center">
        <Button loading={save.isPending} onClick={() => save.mutate({ answers, note, edits })}>{t.saveDraft}</Button>
        <Button type="primary" loading={submit.isPending} onClick={() => submit.mutate()}>{t.submit}</Button>
        {save.isSuccess && edits === savedEdits && <Typography.Text type="success" role="status">{t.savedDraft}</Typography.Text>}
      </Flex>
      {(submit.error ?? save.error) && <FailureNote failure={submit.error ?? save.error} />}
    </Flex>
  );
}

interface QuestionsProps {
  data: Schema["ReviewWithForm"];
  answers: Answers;
  onHear: (seconds: number) => void;
  onPut: (id: string, change: Partial<Answers[string]>) => void;
}

/** The form's sections, with what applies after the answers so far. */
function Questions({ data, answers, onHear, onPut }: QuestionsProps) {
  return questionsOf(data.form.body, answers).map(({ section, questions }) => (
    <fieldset key={section} style={{ border: 0, margin: 0, padding: 0 }}>
      <Typography.Text strong>{section}</Typography.Text>
      {questions.map((question) => (
        <Asked key={question.id} question={question} given={answers[question.id]} suggestion={data.suggestions[question.id]} onHear={onHear} onPut={(change) => onPut(question.id, change)} />
      ))}
    </fieldset>
  ));
}

interface AskedProps {
  question: Question;
  given: Answers[string] | undefined;
  suggestion: Schema["SuggestionAnswer"] | undefined;
  onHear: (seconds: number) => void;
  onPut: (change: Partial<Answers[string]>) => void;
}

function Asked({ question, given, suggestion, onHear, onPut }: AskedProps) {
  const t = useTexts(TEXTS);
  const choices = [...Object.keys(question.choices), ...(question.not_applicable ? [NOT_APPLICABLE] : [])];
  const label = (choice: string) => (choice === NOT_APPLICABLE ? t.notApplicable : (t.choices[choice] ?? choice));
  const at = suggestion?.at_s;
  return (
    <Flex vertical gap={2} style={{ margin: "6px 0" }} data-question={question.id}>
      <span title={question.examples.join("\n")}>
        {question.text} {question.weight === "fatal" && <Tag color="red">{t.fatal}</Tag>}
        {question.weight === "critical" && <Tag color="orange">{t.critical}</Tag>}
      </span>
      <Flex gap={8} wrap align="center">
        <Radio.Group aria-label={question.text} size="small" optionType="button" value={given?.answer ?? null} options={choices.map((choice) => ({ value: choice, label: label(choice) }))} onChange={({ target }) => onPut({ answer: String(target.value) })} />
        {suggestion && (
          <span title={t.suggestionNote} style={{ fontSize: 12, opacity: 0.8 }}>
            {t.suggestion}: {label(suggestion.answer)} {suggestion.words && `“${suggestion.words}” `}
            {typeof at === "number" && <Button size="small" type="link" onClick={() => onHear(at)}>{clock(at)}</Button>}
          </span>
        )}
      </Flex>
      {given && question.comment_on.includes(given.answer) && (
        <Input aria-label={`${t.needsComment} ${question.text}`} size="small" placeholder={t.needsComment} value={given.comment} onChange={({ target }) => onPut({ comment: target.value })} />
      )}
    </Flex>
  );
}
