import { Button, Checkbox, Collapse, DatePicker, Flex, Input, Segmented, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useTexts } from "../../app/language";
import { REHEARSAL_TEXTS } from "./rehearsalTexts";

/** What stands around the rehearsed call; the names are the API's, the moment is the city's wall clock. */
export interface Scene {
  when: Dayjs;
  seats: "free" | "busy" | "none";
  caller: string;
  dialled: string;
  channel: string;
  fails: string[];
  switches: string[];
  suspended: boolean;
  proof: string;
  values: string;
}

export const USUAL: Omit<Scene, "when"> = { seats: "free", caller: "13800000000", dialled: "12345", channel: "phone", fails: [], switches: [], suspended: false, proof: "", values: "" };
const ALL_FAILS = ["caller", "queue", "ticket", "switches", "sms", "http", "set_switch", "call_back"];
// The night of the first day of the year of the goat (State Council's holiday table for 2027).
const SPRING_FESTIVAL = "2027-02-06T03:00:00";

/** As the API wants it. */
export function worldOf(scene: Scene): Record<string, unknown> {
  const { when, proof, values, ...rest } = scene;
  const known = values.split("\n").map((line) => line.split("=")).filter(([name, value]) => name?.includes(".") && value !== undefined);
  return { ...rest, now: `${when.format("YYYY-MM-DDTHH:mm:ss")}+08:00`, ticket_proof: proof, values: Object.fromEntries(known.map(([name = "", value = ""]) => [name.trim(), typed(value.trim())])) };
}

function typed(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

export function RehearsalWorld({ scene, onScene, onBegin }: { scene: Scene; onScene: (scene: Scene) => void; onBegin: () => void }) {
  const t = useTexts(REHEARSAL_TEXTS);
  const set = (change: Partial<Scene>) => onScene({ ...scene, ...change });
  const seats = (["free", "busy", "none"] as const).map((value) => ({ value, label: t.seatsOf[value] }));
  return (
    <Flex vertical gap={4} aria-label={t.world} role="group">
      <Flex gap={4} wrap>
        <DatePicker size="small" showTime value={scene.when} aria-label={t.when} allowClear={false} onChange={(when) => when && set({ when })} />
        <Segmented size="small" aria-label={t.seats} value={scene.seats} options={seats} onChange={(to) => set({ seats: to })} />
        <Button size="small" onClick={onBegin}>{t.begin}</Button>
      </Flex>
      <Flex gap={4} wrap aria-label={t.presets} role="group">
        <Button size="small" onClick={() => set({ when: dayjs(SPRING_FESTIVAL), seats: "none" })}>{t.springFestival}</Button>
        <Button size="small" onClick={() => set({ seats: "busy" })}>{t.seatsOf["busy"]}</Button>
        <Button size="small" onClick={() => set({ fails: ALL_FAILS })}>{t.backendDown}</Button>
      </Flex>
      <Collapse size="small" items={[{ key: "more", label: t.more, children: <More scene={scene} set={set} /> }]} />
    </Flex>
  );
}

function More({ scene, set }: { scene: Scene; set: (change: Partial<Scene>) => void }) {
  const t = useTexts(REHEARSAL_TEXTS);
  const field = (name: "caller" | "dialled" | "channel" | "proof") => (
    <label>{t[name]}<Input size="small" value={scene[name]} onChange={(event) => set({ [name]: event.target.value })} /></label>
  );
  return (
    <Flex vertical gap={4}>
      {field("caller")}
      {field("dialled")}
      {field("channel")}
      <label htmlFor="rehearsal-fails">{t.fails}</label>
      <Select id="rehearsal-fails" size="small" mode="multiple" value={scene.fails} options={ALL_FAILS.map((value) => ({ value, label: t.failsOf[value] }))} onChange={(fails: string[]) => set({ fails })} />
      <label htmlFor="rehearsal-switches">{t.switches}</label>
      <Select id="rehearsal-switches" size="small" mode="tags" value={scene.switches} options={[{ value: "bad-weather", label: "bad-weather" }]} onChange={(switches: string[]) => set({ switches })} />
      <Checkbox checked={scene.suspended} onChange={(event) => set({ suspended: event.target.checked })}>{t.suspended}</Checkbox>
      {field("proof")}
      <label>{t.values}<Input.TextArea size="small" rows={2} placeholder={t.valuesHint} value={scene.values} onChange={(event) => set({ values: event.target.value })} /></label>
    </Flex>
  );
}
