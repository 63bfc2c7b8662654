import { useMutation } from "@tanstack/react-query";
import { Button, Card, Flex, Form, Input, Typography } from "antd";
import { useEffect, useState } from "react";
import { answer, ApiFailure, client, type Schema } from "../../api/client";
import icon from "../../app/icon.svg";
import { useLanguage, useTexts } from "../../app/language";
import { useSessionChange } from "../../app/session";
import { TEXTS as APP } from "../../app/texts";
import { FailureNote } from "../../parts/FailureNote";
import { TEXTS } from "./texts";

/** Name and password; the code is asked for only where the account uses one. */
export default function SignIn() {
  const t = useTexts(TEXTS);
  const app = useTexts(APP);
  const [language, setLanguage] = useLanguage();
  const { signedIn } = useSessionChange();
  const [codeWanted, setCodeWanted] = useState(false);
  const signIn = useMutation({
    mutationFn: (body: Schema["SignInInput"]) => answer(client.POST("/auth/login", { body })),
    onSuccess: signedIn,
    onError: (failure) => {
      if (failure instanceof ApiFailure && failure.failure.error === "CodeNeeded") setCodeWanted(true);
    },
  });
  useEffect(() => {
    document.title = `${t.title} · ${app.product}`;
  }, [t, app]);
  const asksForCode = signIn.error instanceof ApiFailure && signIn.error.failure.error === "CodeNeeded";
  const hideFailure = asksForCode && !signIn.variables?.code;
  const needed = [{ required: true, message: t.needed }];
  return (
    <Flex vertical align="center" justify="center" gap={16} style={{ minHeight: "100%" }} component="main">
      <Flex align="center" gap={12}>
        <img src={icon} width={40} height={40} alt="" />
        <Typography.Title level={1} style={{ margin: 0, fontSize: 24 }}>
          {app.product}
        </Typography.Title>
      </Flex>
      <Card style={{ width: 360 }}>
        <Form<Schema["SignInInput"]> layout="vertical" requiredMark={false} onFinish={(given) => signIn.mutate(given)}>
          <Form.Item name="name" label={t.name} rules={needed}>
            <Input autoFocus autoComplete="username" />
          </Form.Item>
          <Form.Item name="password" label={t.password} rules={needed}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          {codeWanted && (
            <Form.Item name="code" label={t.code} extra={t.codeHint} rules={needed}>
              <Input autoFocus inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
            </Form.Item>
          )}
          <Flex vertical gap={12}>
            {signIn.error && !hideFailure && <FailureNote failure={signIn.error} />}
            <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
              {t.signIn}
            </Button>
          </Flex>
        </Form>
      </Card>
      <Button type="link" onClick={() => setLanguage(language === "zh" ? "en" : "zh")}>
        {app.language}
      </Button>
    </Flex>
  );
}
