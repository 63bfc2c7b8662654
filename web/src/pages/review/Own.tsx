import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Card, Empty, Flex, Input, Table, Tag, Typography } from "antd";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { PageHead } from "../../parts/PageHead";
import { wallTime } from "../../parts/time";
import { questionsOf, type Answers, type Question } from "./form";
import { TEXTS } from "./texts";

const OWN = ["review", "own"];

/** An agent's released reviews: take note, or object while there is time. */
export default function Own() {
  const t = useTexts(TEXTS);
  const own = useQuery({ queryKey: OWN, queryFn: () => answer(client.GET("/review/own")) });
  return (
    <>
      <PageHead title={t.own} />
      {own.error && <FailureNote failure={own.error} retry={() => void own.refetch()} />}
      {own.data?.reviews.length === 0 && <Empty description={t.noReviews} />}
      <Flex vertical gap={12}>{own.data?.reviews.map((one) => <One key={one.review.id} review={one.review} form={one.form} />)}</Flex>
    </>
  );
}

function One({ review, form }: Schema["OwnReview"]) {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const [why, setWhy] = useState("");
  const path = { params: { path: { review_id: review.id } } };
  const again = () => queries.invalidateQueries({ queryKey: OWN });
  const note = useMutation({ mutationFn: () => answer(client.POST("/review/reviews/{review_id}/acknowledge", path)), onSuccess: again });
  const appeal = useMutation({ mutationFn: () => answer(client.POST("/review/reviews/{review_id}/appeal", { ...path, body: { why } })), onSuccess: again });
  const failure = note.error ?? appeal.error;
  return (
    <Card size="small" title={<>{review.call_id} <Tag>{t.states[review.state] ?? review.state}</Tag></>}>
      <Flex vertical gap={8}>
        <Typography.Text strong>{t.score} {review.score ?? "–"}</Typography.Text>
        <Answered review={review} form={form} />
        {review.note && <span>{t.noteToAgent}: {review.note}</span>}
        {review.appeal && <span>{t.appeal}: {review.appeal}</span>}
        {review.decision && <span>{t.decide}: {review.decision}</span>}
        {review.state === "released" && (
          <Flex gap={8} wrap>
            <Button type="primary" loading={note.isPending} onClick={() => note.mutate()}>{t.acknowledge}</Button>
            <Input aria-label={t.why} placeholder={t.why} value={why} onChange={({ target }) => setWhy(target.value)} style={{ width: 320 }} />
            <Button disabled={why.length < 2} loading={appeal.isPending} onClick={() => appeal.mutate()}>{t.appeal}</Button>
            <span>{t.appealUntil} {wallTime(review.appeal_until ?? null)}</span>
          </Flex>
        )}
        {failure && <FailureNote failure={failure} />}
      </Flex>
    </Card>
  );
}

/** What was asked and answered; what cost points stands out. */
function Answered({ review, form }: Schema["OwnReview"]) {
  const t = useTexts(TEXTS);
  const answers = review.answers as Answers;
  const rows = questionsOf(form.body, answers).flatMap(({ questions }) => questions.filter((one) => one.id in answers));
  const cost = (one: Question) => (one.choices[answers[one.id]?.answer ?? ""] ?? 1) < Math.max(...Object.values(one.choices));
  const columns = [
    { title: t.question, dataIndex: "text" },
    {
      title: t.score, key: "answer", width: 120,
      render: (_: unknown, one: Question) => {
        const given = answers[one.id]?.answer ?? "";
        return <Tag color={cost(one) ? "orange" : "green"}>{given === "n/a" ? t.notApplicable : (t.choices[given] ?? given)}</Tag>;
      },
    },
    { title: t.needsComment, key: "comment", render: (_: unknown, one: Question) => answers[one.id]?.comment },
  ];
  return <Table<Question> size="small" rowKey="id" columns={columns} dataSource={rows} pagination={false} />;
}
