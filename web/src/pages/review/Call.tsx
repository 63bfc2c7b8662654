import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Card, Descriptions, Empty, Flex, Input, Popover, Skeleton, Tag, theme } from "antd";
import { useRef, useState } from "react";
import { useParams, useSearchParams } from "react-router";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMay } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { PageHead } from "../../parts/PageHead";
import { clock, wallTime } from "../../parts/time";
import { HoldThis } from "./Holds";
import { Scoring } from "./Scoring";
import { TEXTS } from "./texts";
import { Unmasked } from "./Unmasked";
import { Wave, type Player } from "./Wave";

/** One recorded call: heard, read in step, corrected, commented, scored. */
export default function Call() {
  const t = useTexts(TEXTS);
  const { callId = "" } = useParams();
  const [asked] = useSearchParams();
  const path = { params: { path: { call_id: callId } } };
  const call = useQuery({ queryKey: ["review", "call", callId], queryFn: () => answer(client.GET("/review/calls/{call_id}", path)) });
  const peaks = useQuery({ queryKey: ["review", "peaks", callId], enabled: call.data?.card.keeping === "kept", staleTime: Infinity, queryFn: () => answer(client.GET("/calls/{call_id}/recording/peaks", path)) });
  const player = useRef<Player>(null);
  const note = useRef<{ focus: () => void }>(null);
  const [at, setAt] = useState(0);
  const failure = call.error ?? peaks.error;
  return (
    <>
      <PageHead title={`${t.call} ${call.data ? wallTime(call.data.card.started_at) : ""}`} back={{ to: "/review", title: t.title }}>
        {call.data && <Unmasked callId={callId} leftS={call.data.unmasked_left_s} />}
        {call.data?.card.keeping === "kept" && <HoldThis callId={callId} />}
        {call.data?.card.keeping === "kept" && <Files callId={callId} />}
      </PageHead>
      {failure && <FailureNote failure={failure} retry={() => void (call.error ? call.refetch() : peaks.refetch())} />}
      {call.isPending && <Skeleton active />}
      {call.data && (
        <Flex gap={16} align="flex-start" wrap>
          <Flex vertical gap={12} style={{ flex: "1 1 640px", minWidth: 0 }}>
            <Facts card={call.data.card} />
            {call.data.card.keeping !== "kept" && <Tag>{t.gone}</Tag>}
            {peaks.data && (
              <Card size="small">
                <Wave key={call.data.unmasked_until ?? ""} ref={player} callId={callId} peaks={peaks.data} marks={call.data.marks} startS={Number(asked.get("t") ?? 0)} onTime={setAt} onComment={() => note.current?.focus()} />
              </Card>
            )}
            <Words callId={callId} said={call.data.transcript} pauses={call.data.marks.filter((mark) => mark.kind === "privacy_pause")} at={at} onHear={(seconds) => player.current?.hear(seconds)} />
            <Comments callId={callId} comments={call.data.comments} noteRef={note} now={() => player.current?.now() ?? 0} onHear={(seconds) => player.current?.hear(seconds)} />
          </Flex>
          <div style={{ flex: "0 1 420px" }}>
            <Scoring callId={callId} onHear={(seconds) => player.current?.hear(seconds)} />
          </div>
        </Flex>
      )}
    </>
  );
}

/** What may leave the house, by right: the recording with the person's mark, the signed package. */
function Files({ callId }: { callId: string }) {
  const t = useTexts(TEXTS);
  const may = useMay();
  const [why, setWhy] = useState("");
  const path = encodeURIComponent(callId);
  const query = new URLSearchParams({ why }).toString();
  const evidence = may("review.lead") && may("personal.unmask");
  if (!may("recording.download") && !evidence) return null;
  const form = (
    <Flex vertical gap={8} style={{ width: 320 }}>
      <span>{t.filesHint}</span>
      <Input aria-label={t.filesReason} placeholder={t.filesReason} value={why} maxLength={400} onChange={({ target }) => setWhy(target.value)} />
      <Flex gap={8}>
        {may("recording.download") && <Button disabled={why.length < 2} href={`/calls/${path}/recording/download?${query}`}>{t.download}</Button>}
        {evidence && <Button disabled={why.length < 2} href={`/review/calls/${path}/evidence?${query}`}>{t.evidence}</Button>}
      </Flex>
    </Flex>
  );
  return <Popover content={form} trigger="click"><Button size="small">{t.files}</Button></Popover>;
}

function Facts({ card }: { card: Schema["RecordingCardAnswer"] }) {
  const t = useTexts(TEXTS);
  const items = [
    { label: t.caller, children: card.caller },
    { label: t.seat, children: card.agent || card.seat || "–" },
    { label: t.length, children: clock(card.length_s) },
    { label: t.topic, children: [card.category, card.topic].filter(Boolean).join(" · ") || "–" },
    { label: t.satisfaction, children: card.satisfaction ?? "–" },
    { label: t.score, children: card.score ?? "–" },
  ];
  return <Descriptions size="small" bordered column={3} items={items.map((item) => ({ key: item.label, ...item }))} />;
}

