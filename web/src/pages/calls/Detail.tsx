import { useQuery } from "@tanstack/react-query";
import { Card, Descriptions, Flex, Skeleton } from "antd";
import { useRef, useState } from "react";
import { Link, useParams } from "react-router";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMay } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { PageHead } from "../../parts/PageHead";
import { Recording, type Playing } from "../../parts/Recording";
import { between, clock, wallTime } from "../../parts/time";
import { Transcript } from "../../parts/Transcript";
import { TEXTS } from "./texts";

export function useCall(callId: string | null) {
  return useQuery({
    queryKey: ["calls", "one", callId],
    enabled: callId !== null,
    queryFn: () => answer(client.GET("/calls/{call_id}", { params: { path: { call_id: callId ?? "" } } })),
  });
}

export default function Detail() {
  const t = useTexts(TEXTS);
  const { callId = "" } = useParams();
  const call = useCall(callId);
  const [at, setAt] = useState<number>();
  return (
    <>
      <PageHead title={`${t.call} ${call.data?.caller ?? ""}`} back={{ to: "/calls", title: t.title }} />
      {call.isPending && <Skeleton active />}
      {call.error && <FailureNote failure={call.error} retry={() => void call.refetch()} />}
      {call.data && (
        <Flex vertical gap={16}>
          <Facts call={call.data} />
          <Heard call={call.data} at={at} onTime={setAt} />
        </Flex>
      )}
    </>
  );
}

function Facts({ call }: { call: Schema["CallWithWords"] }) {
  const t = useTexts(TEXTS);
  const length = between(call.started_at, call.ended_at);
  const items = [
    { label: t.started, children: wallTime(call.started_at) },
    { label: t.answered, children: wallTime(call.answered_at) },
    { label: t.ended, children: wallTime(call.ended_at) },
    { label: t.length, children: length === null ? t.running : clock(length) },
    { label: t.dialled, children: call.dialled },
    { label: t.seat, children: call.seat ?? "–" },
    { label: t.outcome, children: call.outcome === null ? t.running : (t.outcomes[call.outcome] ?? call.outcome) },
    { label: t.flow, children: call.flow === null ? "–" : `${call.flow} v${call.flow_version}` },
    { label: t.ticket, children: call.tickets.map((id) => <Link key={id} to={`/tickets/${id}`}>{id}</Link>) },
    { label: t.path, children: call.path.join(" → ") || "–", span: 3 },
  ];
  return <Descriptions size="small" bordered column={3} items={items.map((item) => ({ key: item.label, ...item }))} />;
}

interface HeardProps {
  call: Schema["CallWithWords"];
  /** Seconds of the recording now playing, as `onTime` told them. */
  at: number | undefined;
  onTime: (seconds: number) => void;
  ref?: React.Ref<Playing>;
}

/** Recording and words together: a click on a line plays from there. */
export function Heard({ call, at, onTime, ref }: HeardProps) {
  const t = useTexts(TEXTS);
  const mayListen = useMay()("recording.listen");
  const own = useRef<Playing>(null);
  const playable = mayListen && call.recording !== null;
  const keep = (playing: Playing | null) => {
    own.current = playing;
    if (typeof ref === "function") ref(playing);
    else if (ref) ref.current = playing;
  };
  return (
    <Card size="small" title={t.transcript}>
      <Flex vertical gap={12}>
        {playable && <Recording ref={keep} path={call.recording?.path ?? ""} onTime={onTime} />}
        {call.recording === null && t.noRecording}
        <Transcript said={call.transcript} at={at} onHear={playable ? (seconds) => own.current?.hear(seconds) : undefined} />
      </Flex>
    </Card>
  );
}
