import { useQuery } from "@tanstack/react-query";
import { Card, Col, Flex, Row, Skeleton, Timeline } from "antd";
import { useRef, useState } from "react";
import { useParams } from "react-router";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMay } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { PageHead } from "../../parts/PageHead";
import type { Playing } from "../../parts/Recording";
import { wallTime } from "../../parts/time";
import { Heard, useCall } from "../calls/Detail";
import { Fields } from "./Fields";
import { Status } from "./Status";
import { TEXTS } from "./texts";

/** One ticket: its fields with their evidence beside the call they were heard in. */
export default function Detail() {
  const t = useTexts(TEXTS);
  const { ticketId = "" } = useParams();
  const ticket = useQuery({
    queryKey: ["tickets", "one", ticketId],
    queryFn: () => answer(client.GET("/tickets/{ticket_id}", { params: { path: { ticket_id: ticketId } } })),
  });
  return (
    <>
      <PageHead title={`${t.ticket} ${ticketId}`} back={{ to: "/tickets", title: t.title }}>
        {ticket.data && <Status status={ticket.data.status} />}
      </PageHead>
      {ticket.isPending && <Skeleton active />}
      {ticket.error && <FailureNote failure={ticket.error} retry={() => void ticket.refetch()} />}
      {ticket.data && <Both ticket={ticket.data} />}
    </>
  );
}

function Both({ ticket }: { ticket: Schema["TicketAnswer"] }) {
  const t = useTexts(TEXTS);
  const mayReadCall = useMay()("call.read");
  const call = useCall(mayReadCall ? ticket.call_id : null);
  const playing = useRef<Playing>(null);
  const [at, setAt] = useState<number>();
  const playable = useMay()("recording.listen") && !!call.data?.recording;
  return (
    <Row gutter={[16, 16]}>
      <Col xs={24} lg={12}>
        <Card size="small" title={t.draft}>
          <Fields ticket={ticket} at={at} onHear={playable ? (from, to) => playing.current?.hear(from, to) : undefined} />
        </Card>
      </Col>
      <Col xs={24} lg={12}>
        <Flex vertical gap={16}>
          {call.data && <Heard call={call.data} ref={playing} at={at} onTime={setAt} />}
          {call.error && <FailureNote failure={call.error} retry={() => void call.refetch()} />}
          {ticket.call_id === null && <Card size="small">{t.noCall}</Card>}
          <History ticketId={ticket.ticket_id} />
        </Flex>
      </Col>
    </Row>
  );
}

function History({ ticketId }: { ticketId: string }) {
  const t = useTexts(TEXTS);
  const history = useQuery({
    queryKey: ["tickets", "history", ticketId],
    queryFn: () => answer(client.GET("/tickets/{ticket_id}/history", { params: { path: { ticket_id: ticketId } } })),
  });
  const items = history.data?.events.map((event) => ({
    key: event.version,
    content: `${wallTime(event.at)} ${t.events[event.what] ?? event.what} (${event.actor})`,
  }));
  return (
    <Card size="small" title={t.history}>
      {history.error ? <FailureNote failure={history.error} /> : <Timeline items={items ?? []} style={{ marginTop: 8 }} />}
    </Card>
  );
}
