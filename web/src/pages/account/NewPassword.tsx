import { useMutation } from "@tanstack/react-query";
import { App, Button, Card, Flex, Form, Input } from "antd";
import { answer, client } from "../../api/client";
import { useTexts } from "../../app/language";
import { useSessionChange } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { TEXTS } from "./texts";

interface Given {
  present: string;
  wanted: string;
  again: string;
}

/** Change one's password; `forced`: nothing else is possible until it is done. */
export default function NewPassword({ forced = false }: { forced?: boolean }) {
  const t = useTexts(TEXTS);
  const { message } = App.useApp();
  const { again } = useSessionChange();
  const [form] = Form.useForm<Given>();
  const change = useMutation({
    mutationFn: ({ present, wanted }: Given) => answer(client.POST("/auth/password", { body: { present, wanted } })),
    onSuccess: () => {
      form.resetFields();
      void message.success(t.changed);
      void again();
    },
  });
  const needed = { required: true, message: t.needed };
  const card = (
    <Card title={forced ? t.forced : t.password} style={{ width: 400 }}>
      {forced && <p>{t.forcedHint}</p>}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(given: Given) => change.mutate(given)}>
        <Form.Item name="present" label={t.present} rules={[needed]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item name="wanted" label={t.wanted} rules={[needed]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t.again}
          dependencies={["wanted"]}
          rules={[
            needed,
            ({ getFieldValue }) => ({
              validator: (_, value) =>
                value === getFieldValue("wanted") ? Promise.resolve() : Promise.reject(new Error(t.differ)),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Flex vertical gap={12}>
          {change.error && <FailureNote failure={change.error} />}
          <Button type="primary" htmlType="submit" loading={change.isPending}>
            {t.change}
          </Button>
        </Flex>
      </Form>
    </Card>
  );
  if (!forced) return card;
  return (
    <Flex align="center" justify="center" style={{ minHeight: "100%" }} component="main">
      {card}
    </Flex>
  );
}
