import {
  AlertOutlined, AudioMutedOutlined, AudioOutlined, NumberOutlined, PauseOutlined, PhoneOutlined, PlayCircleOutlined, PushpinOutlined, StopOutlined, SwapOutlined, TeamOutlined, UserAddOutlined, WarningOutlined,
} from "@ant-design/icons";
import { Button, Dropdown, Popover, Space, Tag, Typography } from "antd";
import type { ReactNode } from "react";
import { useTexts } from "../../app/language";
import type { Conduct } from "./conduct";
import { FailureNote } from "../../parts/FailureNote";
import { clock } from "../../parts/time";
import { Panel } from "./Panel";
import type { Phone } from "./phone";
import type { Room, Way } from "./room";
import type { Told } from "./said";
import { isTalking, type Seat } from "./seat";
import { TEXTS } from "./texts";
import { useNow } from "./ticking";

export const EMERGENCY = ["110", "119", "120", "122"] as const;
const KEYPAD = [..."123456789*0#"];

interface Props {
  seat: Seat;
  phone: Phone;
  told: Told;
  room: Room;
  conduct: Conduct;
  caller: string;
  keypad: boolean;
  setKeypad: (to: boolean) => void;
  onReach: (way: Way) => void;
  onHelp: () => void;
}

/** The conversation: who it is with, and every order that can be given about it. */
export function CallPanel({ seat, phone, told, room, conduct, caller, keypad, setKeypad, onReach, onHelp }: Props) {
  const t = useTexts(TEXTS);
  const { talk } = phone;
  const talking = talk?.answered ?? false;
  const busy = isTalking(seat);
  return (
    <Panel>
      <div style={{ padding: 12, display: "flex", flexDirection: "column", gap: 8 }}>
        <Who seat={seat} caller={caller} />
        <div className="desk-keys">
          <Key name={t.answer} keys="Alt A" icon={<PhoneOutlined />} type="primary" disabled={!talk || talking} onClick={phone.answer} />
          <Key name={t.hangUp} keys="Alt H" icon={<StopOutlined />} danger disabled={!talk} onClick={phone.hangUp} />
          <Key name={talk?.held ? t.resume : t.hold} keys="Alt O" icon={talk?.held ? <PlayCircleOutlined /> : <PauseOutlined />} on={talk?.held} disabled={!talking} onClick={phone.hold} />
          <Key name={talk?.muted ? t.unmute : t.mute} keys="Alt M" icon={talk?.muted ? <AudioMutedOutlined /> : <AudioOutlined />} on={talk?.muted} disabled={!talking} onClick={phone.mute} />
          <Key name={t.transfer} keys="Alt T" icon={<SwapOutlined />} disabled={!busy} onClick={() => onReach("transfer")} />
          <Key name={t.consult} keys="Alt C" icon={<UserAddOutlined />} disabled={!busy} onClick={() => onReach("consult")} />
          <Key name={t.threeWay} keys="Alt G" icon={<TeamOutlined />} disabled={!busy} onClick={() => onReach("three-way")} />
          <Key name={t.park} keys="Alt Z" icon={<PushpinOutlined />} disabled={!busy} onClick={() => room.park.mutate()} />
        </div>
        <div className="desk-keys desk-danger" role="group" aria-label={t.emergency}>
          {EMERGENCY.map((number, at) => (
            <Key key={number} name={number} keys={`Alt ${at + 1}`} danger disabled={!busy} loading={room.bring.isPending && room.bring.variables.number === number} onClick={() => room.emergency(number)} />
          ))}
        </div>
        <Space size={6} style={{ display: "flex" }}>
          <Popover open={keypad && talking} onOpenChange={setKeypad} trigger="click" placement="bottomLeft" destroyOnHidden content={<Keypad phone={phone} />}>
            <Button size="small" disabled={!talking} icon={<NumberOutlined />}>{t.keypad}</Button>
          </Popover>
          <Space.Compact>
            <Button size="small" disabled={!conduct.first} loading={conduct.take.isPending} icon={<WarningOutlined />} onClick={conduct.warn}>
              {conduct.first ? t.measures[conduct.first] : t.warn}
            </Button>
            <Dropdown disabled={conduct.choices.length === 0} trigger={["click"]} menu={{ items: conduct.choices }}>
              <Button size="small" aria-label={t.moreMeasures}>…</Button>
            </Dropdown>
          </Space.Compact>
          <Button size="small" type="primary" danger disabled={!busy} icon={<AlertOutlined />} onClick={onHelp}>{t.help}</Button>
        </Space>
        <Guests told={told} room={room} busy={busy} />
        <Parked seat={seat} room={room} busy={busy} />
        {(room.failure ?? conduct.failure) !== null && <FailureNote failure={room.failure ?? conduct.failure} />}
        {conduct.told && <Typography.Text type="warning" role="status">{conduct.told}</Typography.Text>}
      </div>
    </Panel>
  );
}

