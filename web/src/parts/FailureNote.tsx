import { Alert, Button } from "antd";
import { ApiFailure } from "../api/client";
import { useLanguage, useTexts } from "../app/language";
import { TEXTS } from "../app/texts";

/** What went wrong in the reader's language, the fields at fault, and a way on. */
export function FailureNote({ failure, retry }: { failure: unknown; retry?: () => void }) {
  const t = useTexts(TEXTS);
  const words = useFailureWords();
  const { title, faults } = words(failure);
  return (
    <Alert
      role="alert"
      type="error"
      showIcon
      title={title}
      description={faults.length > 0 ? <ul>{faults.map((fault) => <li key={fault}>{fault}</li>)}</ul> : undefined}
      action={retry && <Button size="small" onClick={retry}>{t.retry}</Button>}
    />
  );
}

/** A failure in words: `title`, and one line for each field at fault. */
export function useFailureWords(): (failure: unknown) => { title: string; faults: string[] } {
  const [language] = useLanguage();
  const t = useTexts(TEXTS);
  return (failure) => {
    if (!(failure instanceof ApiFailure)) return { title: t.broken, faults: [] };
    const { message, message_zh: chinese, details } = failure.failure;
    return {
      title: language === "zh" ? chinese : message,
      faults: (details ?? []).map((fault) => `${fault.field}: ${language === "zh" ? fault.reason_zh : fault.reason}`),
    };
  };
}
