import { FilePdfOutlined, FileTextOutlined, PlayCircleOutlined, UploadOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Card, Flex, Form, Input, Modal, Segmented, Select, Space, Table, Tag, Typography, Upload } from "antd";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMay } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { PageHead } from "../../parts/PageHead";
import { PROMPT_TEXTS } from "./promptTexts";
import { Recorder } from "./Recorder";

type Prompt = Schema["PromptAnswer"];
const LANGUAGE = "zh-CN";

/** All prompts: to hear, to replace by a recording or by other words, and scripts to have them read. */
export default function Prompts() {
  const t = useTexts(PROMPT_TEXTS);
  const mayEdit = useMay()("flow.edit");
  const { message } = App.useApp();
  const [language, setLanguage] = useState(LANGUAGE);
  const [words, setWords] = useState("");
  const [spoken, setSpoken] = useState<Prompt | "new" | null>(null);
  const list = useQuery({ queryKey: ["prompts"], queryFn: () => answer(client.GET("/prompts")) });
  const taken = useTaken();
  const all = list.data?.prompts ?? [];
  const shown = all.filter((one) => one.language === language && `${one.key} ${one.text}`.toLowerCase().includes(words.trim().toLowerCase()));
  const play = (prompt: Prompt) => {
    new Audio(`/prompts/${prompt.language}/${prompt.key}/sound?${Date.now()}`).play().catch(() => void message.warning(t.noSound));
  };
  const send = (prompt: Prompt, sound: Blob) => taken.mutate({ prompt, sound });
  return (
    <>
      <PageHead title={t.title}>{mayEdit && <Button type="primary" onClick={() => setSpoken("new")}>{t.newPrompt}</Button>}</PageHead>
      <Typography.Paragraph type="secondary">{t.hint}</Typography.Paragraph>
      <Flex gap={12} wrap align="center" style={{ marginBottom: 12 }}>
        <Segmented aria-label={t.language} value={language} options={[...new Set([LANGUAGE, ...all.map((one) => one.language)])]} onChange={setLanguage} />
        <Input.Search allowClear style={{ width: 240 }} aria-label={t.search} placeholder={t.search} value={words} onChange={(event) => setWords(event.target.value)} />
        <Script language={language} />
      </Flex>
      {[list.error, taken.error].map((failure, at) => failure && <FailureNote key={at} failure={failure} />)}
      <Table<Prompt>
        rowKey="key"
        size="small"
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        loading={list.isPending}
        dataSource={shown}
        columns={[
          { title: t.key, dataIndex: "key", width: 200 },
          { title: t.words, dataIndex: "text" },
          { title: t.length, dataIndex: "length_s", width: 80, render: (seconds: number) => `${seconds} s` },
          { title: t.source, width: 100, render: (_, one) => (one.recorded ? <Tag color="green">{t.recorded}</Tag> : <Tag>{t.synthetic}</Tag>) },
          {
            title: t.actions,
            width: 380,
            render: (_, one) => (
              <Space size={4} wrap>
                <Button size="small" icon={<PlayCircleOutlined />} aria-label={`${t.play} ${one.key}`} onClick={() => play(one)}>{t.play}</Button>
                {mayEdit && (
                  <>
                    <Upload accept="audio/*" showUploadList={false} beforeUpload={(file) => { send(one, file); return false; }}>
                      <Button size="small" icon={<UploadOutlined />} aria-label={`${t.upload} ${one.key}`}>{t.upload}</Button>
                    </Upload>
                    <Recorder name={one.key} onSound={(sound) => send(one, sound)} />
                    <Button size="small" aria-label={`${t.speak} ${one.key}`} onClick={() => setSpoken(one)}>{t.speak}</Button>
                  </>
                )}
              </Space>
            ),
          },
        ]}
      />
      {spoken && <Speak prompt={spoken === "new" ? null : spoken} language={language} close={() => setSpoken(null)} />}
    </>
  );
}

/** A sound in place of a prompt. */
function useTaken() {
  const t = useTexts(PROMPT_TEXTS);
  const { message } = App.useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ prompt: { language, key }, sound }: { prompt: Prompt; sound: Blob }) =>
      answer(client.PUT("/prompts/{language}/{key}", { params: { path: { language, key } }, body: sound as never, bodySerializer: (body) => body as never })),
    onSuccess: ({ key }) => {
      void queries.invalidateQueries({ queryKey: ["prompts"] });
      void message.success(t.taken(key));
    },
  });
}

function Speak({ prompt, language, close }: { prompt: Prompt | null; language: string; close: () => void }) {
  const t = useTexts(PROMPT_TEXTS);
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speak = useMutation({
    mutationFn: ({ key, words }: { key: string; words: string }) => answer(client.PUT("/prompts/{language}/{key}/words", { params: { path: { language, key } }, body: { words } })),
    onSuccess: ({ key }) => {
      void queries.invalidateQueries({ queryKey: ["prompts"] });
      void message.success(t.taken(key));
      close();
    },
  });
  return (
    <Modal open title={t.speakTitle} footer={null} onCancel={close}>
      <Form<{ key: string; words: string }> layout="vertical" initialValues={{ key: prompt?.key ?? "", words: prompt?.text ?? "" }} onFinish={(given) => speak.mutate(given)}>
        <Form.Item name="key" label={t.key} extra={t.keyHint} rules={[{ required: true, pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/, message: t.keyHint }]}>
          <Input disabled={prompt !== null} />
        </Form.Item>
        <Form.Item name="words" label={t.words} rules={[{ required: true, whitespace: true, message: t.words }]}>
          <Input.TextArea rows={4} maxLength={500} showCount />
        </Form.Item>
        <Flex vertical gap={12}>
          {speak.error && <FailureNote failure={speak.error} />}
          <Button type="primary" htmlType="submit" loading={speak.isPending}>{t.speakDo}</Button>
        </Flex>
      </Form>
    </Modal>
  );
}

function Script({ language }: { language: string }) {
  const t = useTexts(PROMPT_TEXTS);
  const flows = useQuery({ queryKey: ["flow-list"], queryFn: () => answer(client.GET("/flows")) });
  const [chosen, setChosen] = useState<string>();
  const flow = chosen ?? flows.data?.flows[0]?.name;
  const at = (kind: string) => `/flows/${flow}/prompt-script?language=${language}&kind=${kind}`;
  return (
    <Card size="small" styles={{ body: { padding: "4px 12px" } }}>
      <Space>
        {t.script}
        <Select size="small" style={{ width: 150 }} aria-label={t.scriptFlow} value={flow} options={(flows.data?.flows ?? []).map(({ name }) => ({ value: name, label: name }))} onChange={setChosen} />
        <Button size="small" icon={<FileTextOutlined />} disabled={!flow} href={at("md")} download={`${flow}-${language}.md`}>{t.markdown}</Button>
        <Button size="small" icon={<FilePdfOutlined />} disabled={!flow} href={at("pdf")} download={`${flow}-${language}.pdf`}>{t.pdf}</Button>
      </Space>
    </Card>
  );
}