function Who({ seat, caller }: { seat: Seat; caller: string }) {
  const t = useTexts(TEXTS);
  const busy = isTalking(seat);
  const now = useNow(busy);
  return (
    <div style={{ display: "flex", alignItems: "baseline", gap: 8, minHeight: 28 }}>
      <strong style={{ fontSize: 20, fontVariantNumeric: "tabular-nums" }}>{caller || (seat.state === "ready" ? t.waitingForCall : t.nobody)}</strong>
      <span style={{ flex: 1 }} />
      {busy && <Tag color="processing" style={{ margin: 0, fontVariantNumeric: "tabular-nums" }}>{clock((now - Date.parse(seat.since)) / 1000)}</Tag>}
      {seat.state === "ringing" && <Tag color="red" style={{ margin: 0 }}>{t.states["ringing"]}</Tag>}
    </div>
  );
}

interface KeyProps {
  name: string;
  keys: string;
  icon?: ReactNode;
  type?: "primary";
  danger?: boolean;
  on?: boolean | undefined;
  disabled: boolean;
  loading?: boolean;
  onClick: () => void;
}

function Key({ name, keys, icon, type, danger, on, disabled, loading, onClick }: KeyProps) {
  return (
    <Button icon={icon} type={on ? "primary" : (type ?? "default")} danger={danger ?? false} aria-label={name} aria-pressed={on} disabled={disabled} loading={loading ?? false} onClick={onClick}>
      <span>{name}</span>
      <span className="desk-key">{keys}</span>
    </Button>
  );
}

function Keypad({ phone }: { phone: Phone }) {
  const t = useTexts(TEXTS);
  return (
    <div
      role="group"
      aria-label={t.keypad}
      style={{ display: "grid", gridTemplateColumns: "repeat(3, 48px)", gap: 6 }}
      onKeyDown={(down) => {
        if (!KEYPAD.some((key) => key === down.key) || down.altKey || down.ctrlKey) return;
        down.preventDefault();
        phone.press(down.key);
      }}
    >
      {KEYPAD.map((key) => <Button key={key} autoFocus={key === "1"} onClick={() => phone.press(key)}>{key}</Button>)}
    </div>
  );
}

/** Callers put aside, who hear music until somebody takes them back. */
function Parked({ seat, room, busy }: { seat: Seat; room: Room; busy: boolean }) {
  const t = useTexts(TEXTS);
  if (room.parked.length === 0) return null;
  return (
    <ul className="desk-list" aria-label={t.parkedCallers}>
      {room.parked.map(({ call, by }, at) => (
        <li key={call} data-parked={call} style={{ display: "flex", gap: 8, alignItems: "center", justifyContent: "space-between" }}>
          <span>{by === seat.seat ? t.parkedHere : `${t.parkedBy} ${by}`}</span>
          <Button size="small" disabled={busy} loading={room.fetchBack.isPending && room.fetchBack.variables === call} onClick={() => room.fetchBack.mutate(call)}>
            {t.fetchBack}{at === 0 && <span className="desk-key"> Alt Y</span>}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** Whether a third party is in the conversation. */
export function isJoined(told: Told): boolean {
  return told.guests.some((guest) => guest.kind === "guest_joined");
}

/** Others in the conversation, and who leaves it. */
function Guests({ told, room, busy }: { told: Told; room: Room; busy: boolean }) {
  const t = useTexts(TEXTS);
  if (told.guests.length === 0) return null;
  const here = isJoined(told);
  return (
    <div role="status" style={{ display: "flex", flexDirection: "column", gap: 6 }}>
      {told.guests.map((guest) => (
        <span key={guest.key}><strong>{guest.who}</strong> {t.events[guest.kind]}</span>
      ))}
      {here && (
        <Space size={6} wrap>
          {room.consulting && <Way name={t.bringIn} keys="Alt U" primary busy={busy} onClick={() => room.bringIn.mutate()} />}
          <Way name={room.consulting ? t.handOver : t.leave} keys="Alt L" busy={busy} onClick={() => room.leave.mutate(false)} />
          <Way name={t.leaveAndBack} hint={t.leaveAndBackHint} keys="Alt V" busy={busy} onClick={() => room.leave.mutate(true)} />
          <Way name={t.dismiss} keys="Alt E" busy={busy} onClick={() => room.dismiss.mutate()} />
        </Space>
      )}
    </div>
  );
}

interface WayProps {
  name: string;
  keys: string;
  hint?: string;
  primary?: boolean;
  busy: boolean;
  onClick: () => void;
}

function Way({ name, keys, hint, primary, busy, onClick }: WayProps) {
  return (
    <Button size="small" type={primary ? "primary" : "default"} title={hint} aria-label={name} disabled={!busy} onClick={onClick}>
      {name} <span className="desk-key">{keys}</span>
    </Button>
  );
}
