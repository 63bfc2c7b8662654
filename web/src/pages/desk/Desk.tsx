import { useQuery } from "@tanstack/react-query";
import { Alert, App, Button, Card, Flex, Input, Select, Skeleton, Space, Typography } from "antd";
import { useEffect, useRef, useState } from "react";
import { answer, client } from "../../api/client";
import { useTexts } from "../../app/language";
import { useLiveEvents, useLiveOnly, useLiveState } from "../../app/live";
import { FailureNote } from "../../parts/FailureNote";
import { PageHead } from "../../parts/PageHead";
import { Recording, type Playing } from "../../parts/Recording";
import { Ask, type Tab } from "./Ask";
import { CallPanel, EMERGENCY, isJoined } from "./CallPanel";
import { useCallBacks } from "./callbacks";
import { useConduct } from "./conduct";
import "./desk.css";
import { Devices } from "./Devices";
import { KeyMap, Reach, Split } from "./dialogs";
import { useDraft, useFinishing, type Span, type Ticket } from "./draft";
import { DraftPanel, focusNext } from "./DraftPanel";
import { Finish, isReady } from "./Finish";
import { useShortcuts, type Shortcut } from "./keys";
import { usePhone } from "./phone";
import { Pop } from "./Pop";
import { useRoom, type Way } from "./room";
import { useTold } from "./said";
import { SaidPanel } from "./SaidPanel";
import { isTalking, useOwnSeat, useSeats, type OwnSeat, type Seat } from "./seat";
import { StateBar } from "./StateBar";
import { TEXTS } from "./texts";
import { useUnfinished } from "./work";

const TABS: readonly Tab[] = ["ask", "knowledge", "duplicates", "call-backs"];
const TOLD_S = 8;

/** The agent's telephone and everything about the call, on one screen, by keyboard alone. */
export default function Desk() {
  const t = useTexts(TEXTS);
  const own = useOwnSeat();
  if (own.now.isPending) return <Skeleton active />;
  if (own.seat) return <Working own={own} seat={own.seat} />;
  const failure = own.now.error ?? own.login.error ?? own.logout.error;
  return (
    <>
      <PageHead title={t.title} />
      {failure && <FailureNote failure={failure} retry={() => void own.now.refetch()} />}
      <LogIn own={own} />
    </>
  );
}

function LogIn({ own }: { own: OwnSeat }) {
  const t = useTexts(TEXTS);
  const [name, setName] = useState("");
  const [checking, setChecking] = useState(false);
  useLiveOnly([], []);
  const taken = new Set(useSeats().filter((one) => one.agent && one.state !== "logged_out").map((one) => one.seat));
  const wrong = taken.has(name);
  const go = () => /^[0-9]{2,16}$/.test(name) && !wrong && own.login.mutate(name);
  return (
    <Card style={{ maxWidth: 460, margin: "48px auto" }} title={t.loginTitle}>
      <Flex vertical gap={12}>
        <Typography.Text type="secondary">{t.loginHint}</Typography.Text>
        <Space.Compact style={{ width: "100%" }}>
          <Input autoFocus size="large" aria-label={t.seat} placeholder="1001" value={name} inputMode="numeric" status={wrong ? "error" : ""} onChange={(to) => setName(to.target.value.trim())} onPressEnter={go} />
          <Button size="large" type="primary" loading={own.login.isPending} disabled={!/^[0-9]{2,16}$/.test(name) || wrong} onClick={go}>{t.login}</Button>
        </Space.Compact>
        {wrong && <Typography.Text type="danger">{t.seatTaken}</Typography.Text>}
        <Button onClick={() => setChecking(true)}>{t.devices}</Button>
      </Flex>
      {checking && <Devices onClose={() => setChecking(false)} />}
    </Card>
  );
}

