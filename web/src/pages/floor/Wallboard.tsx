import { FullscreenOutlined } from "@ant-design/icons";
import { Button, Card, Empty, Skeleton, Tag, theme, Typography } from "antd";
import { useRef, useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useLanguage, useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { PageHead } from "../../parts/PageHead";
import { clock, wallTime } from "../../parts/time";
import { Agents } from "./Agents";
import { Broadcast } from "./Broadcast";
import { useFloor, useOrder } from "./floor";
import "./floor.css";
import { TEXTS } from "./texts";

// GB/T 33358—2016: 95 % within 15 s.
const GOAL = 0.95;
type Board = Schema["Wallboard"];

/** The whole hotline at a glance, live; the figures stand with what they mean. */
export default function Wallboard() {
  const t = useTexts(TEXTS);
  const { token } = theme.useToken();
  const floor = useFloor();
  const [telling, setTelling] = useState(false);
  const board = useRef<HTMLDivElement>(null);
  return (
    <>
      <PageHead title={t.board}>
        <Button onClick={() => setTelling(true)}>{t.message}</Button>
        <Button icon={<FullscreenOutlined />} onClick={() => void board.current?.requestFullscreen()}>{t.big}</Button>
      </PageHead>
      {floor.failure !== null && <FailureNote failure={floor.failure} />}
      {floor.pending && floor.failure === null && <Skeleton active />}
      <div className="board" ref={board} style={{ background: token.colorBgLayout }}>
        {floor.day && <Figures day={floor.day} month={floor.month} callBacks={floor.callBacks} />}
        <Card size="small" title={<States board={floor.day} />}>
          <Agents seats={floor.seats?.seats ?? []} />
        </Card>
        <Alarms alarms={floor.alarms} />
      </div>
      {telling && <Broadcast onClose={() => setTelling(false)} />}
    </>
  );
}

function Figures({ day, month, callBacks }: { day: Board; month: Board | undefined; callBacks: readonly Schema["CallBackAnswer"][] }) {
  const t = useTexts(TEXTS);
  const [language] = useLanguage();
  const { token } = theme.useToken();
  const late = callBacks.filter((one) => one.late).length;
  const met = (share: number | null) => (share === null ? undefined : share >= GOAL ? token.colorSuccess : token.colorError);
  const share = (name: "within_goal_share" | "connection_rate") => ({
    name: t.figures[name] ?? name,
    value: percent(day[name]),
    colour: met(day[name]),
    beside: `${t.month} ${percent(month?.[name] ?? null)} · ${t.goal}`,
    means: day.definitions[name]?.[language],
  });
  const shown = [
    share("within_goal_share"),
    share("connection_rate"),
    { name: t.waiting, value: String(day.waiting), colour: day.waiting > 0 ? token.colorWarning : undefined, beside: t.now, means: t.waitingIs },
    { name: t.longest, value: clock(day.longest_wait_s), colour: day.longest_wait_s > 15 ? token.colorError : undefined, beside: t.now, means: t.longestIs },
    { name: t.figures["abandoned"] ?? "", value: String(day.abandoned), colour: undefined, beside: `${t.day} / ${t.figures["asked"]} ${day.asked}`, means: day.definitions["abandoned"]?.[language] },
    { name: t.callBacksDue, value: String(callBacks.length), colour: late > 0 ? token.colorError : undefined, beside: late > 0 ? `${t.late} ${late}` : t.now, means: t.callBacksIs },
  ];
  return (
    <div className="board-figures">
      {shown.map((one) => (
        <section key={one.name} className="board-figure" style={{ background: token.colorBgContainer, border: `1px solid ${token.colorBorderSecondary}` }}>
          <Typography.Text>{one.name}</Typography.Text>
          <strong style={{ color: one.colour }} data-figure={one.name}>{one.value}</strong>
          <Typography.Text type="secondary" style={{ fontSize: 12 }}>{one.beside}</Typography.Text>
          <small style={{ color: token.colorTextDescription }}>{one.means}</small>
        </section>
      ))}
    </div>
  );
}

function States({ board }: { board: Board | undefined }) {
  const t = useTexts(TEXTS);
  return (
    <span className="board-states">
      {t.agents}
      {Object.entries(board?.seats ?? {}).map(([state, number]) => <Tag key={state}>{t.states[state] ?? state} {number}</Tag>)}
    </span>
  );
}

function Alarms({ alarms }: { alarms: readonly Schema["Alarm"][] }) {
  const t = useTexts(TEXTS);
  const [language] = useLanguage();
  const { token } = theme.useToken();
  const acknowledge = useOrder((alarm: number) => answer(client.POST("/floor/alarms/{alarm}/acknowledge", { params: { path: { alarm } } })));
  const open = alarms.filter((one) => !one.acknowledged_by && one.over_at === null);
  return (
    <Card size="small" title={`${t.alarms} ${open.length}`}>
      {acknowledge.error && <FailureNote failure={acknowledge.error} />}
      {alarms.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.noAlarms} />}
      <div className="board-alarms" role="log" aria-label={t.alarms}>
        {alarms.map((one) => {
          const settled = one.acknowledged_by !== "" || one.over_at !== null;
          return (
            <div key={one.id} data-alarm={one.kind} style={{ borderInlineStart: `4px solid ${settled ? token.colorBorder : token.colorError}`, paddingInlineStart: 10, opacity: settled ? 0.75 : 1 }}>
              <div>{one.drill && <Tag>{t.drill}</Tag>}<strong>{language === "zh" ? one.text_zh : one.text_en}</strong></div>
              <Typography.Text type="secondary" style={{ fontSize: 12 }}>
                {wallTime(one.at).slice(5, 16)} {one.over_at !== null && `· ${t.over}`} {one.acknowledged_by && `· ${t.seenBy} ${one.acknowledged_by}`}
              </Typography.Text>
              {!settled && <div><Button size="small" onClick={() => acknowledge.mutate(one.id)}>{t.acknowledge}</Button></div>}
            </div>
          );
        })}
      </div>
    </Card>
  );
}

function percent(share: number | null): string {
  return share === null ? "–" : `${(share * 100).toFixed(1)}%`;
}
