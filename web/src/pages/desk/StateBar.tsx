import { CoffeeOutlined, LogoutOutlined, QuestionCircleOutlined, SoundOutlined } from "@ant-design/icons";
import { Badge, Button, Checkbox, Dropdown, Tag, theme, Tooltip, Typography } from "antd";
import { useTexts } from "../../app/language";
import { REASONS, useReasons } from "../../parts/names";
import { clock } from "../../parts/time";
import { useLevel } from "./devices";
import type { Phone } from "./phone";
import { isTalking, type OwnSeat, type Seat } from "./seat";
import { TEXTS } from "./texts";
import { useNow } from "./ticking";

const COLOURS: Record<string, "success" | "processing" | "warning" | "error" | "default"> = {
  ready: "success", ringing: "processing", talking: "processing", holding: "warning", consulting: "processing", wrap_up: "warning", paused: "default",
};

interface Props {
  own: OwnSeat;
  seat: Seat;
  phone: Phone;
  automatic: boolean;
  setAutomatic: (to: boolean) => void;
  pausing: boolean;
  setPausing: (to: boolean) => void;
  onDevices: () => void;
  onHelp: () => void;
}

/** Who sits here, in which state since when, and how to change it. */
export function StateBar({ own, seat, phone, automatic, setAutomatic, pausing, setPausing, onDevices, onHelp }: Props) {
  const t = useTexts(TEXTS);
  const reasonTexts = useTexts(REASONS);
  const { token } = theme.useToken();
  const waiting = own.now.data?.waiting ?? 0;
  const pause = (reason: string) => own.state.mutate({ seat: seat.seat, state: "paused", reason });
  const reasons = Object.entries(reasonTexts.own).map(([key, label], at) => ({ key, label: `${at + 1} ${label}` }));
  return (
    <div className="desk-bar" style={{ background: token.colorBgContainer, border: `1px solid ${token.colorBorderSecondary}` }}>
      <strong style={{ whiteSpace: "nowrap" }}>{t.seat} {seat.seat}</strong>
      <State seat={seat} />
      <Button size="small" type={seat.state === "ready" ? "default" : "primary"} disabled={seat.state === "ready" || isTalking(seat)} onClick={() => own.ready()}>
        {t.ready} <span className="desk-key">Alt R</span>
      </Button>
      <Dropdown trigger={["click"]} open={pausing} onOpenChange={setPausing} autoFocus menu={{ items: reasons, onClick: ({ key }) => { pause(key); setPausing(false); } }}>
        <Button size="small" icon={<CoffeeOutlined />}>{t.pause} <span className="desk-key">Alt P</span></Button>
      </Dropdown>
      {seat.state === "wrap_up" && (
        <Button size="small" onClick={() => own.extend.mutate(seat.seat)}>{t.extend} <span className="desk-key">Alt X</span></Button>
      )}
      {seat.afterwards && <Tag color="gold">{t.afterwards}{t.states[seat.afterwards] ?? seat.afterwards}</Tag>}
      <span style={{ flex: 1 }} />
      <Typography.Text type={waiting > 0 ? "warning" : "secondary"} style={{ whiteSpace: "nowrap" }}>{t.waiting} <strong>{waiting}</strong></Typography.Text>
      <Level phone={phone} />
      <Tag data-phone={phone.registered} color={phone.registered === "registered" ? "green" : phone.registered === "lost" ? "red" : "default"} style={{ margin: 0 }}>
        {t.phones[phone.registered]}
      </Tag>
      <Checkbox checked={automatic} onChange={(to) => setAutomatic(to.target.checked)} style={{ whiteSpace: "nowrap" }}>{t.automatic}</Checkbox>
      <Tooltip title={t.devices}><Button size="small" type="text" aria-label={t.devices} icon={<SoundOutlined />} onClick={onDevices} /></Tooltip>
      <Tooltip title={t.keyMap}><Button size="small" type="text" aria-label={t.keyMap} icon={<QuestionCircleOutlined />} onClick={onHelp} /></Tooltip>
      <Button size="small" type="text" icon={<LogoutOutlined />} onClick={() => own.logout.mutate(seat.seat)}>{t.logout}</Button>
    </div>
  );
}

function State({ seat }: { seat: Seat }) {
  const t = useTexts(TEXTS);
  const reasonOf = useReasons();
  const now = useNow(true);
  const left = seat.state === "wrap_up" && seat.until ? (Date.parse(seat.until) - now) / 1000 : null;
  const since = clock((now - Date.parse(seat.since)) / 1000);
  const reason = seat.reason && ` · ${reasonOf(seat.reason)}`;
  return (
    <span style={{ whiteSpace: "nowrap", display: "inline-flex", alignItems: "center", gap: 8 }}>
      <Badge status={COLOURS[seat.state] ?? "default"} text={<strong data-seat={seat.state}>{t.states[seat.state] ?? seat.state}{reason}</strong>} />
      <Typography.Text type={left !== null && left < 10 ? "danger" : "secondary"} style={{ fontVariantNumeric: "tabular-nums" }}>
        {left === null ? since : `${t.left} ${clock(left)}`}
      </Typography.Text>
    </span>
  );
}

/** How loud the agent's own microphone is in this conversation. */
function Level({ phone }: { phone: Phone }) {
  const t = useTexts(TEXTS);
  const { token } = theme.useToken();
  const level = useLevel(phone.microphone);
  if (!phone.talk?.answered) return null;
  return (
    <div className="desk-level" role="meter" aria-label={t.level} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(level * 100)} style={{ background: token.colorFillSecondary }}>
      <div style={{ width: `${level * 100}%`, background: phone.talk.muted ? token.colorTextQuaternary : token.colorSuccess }} />
    </div>
  );
}
