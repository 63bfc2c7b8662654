import { FileProtectOutlined } from "@ant-design/icons";
import { Button, Flex, Input, Modal, Typography } from "antd";
import { useState } from "react";
import { answer, client } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { useOrder } from "./floor";
import { TEXTS } from "./texts";

/** The package for the police: made only with a reason, which is written down with who asked. */
export function Referral({ suspension }: { suspension: number }) {
  const t = useTexts(TEXTS);
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const close = () => {
    setAsking(false);
    setReason("");
  };
  const make = useOrder(async () => {
    const path = { suspension_id: suspension };
    const made = await answer(client.POST("/suspensions/{suspension_id}/referral", { params: { path }, body: { reason }, parseAs: "blob" }));
    keep(made as Blob, `referral-${suspension}.zip`);
  }, close);
  return (
    <>
      <Button icon={<FileProtectOutlined />} onClick={() => setAsking(true)}>{t.referral}</Button>
      {asking && (
        <Modal open title={t.referral} okText={t.referralMake} cancelText={t.cancel} onOk={() => make.mutate(undefined)} onCancel={close} okButtonProps={{ disabled: reason.trim().length < 2, loading: make.isPending }} width={480}>
          <Flex vertical gap={12}>
            <Typography.Text type="secondary">{t.referralHint}</Typography.Text>
            <Input.TextArea autoFocus aria-label={t.referralReason} placeholder={t.referralReason} rows={2} maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
            {make.error && <FailureNote failure={make.error} />}
          </Flex>
        </Modal>
      )}
    </>
  );
}

function keep(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
