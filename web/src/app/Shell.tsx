import { DownOutlined, GlobalOutlined, MenuFoldOutlined, MenuUnfoldOutlined } from "@ant-design/icons";
import { Button, Dropdown, Flex, Layout, Menu, Segmented, theme, Tooltip } from "antd";
import { useState, type ReactNode } from "react";
import { Link, useLocation, useNavigate, useNavigation } from "react-router";
import { answer, client } from "../api/client";
import icon from "./icon.svg";
import { useLanguage, useTexts } from "./language";
import { useLiveState } from "./live";
import { PAGES } from "./routes";
import { useMay, useSessionChange, type Me } from "./session";
import { TEXTS } from "./texts";
import { useThemeChoice, type Choice } from "./theme";

/** What surrounds every page: navigation, live indicator, language, appearance, account. */
export function Shell({ me, children }: { me: Me; children: ReactNode }) {
  const t = useTexts(TEXTS);
  const { token } = theme.useToken();
  const [chosen, setFolded] = useState<boolean | null>(null);
  const area = useLocation().pathname.split("/")[1] ?? "";
  const folded = chosen ?? PAGES.some((page) => page.path === area && page.wide);
  const moving = useNavigation().state !== "idle";
  return (
    <Layout style={{ height: "100%" }}>
      <a className="skip-link" href="#content">
        {t.skip}
      </a>
      <Layout.Header style={{ padding: "0 16px", height: 48, lineHeight: "48px", background: token.colorBgContainer, borderBottom: `1px solid ${token.colorBorderSecondary}` }}>
        <Flex align="center" gap={12}>
          <Button
            type="text"
            aria-label={t.navigation}
            aria-expanded={!folded}
            icon={folded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
            onClick={() => setFolded(!folded)}
          />
          <img src={icon} width={24} height={24} alt="" />
          <strong>{t.product}</strong>
          <span style={{ flex: 1 }} />
          <LiveDot />
          <Switches />
          <Account me={me} />
        </Flex>
      </Layout.Header>
      <Layout>
        <Layout.Sider collapsed={folded} collapsedWidth={56} width={168} theme="light" style={{ background: token.colorBgContainer }}>
          <Navigation />
        </Layout.Sider>
        <Layout.Content id="content" tabIndex={-1} aria-busy={moving} style={{ overflow: "auto", padding: 16, outline: "none" }}>
          {children}
        </Layout.Content>
      </Layout>
    </Layout>
  );
}

function Navigation() {
  const t = useTexts(TEXTS);
  const [language] = useLanguage();
  const may = useMay();
  const here = useLocation().pathname.split("/")[1] ?? "";
  const items = PAGES.filter((page) => page.title && may(page.permission)).map((page) => ({
    key: page.path,
    icon: page.icon,
    label: <Link to={`/${page.path}`}>{page.title?.[language]}</Link>,
  }));
  return (
    <nav aria-label={t.navigation}>
      <Menu mode="inline" selectedKeys={[here]} items={items} style={{ borderInlineEnd: 0, background: "transparent" }} />
    </nav>
  );
}

function LiveDot() {
  const t = useTexts(TEXTS);
  const { token } = theme.useToken();
  const state = useLiveState();
  if (state === "off") return null;
  const colour = { connecting: token.colorWarning, open: token.colorSuccess, lost: token.colorError }[state];
  return (
    <Tooltip title={t.live[state]}>
      <span role="status" aria-label={t.live[state]} data-live={state} style={{ width: 10, height: 10, borderRadius: 5, background: colour }} />
    </Tooltip>
  );
}

function Switches() {
  const t = useTexts(TEXTS);
  const [language, setLanguage] = useLanguage();
  return (
    <Button type="text" icon={<GlobalOutlined />} onClick={() => setLanguage(language === "zh" ? "en" : "zh")}>
      {t.language}
    </Button>
  );
}

function Account({ me }: { me: Me }) {
  const t = useTexts(TEXTS);
  const go = useNavigate();
  const [choice, setChoice] = useThemeChoice();
  const { signedOut } = useSessionChange();
  const leave = async () => {
    try {
      await answer(client.POST("/auth/logout"));
    } finally {
      signedOut();
    }
  };
  const options = (["system", "light", "dark"] as const).map((value) => ({ value, label: t.themes[value] }));
  const items = [
    { key: "theme", label: <Segmented<Choice> size="small" aria-label={t.theme} value={choice} options={options} onChange={setChoice} /> },
    { type: "divider" as const },
    { key: "account", label: t.account, onClick: () => void go("/account") },
    { key: "leave", label: t.signOut, onClick: () => void leave() },
  ];
  return (
    <Dropdown trigger={["click"]} menu={{ items }}>
      <Button type="text">
        {me.display_name || me.name} <DownOutlined />
      </Button>
    </Dropdown>
  );
}
