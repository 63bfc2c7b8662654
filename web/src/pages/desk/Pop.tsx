import { Alert, Empty, Flex, Skeleton, Tag, Typography } from "antd";
import { Link } from "react-router";
import type { Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { wallTime } from "../../parts/time";
import { Panel } from "./Panel";
import { TEXTS } from "./texts";

type Known = Schema["PopAnswer"];

/** What is known of the caller's number, from before the call is answered. */
export function Pop({ known, pending }: { known: Known | undefined; pending: boolean }) {
  const t = useTexts(TEXTS);
  return (
    <Panel title={t.past} style={{ flex: 1 }}>
      <div className="desk-scroll" data-pop={known?.call.call_id}>
        {pending && <Skeleton active paragraph={{ rows: 3 }} title={false} />}
        {!known && !pending && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.noPast} />}
        {known && <Past known={known} />}
      </div>
    </Panel>
  );
}

function Past({ known }: { known: Known }) {
  const t = useTexts(TEXTS);
  const nothing = known.calls.length === 0 && known.tickets.length === 0;
  return (
    <Flex vertical gap={8}>
      <Warnings known={known} />
      {known.withheld && <Typography.Text type="secondary">{t.withheld}</Typography.Text>}
      {!known.withheld && nothing && <Typography.Text type="secondary">{t.firstCall}</Typography.Text>}
      {known.tickets.length > 0 && (
        <section>
          <Typography.Text type="secondary">{t.openTickets} {known.tickets.length}</Typography.Text>
          <ul className="desk-list">
            {known.tickets.map((one) => (
              <li key={one.ticket_id}>
                <Link to={`/tickets/${one.ticket_id}`}>{one.secret ? t.secret : one.title || one.ticket_id}</Link>
                <div style={{ fontSize: 12 }}>
                  <Tag style={{ fontSize: 11, lineHeight: "18px" }}>{one.category}</Tag>
                  <Typography.Text type="secondary">{one.state ? (t.caseStates[one.state] ?? one.state) : t.isDraft} · {wallTime(String(one.created_at)).slice(5, 16)}</Typography.Text>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      {known.calls.length > 0 && (
        <section>
          <Typography.Text type="secondary">{t.earlierCalls} {known.calls.length}</Typography.Text>
          <ul className="desk-list" style={{ gap: 2 }}>
            {known.calls.map((one) => (
              <li key={one.call_id} style={{ fontSize: 13 }}>
                <Link to={`/calls/${one.call_id}`}>{wallTime(one.started_at).slice(5, 16)}</Link> {t.outcomes[one.outcome ?? ""] ?? one.outcome}
              </li>
            ))}
          </ul>
        </section>
      )}
    </Flex>
  );
}

function Warnings({ known }: { known: Known }) {
  const t = useTexts(TEXTS);
  const warned = known.measures[0];
  return (
    <>
      {known.suspensions.map((one) => (
        <Alert key={one.id} type="error" showIcon title={one.status === "proposed" ? t.suspensionProposed : t.suspended} description={one.article} />
      ))}
      {warned && <Alert type="warning" showIcon title={`${t.measuredBefore} ${known.measures.length}`} description={`${wallTime(warned.at).slice(0, 16)} ${t.measures[warned.measure]}：${warned.note}`} />}
      {known.abandoned > 1 && <Alert type="info" showIcon title={t.gaveUp.replace("{n}", String(known.abandoned))} />}
    </>
  );
}