interface WordsProps {
  callId: string;
  said: readonly Schema["SpokenAnswer"][];
  pauses: readonly Schema["MarkAnswer"][];
  at: number;
  onHear: (seconds: number) => void;
}

/** Every word plays from its own second; a double click corrects it. */
function Words({ callId, said, pauses, at, onHear }: WordsProps) {
  const t = useTexts(TEXTS);
  const { token } = theme.useToken();
  return (
    <Card size="small" title={t.correctHint}>
      <Flex vertical gap={6}>
        {said.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.noWords} />}
        {said.map((one, place) => (
          <div key={one.id}>
          {pauses.filter((pause) => pause.from_s < one.start_s && pause.from_s >= (said[place - 1]?.start_s ?? 0)).map((pause) => (
            <div key={pause.from_s}><Tag color="magenta">{t.kinds["privacy_pause"]} {clock(pause.from_s)} – {clock(pause.to_s)}</Tag></div>
          ))}
          <div style={{ background: at >= one.start_s && at < one.end_s ? token.colorPrimaryBg : undefined, borderRadius: 6, padding: "2px 6px" }}>
            <Tag color={one.side === "caller" ? "blue" : "green"} style={{ marginInlineEnd: 8 }}>{one.side === "caller" ? t.citizen : t.agent}</Tag>
            <span style={{ color: token.colorTextDescription, marginRight: 8 }}>{clock(one.start_s)}</span>
            {one.words.map((word, place) => (
              <Word key={place} callId={callId} utteranceId={one.id} place={place} word={word} playing={at >= word.start_s && at < word.end_s} onHear={onHear} />
            ))}
          </div>
          </div>
        ))}
      </Flex>
    </Card>
  );
}

interface WordProps {
  callId: string;
  utteranceId: number;
  place: number;
  word: Schema["SpokenWord"];
  playing: boolean;
  onHear: (seconds: number) => void;
}

function Word({ callId, utteranceId, place, word, playing, onHear }: WordProps) {
  const t = useTexts(TEXTS);
  const { token } = theme.useToken();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const correct = useMutation({
    mutationFn: (corrected: string) => answer(client.POST("/review/calls/{call_id}/corrections", { params: { path: { call_id: callId } }, body: { utterance_id: utteranceId, place, corrected } })),
    onSuccess: () => {
      setOpen(false);
      return queries.invalidateQueries({ queryKey: ["review", "call", callId] });
    },
  });
  const changed = word.original !== null && word.original !== undefined;
  const form = (
    <Flex vertical gap={4}>
      <Input.Search aria-label={t.correct} autoFocus defaultValue={word.word} enterButton={t.correct} loading={correct.isPending} onSearch={(value) => value && correct.mutate(value)} />
      {changed && <span>{t.original}: {word.original}</span>}
      {correct.error && <FailureNote failure={correct.error} />}
    </Flex>
  );
  return (
    <Popover content={form} open={open} onOpenChange={setOpen} trigger={[]} destroyOnHidden>
      <button
        type="button"
        title={changed ? `${t.original}: ${word.original}` : undefined}
        onClick={() => onHear(word.start_s)}
        onDoubleClick={() => setOpen(true)}
        style={{ all: "unset", cursor: "pointer", borderRadius: 3, background: playing ? token.colorPrimaryBorder : undefined, textDecoration: changed ? "underline dotted" : undefined }}
      >
        {word.word}
      </button>
    </Popover>
  );
}

interface CommentsProps {
  callId: string;
  comments: readonly Schema["CommentAnswer"][];
  noteRef: React.RefObject<{ focus: () => void } | null>;
  now: () => number;
  onHear: (seconds: number) => void;
}

function Comments({ callId, comments, noteRef, now, onHear }: CommentsProps) {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const add = useMutation({
    mutationFn: () => answer(client.POST("/review/calls/{call_id}/comments", { params: { path: { call_id: callId } }, body: { at_s: now(), text } })),
    onSuccess: () => {
      setText("");
      return queries.invalidateQueries({ queryKey: ["review", "call", callId] });
    },
  });
  return (
    <Card size="small" title={t.comments}>
      <Flex vertical gap={6}>
        {comments.map((one) => (
          <div key={one.id}>
            <Button size="small" type="link" onClick={() => onHear(one.at_s)}>{clock(one.at_s)}</Button>
            <Tag>{one.author.replace("account:", "")}</Tag>
            {one.text}
          </div>
        ))}
        <Flex gap={8}>
          <Input ref={(input) => { noteRef.current = input; }} aria-label={t.comment} value={text} maxLength={200} onChange={({ target }) => setText(target.value)} onPressEnter={() => text && add.mutate()} />
          <Button disabled={!text} loading={add.isPending} onClick={() => add.mutate()}>{t.commentHere}</Button>
        </Flex>
        {add.error && <FailureNote failure={add.error} />}
      </Flex>
    </Card>
  );
}
