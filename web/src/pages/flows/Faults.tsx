import { Alert, Button, Flex, Typography } from "antd";
import type { Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { TEXTS } from "./texts";

interface Props {
  report: Schema["ReportAnswer"] | undefined;
  onNode: (id: string) => void;
  onCheck: () => void;
}

/** What the proofs have found; each fault leads to its node. */
export function Faults({ report, onNode, onCheck }: Props) {
  const t = useTexts(TEXTS);
  if (!report) return <Button onClick={onCheck}>{t.check}</Button>;
  const figures = report.figures as { to_person_s?: number | null; keys_to_person?: number | null };
  const stopping = report.faults.filter((fault) => !fault.warning).length;
  return (
    <Flex vertical gap={8}>
      <Alert role="status" showIcon type={report.publishable ? "success" : "error"} title={report.publishable ? t.sound : t.unsound(stopping)} description={typeof figures.to_person_s === "number" ? t.toPerson(figures.to_person_s, figures.keys_to_person ?? 0) : undefined} />
      {report.faults.map((fault) => (
        <Alert
          key={`${fault.code}${fault.node}${fault.place}${fault.reason}`}
          type={fault.warning ? "warning" : "error"}
          title={fault.node ? <Button type="link" size="small" style={{ padding: 0 }} onClick={() => onNode(fault.node)}>{fault.node}</Button> : fault.place || t.flow}
          description={
            <>
              {fault.reason}
              {fault.example.length > 0 && (
                <Typography.Paragraph type="secondary" style={{ margin: 0 }}>
                  {t.example}: {fault.example.map((step) => step.node + (step.key ? `[${step.key}]` : "")).join(" → ")} ({fault.after_s} {t.seconds})
                </Typography.Paragraph>
              )}
            </>
          }
        />
      ))}
    </Flex>
  );
}
