import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Card, Flex, Form, Input, Popconfirm, Select, Switch, Table, Tag, Typography } from "antd";
import { Link } from "react-router";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { useMay } from "../../app/session";
import { FailureNote } from "../../parts/FailureNote";
import { PageHead } from "../../parts/PageHead";
import { wallTime } from "../../parts/time";
import { ROUTE_TEXTS } from "./routeTexts";

type Route = Schema["RouteAnswer"];

/** Which flow answers which number and channel, which telephones try drafts, what is turned on. */
export default function Routes() {
  const t = useTexts(ROUTE_TEXTS);
  return (
    <Flex vertical gap={16}>
      <PageHead title={t.title} />
      <RouteTable />
      <Switches />
    </Flex>
  );
}

function RouteTable() {
  const t = useTexts(ROUTE_TEXTS);
  const mayPublish = useMay()("flow.publish");
  const list = useQuery({ queryKey: ["flow-routes"], queryFn: () => answer(client.GET("/flow-routes")) });
  const remove = useChange(t.removed, (id: number) => answer(client.DELETE("/flow-routes/{route_id}", { params: { path: { route_id: id } } })));
  const exact = (route: Route) => Number(Boolean(route.caller)) * 4 + Number(Boolean(route.dialled)) * 2 + Number(Boolean(route.channel));
  return (
    <Card size="small" title={t.routes} extra={list.data && <Tag color="blue">{t.defaultFlow(list.data.default_flow)}</Tag>}>
      <Typography.Paragraph type="secondary">{t.hint}</Typography.Paragraph>
      {[list.error, remove.error].map((failure, at) => failure && <FailureNote key={at} failure={failure} />)}
      <Table<Route>
        rowKey="id"
        size="small"
        pagination={false}
        loading={list.isPending}
        locale={{ emptyText: <Typography.Text type="secondary">{t.noRoutes}</Typography.Text> }}
        dataSource={[...(list.data?.routes ?? [])].sort((one, other) => exact(other) - exact(one))}
        columns={[
          { title: t.caller, dataIndex: "caller", render: (caller: string) => caller || t.any },
          { title: t.dialled, dataIndex: "dialled", render: (dialled: string) => dialled || t.any },
          { title: t.channel, dataIndex: "channel", render: (channel: string) => channel || t.any },
          { title: t.flow, dataIndex: "flow", render: (name: string) => <Link to={`/flows/${name}`}>{name}</Link> },
          { title: t.reaches, render: (_, route) => (route.caller ? <Tag color="gold">{t.draft}</Tag> : <Tag color="green">{t.published}</Tag>) },
          { title: t.setAt, dataIndex: "set_at", render: wallTime },
          { title: t.setBy, dataIndex: "set_by" },
          ...(mayPublish
            ? [{ title: "", render: (_: unknown, route: Route) => (
                <Popconfirm title={t.removeSure} onConfirm={() => remove.mutate(route.id)}>
                  <Button size="small" danger aria-label={`${t.remove} ${route.flow} ${route.dialled}${route.caller}`}>{t.remove}</Button>
                </Popconfirm>
              ) }]
            : []),
        ]}
      />
      {mayPublish && <RouteForm />}
    </Card>
  );
}

interface Given {
  flow: string;
  dialled?: string;
  channel?: string;
  caller?: string;
}

