import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Flex, Form, Input, Modal, Radio, Table, Tag, Typography } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMay } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { PageHead } from "../../parts/PageHead";
import { wallTime } from "../../parts/time";
import "./flows.css";
import { TEMPLATE_TEXTS } from "./templateTexts";
import { TEXTS } from "./texts";

type Flow = Schema["FlowSummary"];

export default function List() {
  const t = useTexts(TEXTS);
  const may = useMay();
  const [creating, setCreating] = useState(false);
  const list = useQuery({ queryKey: ["flow-list"], queryFn: () => answer(client.GET("/flows")) });
  return (
    <>
      <PageHead title={t.title}>
        {may("flow.edit") && <Button type="primary" onClick={() => setCreating(true)}>{t.create}</Button>}
      </PageHead>
      {list.error && <FailureNote failure={list.error} retry={() => void list.refetch()} />}
      <Table<Flow>
        rowKey="name"
        size="small"
        pagination={false}
        loading={list.isPending}
        dataSource={list.data?.flows ?? []}
        columns={[
          { title: t.name, dataIndex: "name", render: (name: string) => <Link to={`/flows/${name}`}>{name}</Link> },
          { title: t.flow, dataIndex: "title" },
          { title: t.inForce, dataIndex: "in_force", render: (number: number | null) => (number === null ? <Tag>{t.none}</Tag> : <Tag color="green">v{number}</Tag>) },
          { title: t.planned, dataIndex: "planned", render: (planned: Flow["planned"]) => planned && `v${planned.number} ${wallTime(planned.effective_from)}` },
          { title: t.updated, dataIndex: "updated_at", render: wallTime },
          { title: t.by, dataIndex: "updated_by" },
        ]}
      />
      {/* A form keeps the first values it is given: it waits for the templates. */}
      {creating && list.data && <Create templates={list.data.templates} close={() => setCreating(false)} />}
    </>
  );
}

interface Given {
  name: string;
  template: string;
}

function Create({ templates, close }: { templates: readonly string[]; close: () => void }) {
  const t = useTexts(TEXTS);
  const go = useNavigate();
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: ({ name, template }: Given) => answer(client.POST("/flows", { body: { name, template: template as "default" } })),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ["flow-list"] });
      void go(`/flows/${made.name}`);
    },
  });
  return (
    <Modal open title={t.create} footer={null} onCancel={close} width={720}>
      <Form<Given> layout="vertical" initialValues={{ template: templates.includes("default") ? "default" : templates[0] }} onFinish={(given) => create.mutate(given)}>
        <Form.Item name="name" label={t.name} extra={t.nameHint} rules={[{ required: true, pattern: /^[a-z][a-z0-9-]{0,63}$/, message: t.nameHint }]}>
          <Input autoFocus />
        </Form.Item>
        <Form.Item name="template" label={t.template}>
          <Gallery templates={templates} />
        </Form.Item>
        <Flex vertical gap={12}>
          {create.error && <FailureNote failure={create.error} />}
          <Button type="primary" htmlType="submit" loading={create.isPending}>{t.make}</Button>
        </Flex>
      </Form>
    </Modal>
  );
}

/** The templates as cards, of which one is chosen; a form hands value and onChange. */
function Gallery({ templates, value, onChange }: { templates: readonly string[]; value?: string; onChange?: (template: string) => void }) {
  const known = useTexts(TEMPLATE_TEXTS).templates;
  const order = [...Object.keys(known), ...templates].filter((name, at, all) => templates.includes(name) && all.indexOf(name) === at);
  return (
    <Radio.Group value={value} onChange={(event) => onChange?.(event.target.value as string)} className="flow-templates">
      {order.map((name) => (
        <Radio key={name} value={name} className="flow-template">
          <strong>{known[name]?.title ?? name}</strong>
          <Typography.Text type="secondary">{known[name]?.about}</Typography.Text>
        </Radio>
      ))}
    </Radio.Group>
  );
}