function Working({ own, seat }: { own: OwnSeat; seat: Seat }) {
  const t = useTexts(TEXTS);
  const { message } = App.useApp();
  const [automatic, setAutomatic] = useState(true);
  const [tab, setTab] = useState<Tab>("ask");
  const [way, setWay] = useState<Way | null>(null);
  const [dialog, setDialog] = useState<"keys" | "devices" | "split" | null>(null);
  const [pausing, setPausing] = useState(false);
  const [keypad, setKeypad] = useState(false);
  const [marked, setMarked] = useState<readonly Span[]>([]);
  const [warnedOf, setWarnedOf] = useState<string | null>(null);
  const phone = usePhone(own.phone, automatic);
  const told = useTold(seat);
  const { callId } = told;
  const talking = isTalking(seat);
  const joined = talking && isJoined(told);
  const running = callId !== null && (talking || seat.state === "ringing") && (seat.call_id ?? callId) === callId;
  const pop = usePop(callId);
  const draft = useDraft(callId, running);
  const finishing = useFinishing(draft);
  const briefing = [draft.value("address"), draft.value("title") || draft.value("summary")].filter(Boolean).join("，").slice(0, 200);
  const room = useRoom(seat, callId, briefing);
  const conduct = useConduct(callId, pop.data !== undefined && !pop.data.withheld);
  const callBacks = useCallBacks(seat);
  useLiveOnly([...(callId === null ? [] : [callId]), ...room.parked.map((one) => one.call)], [seat.seat]);
  const playing = useRef<Playing>(null);
  useBroadcasts();

  const help = () => void answer(client.POST("/seats/{seat}/help", { params: { path: { seat: seat.seat } }, body: { note: "" } })).then(() => message.success(t.helpComes), () => message.error(t.helpFailed));
  const hear = (spans: readonly Span[]) => {
    setMarked(spans);
    const first = spans[0];
    if (first) playing.current?.hear(first.start_s ?? 0, first.end_s ?? 0);
  };
  const save = () => {
    if (draft.ticket) finishing.save.mutate(undefined, { onSuccess: () => void message.success(t.saved) });
    else void message.info(t.keptHere);
  };
  const submit = () => {
    if (!draft.ticket || !isReady(draft) || finishing.submit.isPending) return;
    if (draft.work.outcome === "register" && draft.missing.length > 0 && warnedOf !== callId) return setWarnedOf(callId);
    finishing.submit.mutate(undefined, {
      onSuccess: (id) => {
        void message.success(`${t.ticket} ${id} ${t.submitted}`, TOLD_S);
        if (!running) told.turnTo(null);
      },
    });
  };
  const splitDone = (made: Ticket | null) => {
    setDialog(null);
    if (made) void message.success(`${t.splitMade} ${made.ticket_id}`, TOLD_S);
  };
  const shortcuts: readonly Shortcut[] = [
    { keys: "Alt+KeyA", label: t.answer, act: phone.answer },
    { keys: "Alt+KeyH", label: t.hangUp, act: phone.hangUp },
    { keys: "Alt+KeyO", label: `${t.hold} / ${t.resume}`, act: phone.hold },
    { keys: "Alt+KeyM", label: `${t.mute} / ${t.unmute}`, act: phone.mute },
    { keys: "Alt+KeyT", label: t.transfer, act: () => talking && setWay("transfer") },
    { keys: "Alt+KeyC", label: t.consult, act: () => talking && setWay("consult") },
    { keys: "Alt+KeyG", label: t.threeWay, act: () => talking && setWay("three-way") },
    { keys: "Alt+KeyZ", label: t.park, act: () => talking && room.park.mutate() },
    { keys: "Alt+KeyY", label: `${t.fetchBack} ${t.parkedCallers}`, act: () => !talking && room.parked[0] && room.fetchBack.mutate(room.parked[0].call) },
    { keys: "Alt+KeyU", label: t.bringIn, act: () => joined && room.consulting && room.bringIn.mutate() },
    { keys: "Alt+KeyL", label: `${t.leave} / ${t.handOver}`, act: () => joined && room.leave.mutate(false) },
    { keys: "Alt+KeyV", label: t.leaveAndBack, act: () => joined && room.leave.mutate(true) },
    { keys: "Alt+KeyE", label: t.dismiss, act: () => joined && room.dismiss.mutate() },
    ...EMERGENCY.map((number, at) => ({ keys: `Alt+Digit${at + 1}`, label: `${t.oneKey} ${number}`, act: () => talking && room.emergency(number) })),
    { keys: "Alt+KeyN", label: t.keypad, act: () => setKeypad(!keypad) },
    { keys: "Alt+KeyW", label: t.warn, act: conduct.warn },
    { keys: "Alt+KeyB", label: t.help, act: () => talking && help() },
    { keys: "Alt+KeyR", label: t.ready, act: own.ready },
    { keys: "Alt+KeyP", label: t.pause, act: () => setPausing(true) },
    { keys: "Alt+KeyX", label: t.extend, act: () => seat.state === "wrap_up" && own.extend.mutate(seat.seat) },
    { keys: "Alt+ArrowDown", label: t.nextField, act: () => focusNext(focusedField()) },
    { keys: "Alt+ArrowUp", label: t.previousField, act: () => focusNext(focusedField(), -1) },
    ...TABS.map((one, at) => ({ keys: `Alt+Digit${at + 5}`, label: t.tabs[one], act: () => setTab(one) })),
    { keys: "Alt+KeyK", label: t.searchKnowledge, act: () => openKnowledge(setTab) },
    { keys: "Alt+KeyI", label: t.outcomesOf.register, act: () => draft.change({ outcome: "register" }) },
    { keys: "Alt+KeyD", label: t.outcomesOf.answer, act: () => draft.change({ outcome: "answer" }) },
    { keys: "Alt+KeyJ", label: t.outcomesOf.refuse, act: () => draft.change({ outcome: "refuse" }) },
    { keys: "Alt+KeyS", label: t.split, act: () => draft.ticket && setDialog("split") },
    { keys: "Ctrl+KeyS", label: t.save, act: save },
    { keys: "Ctrl+Enter", label: t.submit, act: submit },
  ];
  useShortcuts(shortcuts, () => setDialog("keys"));
  useEffect(() => {
    document.title = `${t.title} · ${seat.seat}`;
  }, [t.title, seat.seat]);
  const failure = own.state.error ?? own.extend.error ?? own.logout.error;
  return (
    <div className={`desk${told.alarm && talking ? " desk-emergency" : ""}`} data-danger={told.alarm !== null && talking}>
      <StateBar {...{ own, seat, phone, automatic, setAutomatic, pausing, setPausing }} onDevices={() => setDialog("devices")} onHelp={() => setDialog("keys")} />
      <Notices phone={phone} failure={failure} told={told} />
      <div className="desk-columns">
        <div className="desk-column">
          <CallPanel {...{ seat, phone, told, room, conduct, keypad, setKeypad }} caller={callId ? (pop.data?.call.caller ?? "") : ""} onReach={setWay} onHelp={help} />
          <Pop known={pop.data} pending={callId !== null && pop.isPending} />
        </div>
        <div className="desk-column">
          <SaidPanel told={told} talking={talking} marked={marked} onEmergency={room.emergency} />
          {draft.ticket?.recording && <Recording ref={playing} path={draft.ticket.recording} />}
          <Ask {...{ draft, tab, setTab, callBacks }} onUse={(reply) => draft.change({ outcome: "answer", reply })} />
        </div>
        <div className="desk-column">
          <DraftPanel draft={draft} live={running} onHear={hear} />
          {callId !== null && <Finish {...{ draft, finishing }} warned={warnedOf === callId} onSave={save} onSubmit={submit} onSplit={() => setDialog("split")} />}
        </div>
      </div>
      {way && <Reach {...{ way, setWay, room, briefing }} own={seat.seat} />}
      {dialog === "split" && draft.ticket && <Split ticket={draft.ticket} onDone={splitDone} />}
      {dialog === "keys" && <KeyMap shortcuts={shortcuts} onClose={() => setDialog(null)} />}
      {dialog === "devices" && <Devices onClose={() => setDialog(null)} />}
    </div>
  );
}

