import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Card, Flex, Popconfirm, Space, Table, Typography } from "antd";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { useQueueTitles, useSkills } from "../../parts/names";
import { PageHead } from "../../parts/PageHead";
import { clock } from "../../parts/time";
import { useOrder } from "./floor";
import { Profile } from "./Profile";
import { QueueForm } from "./QueueForm";
import { writtenLevels } from "./levels";
import { TEXTS } from "./texts";

type Queue = Schema["QueueAnswer"];

/** How callers wait, who serves them, and what each agent can. */
export default function Queues() {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const titleOf = useQueueTitles();
  const skills = useSkills();
  const [edited, setEdited] = useState<Queue | "new" | null>(null);
  const queues = useQuery({ queryKey: ["queues"], refetchInterval: 5_000, queryFn: () => answer(client.GET("/queues")) });
  const again = () => void queries.invalidateQueries({ queryKey: ["queues"] });
  const remove = useOrder((name: string) => answer(client.DELETE("/queues/{name}", { params: { path: { name } } })), again);
  const columns = [
    { title: t.queue, dataIndex: "name", width: 160, render: (name: string) => <>{titleOf(name)}{titleOf(name) !== name && <Typography.Text type="secondary"> {name}</Typography.Text>}</> },
    { title: t.open, render: (_: unknown, one: Queue) => (one.rule.hours ? `${one.rule.hours.opens.slice(0, 5)}–${one.rule.hours.closes.slice(0, 5)}` : t.always) },
    { title: t.goalColumn, render: (_: unknown, one: Queue) => `${Math.round(one.rule.goal_share * 100)}% / ${one.rule.goal_within_s} ${t.seconds}` },
    { title: t.needs, render: (_: unknown, one: Queue) => writtenLevels(one.rule.needs, skills) || "–" },
    { title: t.inQueue, render: (_: unknown, one: Queue) => (one.live ? `${one.live.waiting}（${clock(one.live.longest_wait_s)}）` : "–") },
    { title: t.serving, render: (_: unknown, one: Queue) => (one.live ? `${one.live.seats["ready"] ?? 0} / ${one.live.seats["talking"] ?? 0}` : "–") },
    { title: t.changed, dataIndex: "changed_by", render: (by: string) => by.replace("account:", "") || "–" },
    {
      title: t.actions, width: 150,
      render: (_: unknown, one: Queue) => (
        <Space>
          <Button size="small" onClick={() => setEdited(one)}>{t.edit}</Button>
          {one.name !== "general" && (
            <Popconfirm title={t.removeSure} onConfirm={() => remove.mutate(one.name)}><Button size="small" danger type="text">{t.remove}</Button></Popconfirm>
          )}
        </Space>
      ),
    },
  ];
  return (
    <>
      <PageHead title={t.queues}><Button type="primary" onClick={() => setEdited("new")}>{t.add}</Button></PageHead>
      <Flex vertical gap={16}>
        {(queues.error ?? remove.error) && <FailureNote failure={queues.error ?? remove.error} retry={() => void queues.refetch()} />}
        <Table<Queue> size="small" rowKey="name" loading={queues.isPending} pagination={false} columns={columns} dataSource={queues.data?.queues ?? []} />
        <Card size="small" title={t.profile}><Profile queues={(queues.data?.queues ?? []).map((one) => one.name)} /></Card>
      </Flex>
      {edited && <QueueForm queue={edited === "new" ? null : edited} queues={(queues.data?.queues ?? []).map((one) => one.name)} onClose={() => setEdited(null)} onSaved={again} />}
    </>
  );
}
