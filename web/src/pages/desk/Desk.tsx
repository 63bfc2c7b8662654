import { PhoneOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Alert, Badge, Button, Card, Checkbox, Dropdown, Empty, Flex, Input, Select, Skeleton, Space, Tag, Typography } from "antd";
import { useEffect, useState } from "react";
import { answer, client } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { PageHead } from "../../parts/PageHead";
import { usePhone } from "./phone";
import { useTold, type Told } from "./said";
import { useOwnSeat, type Seat } from "./seat";
import { TEXTS } from "./texts";

const EMERGENCY = ["110", "119", "120", "122"] as const;
const KEYPAD = [..."123456789*0#"];
const COLOURS: Record<string, "success" | "processing" | "warning" | "error" | "default"> = {
  ready: "success",
  ringing: "processing",
  talking: "processing",
  holding: "warning",
  consulting: "processing",
  wrap_up: "warning",
  paused: "default",
};

/** The agent's telephone and everything about the call, on one page, by keyboard alone if wanted. */
export default function Desk() {
  const t = useTexts(TEXTS);
  const own = useOwnSeat();
  const [automatic, setAutomatic] = useState(true);
  const phone = usePhone(own.phone, automatic);
  const told = useTold(own.seat?.seat);
  const { seat } = own;
  const ready = () => seat && own.state.mutate({ seat: seat.seat, state: "ready", reason: "" });
  useShortcuts({ a: phone.answer, h: phone.hangUp, o: phone.hold, m: phone.mute, r: ready });
  const failure = own.seats.error ?? own.login.error ?? own.logout.error ?? own.state.error;
  if (own.seats.isPending) return <Skeleton active />;
  return (
    <>
      <PageHead title={t.title}>
        <Tag data-phone={phone.registered} color={phone.registered === "registered" ? "green" : "default"}>
          {t.phones[phone.registered]}
        </Tag>
        <span>
          {t.waiting} {Object.keys(own.seats.data?.waiting ?? {}).length}
        </span>
      </PageHead>
      {failure && <FailureNote failure={failure} retry={() => void own.seats.refetch()} />}
      {!seat && <LogIn seats={own.seats.data?.seats ?? []} onLogIn={(name) => own.login.mutate(name)} busy={own.login.isPending} />}
      {seat && (
        <Flex gap={16} align="start" wrap>
          <Flex vertical gap={16} style={{ flex: "0 0 340px" }}>
            <Card size="small" title={`${t.seat} ${seat.seat}`} extra={<Checkbox checked={automatic} onChange={(to) => setAutomatic(to.target.checked)}>{t.automatic}</Checkbox>}>
              <Flex vertical gap={12}>
                <Badge status={COLOURS[seat.state] ?? "default"} text={<strong data-seat={seat.state}>{t.states[seat.state] ?? seat.state}{seat.reason && ` · ${seat.reason}`}</strong>} />
                <Space wrap>
                  <Button type="primary" disabled={seat.state === "ready" || isTalking(seat)} onClick={ready}>{t.ready}</Button>
                  <Dropdown menu={{ items: Object.entries(t.reasons).map(([key, label]) => ({ key, label })), onClick: ({ key }) => own.state.mutate({ seat: seat.seat, state: "paused", reason: key }) }}>
                    <Button>{t.pause}</Button>
                  </Dropdown>
                  <Button onClick={() => own.logout.mutate(seat.seat)}>{t.logout}</Button>
                </Space>
              </Flex>
            </Card>
            <Controls phone={phone} />
            <Others seat={seat} seats={own.seats.data?.seats ?? []} told={told} />
          </Flex>
          <Said told={told} talking={isTalking(seat)} />
        </Flex>
      )}
      <Typography.Paragraph type="secondary" style={{ marginTop: 12 }}>{t.keys}</Typography.Paragraph>
    </>
  );
}

function LogIn({ seats, onLogIn, busy }: { seats: readonly Seat[]; onLogIn: (seat: string) => void; busy: boolean }) {
  const t = useTexts(TEXTS);
  const [name, setName] = useState("");
  const taken = new Set(seats.filter((one) => one.agent && one.state !== "logged_out").map((one) => one.seat));
  return (
    <Card size="small" style={{ maxWidth: 420 }}>
      <Space.Compact style={{ width: "100%" }}>
        <Input aria-label={t.seat} placeholder="1001" value={name} inputMode="numeric" onChange={(to) => setName(to.target.value.trim())} onPressEnter={() => onLogIn(name)} />
        <Button type="primary" loading={busy} disabled={!/^[0-9]{2,16}$/.test(name) || taken.has(name)} onClick={() => onLogIn(name)}>
          {t.login}
        </Button>
      </Space.Compact>
    </Card>
  );
}