function RouteForm() {
  const t = useTexts(ROUTE_TEXTS);
  const [form] = Form.useForm<Given>();
  const flows = useQuery({ queryKey: ["flow-list"], queryFn: () => answer(client.GET("/flows")) });
  const set = useChange(t.saved, (given: Given) => answer(client.PUT("/flow-routes", { body: { flow: given.flow, dialled: given.dialled ?? "", channel: given.channel ?? "", caller: given.caller ?? "" } })));
  return (
    <Form<Given> form={form} layout="vertical" size="small" style={{ marginTop: 12 }} onFinish={(given) => set.mutate(given, { onSuccess: () => form.resetFields() })}>
      <Flex gap={12} wrap align="start">
        <Form.Item name="flow" label={t.flow} rules={[{ required: true, message: t.flow }]} style={{ width: 180 }}>
          <Select showSearch options={(flows.data?.flows ?? []).map(({ name, title }) => ({ value: name, label: `${name} ${title}` }))} />
        </Form.Item>
        <Form.Item name="dialled" label={t.dialled} extra={t.dialledHint} rules={[{ pattern: /^[0-9*#+]{0,32}$/, message: t.dialledHint }]} style={{ width: 220 }}>
          <Input allowClear />
        </Form.Item>
        <Form.Item name="channel" label={t.channel} extra={t.channelHint} rules={[{ pattern: /^[a-z][a-z0-9_-]{0,31}$/, message: t.channelHint }]} style={{ width: 220 }}>
          <Input allowClear />
        </Form.Item>
        <Form.Item name="caller" label={t.caller} extra={t.callerHint} rules={[{ pattern: /^[0-9+]{0,32}$/, message: t.callerHint }]} style={{ width: 260 }}>
          <Input allowClear />
        </Form.Item>
        <Form.Item label=" " colon={false}>
          <Button type="primary" htmlType="submit" loading={set.isPending}>{t.add}</Button>
        </Form.Item>
      </Flex>
      {set.error && <FailureNote failure={set.error} />}
    </Form>
  );
}

function Switches() {
  const t = useTexts(ROUTE_TEXTS);
  const maySwitch = useMay()("flow.switch");
  const list = useQuery({ queryKey: ["flow-switches"], queryFn: () => answer(client.GET("/flow-switches")) });
  const turn = useChange(t.turned, ({ name, on }: { name: string; on: boolean }) => answer(client.PUT("/flow-switches/{name}", { params: { path: { name } }, body: { on } })));
  return (
    <Card size="small" title={t.switches}>
      <Typography.Paragraph type="secondary">{t.switchesHint}</Typography.Paragraph>
      {[list.error, turn.error].map((failure, at) => failure && <FailureNote key={at} failure={failure} />)}
      <Table<Schema["SwitchAnswer"]>
        rowKey="name"
        size="small"
        pagination={false}
        loading={list.isPending}
        locale={{ emptyText: <Typography.Text type="secondary">{t.noSwitches}</Typography.Text> }}
        dataSource={list.data?.switches ?? []}
        columns={[
          { title: t.switchName, dataIndex: "name" },
          { title: "", render: (_, one) => <Switch aria-label={one.name} checked={one.on} disabled={!maySwitch} loading={turn.isPending && turn.variables.name === one.name} checkedChildren={t.on} unCheckedChildren={t.off} onChange={(on) => turn.mutate({ name: one.name, on })} /> },
          { title: t.setAt, dataIndex: "set_at", render: wallTime },
          { title: t.setBy, dataIndex: "set_by" },
        ]}
      />
      {maySwitch && (
        <Form<{ name: string }> layout="inline" size="small" style={{ marginTop: 12 }} onFinish={({ name }) => turn.mutate({ name, on: true })}>
          <Form.Item name="name" label={t.switchName} rules={[{ required: true, pattern: /^[a-z][a-z0-9-]{0,39}$/, message: t.switchNameHint }]}>
            <Input placeholder="bad-weather" />
          </Form.Item>
          <Button htmlType="submit">{t.addSwitch}</Button>
        </Form>
      )}
    </Card>
  );
}

/** A change after which both lists are read anew, and which says so. */
function useChange<T>(done: string, change: (given: T) => Promise<unknown>) {
  const queries = useQueryClient();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: change,
    onSuccess: () => {
      for (const key of ["flow-routes", "flow-switches"]) void queries.invalidateQueries({ queryKey: [key] });
      void message.success(done);
    },
  });
}
