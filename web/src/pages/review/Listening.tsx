import { Flex, Input, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { MoreButton } from "../../parts/MoreButton";
import { PageHead } from "../../parts/PageHead";
import { clock, wallTime } from "../../parts/time";
import { usePages } from "../../parts/usePages";
import { TEXTS } from "./texts";

type Entry = Schema["ListeningAnswer"];

/** Who heard what, for auditors, who hear nothing themselves. */
export default function Listening() {
  const t = useTexts(TEXTS);
  const [who, setWho] = useState("");
  const [what, setWhat] = useState("");
  const list = usePages(["listening", who, what], (after) =>
    answer(client.GET("/listening", { params: { query: { after, actor: who ? `account:${who}` : undefined, call_id: what || undefined } } })),
  );
  const columns: TableColumnsType<Entry> = [
    { title: t.when, dataIndex: "at", render: wallTime },
    { title: t.who, dataIndex: "actor", render: (actor: string) => actor.replace("account:", "") },
    { title: t.what, dataIndex: "call_id" },
    { title: t.part, key: "part", render: (_, one) => `${clock(one.from_s)} – ${clock(one.to_s)}` },
    { title: t.how, dataIndex: "kind", render: (kind: string) => t.hows[kind] ?? kind },
    { title: t.where, dataIndex: "address" },
  ];
  return (
    <>
      <PageHead title={t.listening}>
        <Flex gap={8}>
          <Input.Search allowClear aria-label={t.who} placeholder={t.who} onSearch={setWho} />
          <Input.Search allowClear aria-label={t.what} placeholder={t.what} onSearch={setWhat} />
        </Flex>
      </PageHead>
      {list.error && <FailureNote failure={list.error} retry={() => void list.refetch()} />}
      <Table<Entry> rowKey="id" size="small" columns={columns} loading={list.isPending} dataSource={list.data?.pages.flatMap((page) => page.entries) ?? []} pagination={false} />
      <MoreButton list={list} />
    </>
  );
}
