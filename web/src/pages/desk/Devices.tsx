import { Alert, Button, Flex, Modal, Progress, Select, Typography } from "antd";
import { useEffect, useState } from "react";
import { useTexts } from "../../app/language";
import { chooseMicrophone, chosenMicrophone, useLevel } from "./devices";
import { TEXTS } from "./texts";

const HEARD_FROM = 0.05;

/** Whether the microphone hears and the headset sounds, before the first call. */
export function Devices({ onClose }: { onClose: () => void }) {
  const t = useTexts(TEXTS);
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [refused, setRefused] = useState(false);
  const [found, setFound] = useState<readonly MediaDeviceInfo[]>([]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [loudest, setLoudest] = useState(0);
  const level = useLevel(stream);
  if (level > loudest) setLoudest(level);
  useEffect(() => {
    let opened: MediaStream | null = null;
    let left = false;
    const open = async () => {
      try {
        const audio = chosen === null ? chosenMicrophone() : { deviceId: { exact: chosen } };
        opened = await navigator.mediaDevices.getUserMedia({ audio });
        const devices = await navigator.mediaDevices.enumerateDevices();
        if (left) return opened.getTracks().forEach((track) => track.stop());
        setStream(opened);
        setFound(devices.filter((device) => device.kind === "audioinput"));
        setRefused(false);
      } catch {
        if (!left) setRefused(true);
      }
    };
    void open();
    return () => {
      left = true;
      opened?.getTracks().forEach((track) => track.stop());
    };
  }, [chosen]);
  const now = stream?.getAudioTracks()[0]?.getSettings().deviceId ?? null;
  return (
    <Modal open title={t.devices} footer={<Button type="primary" onClick={onClose}>{t.done}</Button>} onCancel={onClose} width={460}>
      <Flex vertical gap={12}>
        {refused && <Alert type="error" showIcon title={t.microphoneRefused} description={t.microphoneRefusedHint} />}
        <label htmlFor="desk-microphone">{t.microphone}</label>
        <Select
          id="desk-microphone"
          value={chosen ?? now}
          options={found.map((device) => ({ value: device.deviceId, label: device.label || t.microphone }))}
          onChange={(to: string) => {
            chooseMicrophone(to);
            setChosen(to);
            setLoudest(0);
          }}
        />
        <Progress percent={Math.round(level * 100)} showInfo={false} aria-label={t.level} status={loudest > HEARD_FROM ? "success" : "active"} />
        <Typography.Text role="status" data-heard={loudest > HEARD_FROM} type={loudest > HEARD_FROM ? "success" : "secondary"}>{loudest > HEARD_FROM ? t.heardYou : t.sayWords}</Typography.Text>
        <Button onClick={() => void beep()}>{t.testSound}</Button>
      </Flex>
    </Modal>
  );
}

async function beep(): Promise<void> {
  const context = new AudioContext();
  const tone = new OscillatorNode(context, { frequency: 660 });
  const quiet = new GainNode(context, { gain: 0.2 });
  tone.connect(quiet).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.6);
  await new Promise((done) => tone.addEventListener("ended", done));
  await context.close();
}
