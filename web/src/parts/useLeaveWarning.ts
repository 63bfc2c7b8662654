import { App } from "antd";
import { useEffect } from "react";
import { useBlocker } from "react-router";
import { useTexts } from "../app/language";

const TEXTS = {
  zh: { leave: "离开此页会丢失未保存的修改" },
  en: { leave: "Unsaved changes would be lost" },
};

/** Asks before a page with unsaved changes is left, for another of ours or for another site. */
export function useLeaveWarning(dirty: boolean): void {
  const t = useTexts(TEXTS);
  const { modal } = App.useApp();
  const blocker = useBlocker(dirty);
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    const asked = modal.confirm({ title: t.leave, onOk: () => blocker.proceed(), onCancel: () => blocker.reset() });
    return () => asked.destroy();
  }, [blocker, modal, t.leave]);
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [dirty]);
}