function Controls({ phone }: { phone: ReturnType<typeof usePhone> }) {
  const t = useTexts(TEXTS);
  const { talk } = phone;
  const talking = talk?.answered ?? false;
  return (
    <Card size="small">
      <Flex vertical gap={8}>
        <Space wrap>
          <Button icon={<PhoneOutlined />} type="primary" disabled={!talk || talking} onClick={phone.answer}>{t.answer}</Button>
          <Button danger disabled={!talk} onClick={phone.hangUp}>{t.hangUp}</Button>
          <Button disabled={!talking} onClick={phone.hold}>{talk?.held ? t.resume : t.hold}</Button>
          <Button disabled={!talking} onClick={phone.mute}>{talk?.muted ? t.unmute : t.mute}</Button>
        </Space>
        <div role="group" aria-label={t.keypad} style={{ display: "grid", gridTemplateColumns: "repeat(6, 1fr)", gap: 4 }}>
          {KEYPAD.map((key) => <Button key={key} size="small" disabled={!talking} onClick={() => phone.press(key)}>{key}</Button>)}
        </div>
      </Flex>
    </Card>
  );
}

/** Bringing others in, and handing the caller over. */
function Others({ seat, seats, told }: { seat: Seat; seats: readonly Seat[]; told: Told }) {
  const t = useTexts(TEXTS);
  const [briefing, setBriefing] = useState("");
  const path = { params: { path: { seat: seat.seat } } };
  const threeWay = useMutation({ mutationFn: (number: string) => answer(client.POST("/seats/{seat}/three-way", { ...path, body: { number, briefing } })) });
  const leave = useMutation({ mutationFn: () => answer(client.POST("/seats/{seat}/leave", path)) });
  const dismiss = useMutation({ mutationFn: () => answer(client.POST("/seats/{seat}/dismiss", path)) });
  const transfer = useMutation({ mutationFn: (to: string) => answer(client.POST("/seats/{seat}/transfer", { ...path, body: { to_seat: to } })) });
  const talking = isTalking(seat);
  const failure = threeWay.error ?? leave.error ?? dismiss.error ?? transfer.error;
  const others = seats.filter((one) => one.seat !== seat.seat && one.state === "ready").map((one) => ({ value: one.seat, label: `${one.seat} ${one.agent}` }));
  return (
    <Card size="small" title={t.emergency}>
      <Flex vertical gap={8}>
        <Input.TextArea aria-label={t.briefing} placeholder={t.briefing} maxLength={200} rows={2} value={briefing} onChange={(to) => setBriefing(to.target.value)} />
        <Space wrap>
          {EMERGENCY.map((number) => <Button key={number} danger disabled={!talking} loading={threeWay.isPending && threeWay.variables === number} onClick={() => threeWay.mutate(number)}>{number}</Button>)}
        </Space>
        {told.events.map((one) => <span key={one.key}>{one.who} {t.events[one.kind]}</span>)}
        {told.events.length > 0 && (
          <Space>
            <Button disabled={!talking} onClick={() => leave.mutate()}>{t.leave}</Button>
            <Button disabled={!talking} onClick={() => dismiss.mutate()}>{t.dismiss}</Button>
          </Space>
        )}
        <Select aria-label={t.transfer} placeholder={t.transfer} value={null} options={others} disabled={!talking} onChange={(to: string | null) => to && transfer.mutate(to)} />
        {failure && <FailureNote failure={failure} />}
      </Flex>
    </Card>
  );
}

function Said({ told, talking }: { told: Told; talking: boolean }) {
  const t = useTexts(TEXTS);
  return (
    <Card size="small" title={`${t.conversation} ${told.callId ?? ""}`} style={{ flex: "1 1 480px", minHeight: 320 }}>
      {told.alarm && <Alert type="error" showIcon title={`${t.heard}：${told.alarm}`} style={{ marginBottom: 12 }} />}
      {told.lines.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={talking ? t.silent : t.nobody} />}
      <Flex vertical gap={6} component="ol" aria-live="polite" style={{ listStyle: "none", margin: 0, padding: 0 }}>
        {told.lines.map((line) => (
          <li key={line.key} style={{ opacity: line.final ? 1 : 0.6 }}>
            <Tag color={line.side === "caller" ? "blue" : "green"}>{line.side === "caller" ? t.caller : t.agent}</Tag>
            {line.text}
          </li>
        ))}
      </Flex>
    </Card>
  );
}

function isTalking(seat: Seat): boolean {
  return ["talking", "holding", "consulting"].includes(seat.state);
}

/** Alt and a letter. */
function useShortcuts(acts: Record<string, () => unknown>) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const act = event.altKey ? acts[event.key.toLowerCase()] : undefined;
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });
}
