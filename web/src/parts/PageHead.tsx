import { Flex, Typography } from "antd";
import { useEffect, type ReactNode } from "react";
import { Link } from "react-router";
import { useTexts } from "../app/language";
import { TEXTS } from "../app/texts";

/** Heading of a page and title of the window; `back` leads to the list it came from. */
export function PageHead({ title, back, children }: { title: string; back?: { to: string; title: string }; children?: ReactNode }) {
  const t = useTexts(TEXTS);
  useEffect(() => {
    document.title = `${title} · ${t.product}`;
  }, [title, t.product]);
  return (
    <Flex align="baseline" gap={12} wrap style={{ marginBottom: 12 }}>
      {back && <Link to={back.to}>← {back.title}</Link>}
      <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
        {title}
      </Typography.Title>
      <span style={{ flex: 1 }} />
      {children}
    </Flex>
  );
}
