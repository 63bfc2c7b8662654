import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Card, Flex, Modal, Popconfirm, Table, Tag, Typography } from "antd";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMe } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { PageHead } from "../../parts/PageHead";
import { wallTime } from "../../parts/time";
import { plain } from "./Calibrations";
import { Holds } from "./Holds";
import { RetentionRules } from "./RetentionRules";
import { TEXTS } from "./texts";

type Deletion = Schema["DeletionAnswer"];
const DELETIONS = ["keeping", "deletions"];

/** How long recordings stay, what goes now, who proposed and who confirmed, and the keys. */
export default function Keeping() {
  const t = useTexts(TEXTS);
  return (
    <>
      <PageHead title={t.keeping} />
      <Flex vertical gap={16}>
        <RetentionRules />
        <Holds />
        <Deletions />
        <Keys />
      </Flex>
    </>
  );
}

function Deletions() {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey: DELETIONS });
  const [shown, setShown] = useState<Deletion>();
  const list = useQuery({ queryKey: DELETIONS, queryFn: () => answer(client.GET("/retention/deletions")) });
  const due = useMutation({ mutationFn: () => answer(client.GET("/retention/due")) });
  const propose = useMutation({ mutationFn: () => answer(client.POST("/retention/deletions")), onSuccess: again });
  const decide = useMutation({
    mutationFn: ({ id, yes }: { id: number; yes: boolean }) => {
      const path = { params: { path: { deletion_id: id } } };
      return answer(yes ? client.POST("/retention/deletions/{deletion_id}/confirm", path) : client.POST("/retention/deletions/{deletion_id}/withdraw", path));
    },
    onSuccess: again,
  });
  const failure = list.error ?? due.error ?? propose.error ?? decide.error;
  const columns = [
    { title: "№", dataIndex: "id" },
    { title: t.proposed, key: "proposed", render: (_: unknown, one: Deletion) => `${plain(one.proposed_by)} ${wallTime(one.proposed_at)}` },
    { title: t.confirmed, key: "confirmed", render: (_: unknown, one: Deletion) => (one.confirmed_by ? `${plain(one.confirmed_by)} ${wallTime(one.confirmed_at)}` : "–") },
    { title: t.found, key: "numbers", render: (_: unknown, one: Deletion) => `${one.gone} / ${one.recordings}${one.spared ? ` (${t.spared} ${one.spared})` : ""}` },
    { title: "", key: "act", render: (_: unknown, one: Deletion) => <Acts one={one} onDecide={(yes) => decide.mutate({ id: one.id, yes })} onShow={() => setShown(one)} /> },
  ];
  return (
    <Card size="small" title={t.deletions}>
      <Flex vertical gap={12}>
        <Flex gap={8} wrap align="center">
          <Button loading={due.isPending} onClick={() => due.mutate()}>{t.dryRun}</Button>
          <Button danger loading={propose.isPending} onClick={() => propose.mutate()}>{t.propose}</Button>
          {due.isSuccess && <Alert type="info" showIcon title={`${t.wouldGo} ${due.data.number}`} />}
        </Flex>
        {due.isSuccess && due.data.number > 0 && (
          <Table rowKey="call_id" size="small" pagination={{ pageSize: 5 }} dataSource={due.data.first} columns={[{ title: t.call, dataIndex: "call_id" }, { title: t.started, dataIndex: "started_at", render: wallTime }, { title: t.keepRule, dataIndex: "rule" }, { title: t.until, dataIndex: "until", render: wallTime }]} />
        )}
        {failure && <FailureNote failure={failure} />}
        <Table rowKey="id" size="small" columns={columns} loading={list.isPending} dataSource={list.data?.deletions ?? []} pagination={false} />
        <Modal open={shown !== undefined} title={t.certificate} footer={null} width={760} onCancel={() => setShown(undefined)}>
          <pre style={{ whiteSpace: "pre-wrap", maxHeight: 360, overflow: "auto" }}>{shown?.certificate && JSON.stringify(JSON.parse(shown.certificate), null, 2)}</pre>
          <Typography.Paragraph copyable style={{ overflowWrap: "anywhere" }}>{shown?.signature ?? ""}</Typography.Paragraph>
        </Modal>
      </Flex>
    </Card>
  );
}

/** Whoever proposed cannot confirm; the service refuses it as well. */
function Acts({ one, onDecide, onShow }: { one: Deletion; onDecide: (yes: boolean) => void; onShow: () => void }) {
  const t = useTexts(TEXTS);
  const me = useMe();
  if (one.done_at) return <Button size="small" onClick={onShow}>{t.certificate}</Button>;
  if (one.withdrawn_at) return <Tag>{t.withdrawn}</Tag>;
  if (one.confirmed_at) return <Tag color="orange">{t.beingDone}</Tag>;
  const own = one.proposed_by === `account:${me.data?.name ?? ""}`;
  return (
    <Flex gap={8}>
      <Popconfirm title={t.confirmHint} onConfirm={() => onDecide(true)}>
        <Button size="small" danger disabled={own} title={own ? t.notByYou : undefined}>{t.confirm}</Button>
      </Popconfirm>
      <Button size="small" onClick={() => onDecide(false)}>{t.withdraw}</Button>
    </Flex>
  );
}

function Keys() {
  const t = useTexts(TEXTS);
  const keys = useQuery({ queryKey: ["keeping", "keys"], queryFn: () => answer(client.GET("/retention/keys")) });
  return (
    <Card size="small" title={t.keysTitle}>
      {keys.error && <FailureNote failure={keys.error} />}
      {keys.data && (
        <Flex vertical gap={8}>
          <span>{keys.data.keys.map((key) => <Tag key={key} color={key === keys.data.active ? "green" : undefined}>{key}{key === keys.data.active ? ` ${t.inUse}` : ""}</Tag>)}</span>
          <Typography.Text type="secondary">{t.rotateHint} <code>hotline recordings rotate-keys</code></Typography.Text>
          <Typography.Text copyable={{ text: keys.data.public_key }} style={{ overflowWrap: "anywhere" }}>{t.publicKey}: {keys.data.public_key}</Typography.Text>
        </Flex>
      )}
    </Card>
  );
}
