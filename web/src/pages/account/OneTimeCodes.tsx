import { useMutation } from "@tanstack/react-query";
import { App, Button, Card, Flex, Form, Input, QRCode, Typography } from "antd";
import { answer, client } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { TEXTS } from "./texts";

interface Given {
  code: string;
}

/** Begin to use one-time codes (TOTP, RFC 6238), or stop. */
export function OneTimeCodes() {
  const t = useTexts(TEXTS);
  const { message } = App.useApp();
  const begin = useMutation({ mutationFn: () => answer(client.POST("/auth/totp")) });
  const confirm = useMutation({
    mutationFn: (body: Given) => answer(client.POST("/auth/totp/confirm", { body })),
    onSuccess: () => {
      begin.reset();
      void message.success(t.confirmed);
    },
  });
  const stop = useMutation({
    mutationFn: (body: Given) => answer(client.POST("/auth/totp/disable", { body })),
    onSuccess: () => void message.success(t.stopped),
  });
  return (
    <Card title={t.totp} style={{ width: 400 }}>
      <p>{t.totpHint}</p>
      <Flex vertical gap={16}>
        {begin.error && <FailureNote failure={begin.error} />}
        {begin.data ? (
          <>
            <p>{t.scan}</p>
            <QRCode value={begin.data.address} type="svg" bgColor="#fff" color="#000" />
            <Typography.Text copyable code>
              {begin.data.secret}
            </Typography.Text>
            <CodeForm label={t.code} button={t.confirm} act={confirm} />
          </>
        ) : (
          <>
            <Button type="primary" loading={begin.isPending} onClick={() => begin.mutate()}>
              {t.begin}
            </Button>
            <CodeForm label={t.code} button={t.stop} act={stop} />
          </>
        )}
      </Flex>
    </Card>
  );
}

interface Act {
  mutate: (given: Given) => void;
  isPending: boolean;
  error: unknown;
}

function CodeForm({ label, button, act }: { label: string; button: string; act: Act }) {
  return (
    <Form<Given> layout="vertical" requiredMark={false} onFinish={(given) => act.mutate(given)}>
      <Form.Item name="code" label={label} rules={[{ required: true, pattern: /^[0-9]{6}$/, message: label }]}>
        <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} style={{ width: 160 }} />
      </Form.Item>
      <Flex vertical gap={12}>
        {act.error !== null && <FailureNote failure={act.error} />}
        <Button htmlType="submit" loading={act.isPending}>
          {button}
        </Button>
      </Flex>
    </Form>
  );
}
