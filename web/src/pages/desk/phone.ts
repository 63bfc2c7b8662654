import { UA, WebSocketInterface } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Schema } from "../../api/client";
import { chosenMicrophone } from "./devices";

export type Registered = "off" | "connecting" | "registered" | "lost";
export interface Talk {
  answered: boolean;
  held: boolean;
  muted: boolean;
}

// Seconds between tries after a lost connection: the citizen waits 20 s for this telephone.
const AGAIN_MIN_S = 1;
const AGAIN_MAX_S = 3;

function answering() {
  return { mediaConstraints: { audio: chosenMicrophone(), video: false }, pcConfig: { iceServers: [] } };
}

/** The telephone of a seat: registers as long as `account` is given, and answers if `automatic`. */
export function usePhone(account: Schema["PhoneAnswer"] | null, automatic: boolean) {
  const [registered, setRegistered] = useState<Registered>("off");
  const [talk, setTalk] = useState<Talk | null>(null);
  const [microphone, setMicrophone] = useState<MediaStream | null>(null);
  const [noMicrophone, setNoMicrophone] = useState(false);
  const session = useRef<RTCSession | null>(null);
  const atOnce = useRef(automatic);
  useEffect(() => {
    atOnce.current = automatic;
  }, [automatic]);

  useEffect(() => {
    if (!account) return;
    const sound = new Audio();
    sound.autoplay = true;
    const ua = new UA({
      sockets: [new WebSocketInterface(account.socket)],
      uri: account.uri,
      password: account.password,
      register_expires: 60,
      session_timers: false,
      connection_recovery_min_interval: AGAIN_MIN_S,
      connection_recovery_max_interval: AGAIN_MAX_S,
    });
    ua.on("connecting", () => setRegistered("connecting"));
    ua.on("registered", () => setRegistered("registered"));
    ua.on("unregistered", () => setRegistered("lost"));
    ua.on("registrationFailed", () => setRegistered("lost"));
    ua.on("disconnected", () => setRegistered("lost"));
    ua.on("newRTCSession", ({ session: fresh }: { session: RTCSession }) => {
      session.current = fresh;
      const show = (answered: boolean) =>
        setTalk({ answered, held: fresh.isOnHold().local, muted: fresh.isMuted().audio ?? false });
      show(false);
      fresh.on("peerconnection", ({ peerconnection }: { peerconnection: RTCPeerConnection }) => {
        peerconnection.addEventListener("track", (event) => {
          sound.srcObject = event.streams[0] ?? new MediaStream([event.track]);
        });
      });
      for (const change of ["accepted", "confirmed", "hold", "unhold", "muted", "unmuted"] as const) {
        fresh.on(change, () => show(true));
      }
      fresh.on("confirmed", () => {
        const tracks = fresh.connection.getSenders().map((sender) => sender.track);
        setMicrophone(new MediaStream(tracks.filter((track) => track !== null)));
        setNoMicrophone(false);
      });
      fresh.on("getusermediafailed", () => setNoMicrophone(true));
      const over = () => {
        if (session.current !== fresh) return;
        session.current = null;
        setTalk(null);
        setMicrophone(null);
      };
      fresh.on("ended", over);
      fresh.on("failed", over);
      if (atOnce.current) fresh.answer(answering());
    });
    ua.start();
    return () => {
      ua.stop();
      sound.srcObject = null;
      setRegistered("off");
      setTalk(null);
    };
  }, [account]);

  const answer = useCallback(() => {
    const now = session.current;
    if (now && !now.isEstablished()) now.answer(answering());
  }, []);
  const hangUp = useCallback(() => session.current?.terminate(), []);
  const press = useCallback((key: string) => session.current?.sendDTMF(key), []);
  const hold = useCallback(() => {
    const now = session.current;
    if (now?.isEstablished()) void (now.isOnHold().local ? now.unhold() : now.hold());
  }, []);
  const mute = useCallback(() => {
    const now = session.current;
    if (now?.isEstablished()) void (now.isMuted().audio ? now.unmute({ audio: true }) : now.mute({ audio: true }));
  }, []);
  return { registered, talk, microphone, noMicrophone, answer, hangUp, press, hold, mute };
}
export type Phone = ReturnType<typeof usePhone>;