function usePop(callId: string | null) {
  return useQuery({
    queryKey: ["desk", "pop", callId],
    enabled: callId !== null,
    retry: 5, // the row of a call that has just begun is written within a second
    queryFn: () => answer(client.GET("/calls/{call_id}/pop", { params: { path: { call_id: callId ?? "" } } })),
  });
}

/** What a supervisor says to every desk. */
function useBroadcasts(): void {
  const { notification } = App.useApp();
  const t = useTexts(TEXTS);
  useLiveEvents((event) => {
    if (event.type === "broadcast") notification.info({ title: t.broadcast, description: String(event["text"] ?? ""), duration: 0, placement: "bottomLeft" });
  });
}

interface NoticesProps {
  phone: ReturnType<typeof usePhone>;
  failure: unknown;
  told: ReturnType<typeof useTold>;
}

/** What is wrong just now and what to do about it; calls that still have to be finished. */
function Notices({ phone, failure, told }: NoticesProps) {
  const t = useTexts(TEXTS);
  const live = useLiveState();
  const others = useUnfinished().filter((one) => one.callId !== told.callId);
  return (
    <Flex vertical gap={6} style={{ minHeight: 0 }}>
      {(live === "lost" || phone.registered === "lost") && <Alert type="error" showIcon title={t.networkLost} description={t.networkLostHint} />}
      {phone.noMicrophone && <Alert type="error" showIcon title={t.microphoneRefused} description={t.microphoneRefusedHint} />}
      {failure !== null && failure !== undefined && <FailureNote failure={failure} />}
      {others.length > 0 && (
        <Flex gap={8} align="center" wrap>
          <Typography.Text type="warning">{t.unfinished} {others.length}</Typography.Text>
          <Select size="small" style={{ width: 240 }} value={null} placeholder={t.openUnfinished} aria-label={t.openUnfinished} options={others.map((one) => ({ value: one.callId, label: `${new Date(one.begunAt).toLocaleTimeString()} ${one.edits["title"] ?? one.callId}` }))} onChange={(to: string | null) => told.turnTo(to)} />
        </Flex>
      )}
    </Flex>
  );
}

function focusedField(): string | null {
  return document.activeElement?.closest<HTMLElement>("[data-field]")?.dataset["field"] ?? null;
}

function openKnowledge(setTab: (to: Tab) => void): void {
  setTab("knowledge");
  requestAnimationFrame(() => document.getElementById("desk-knowledge")?.focus());
}
