import { theme } from "antd";
import type { CSSProperties, ReactNode } from "react";

/** A framed part of the desk with a heading; what is in it scrolls, the desk does not. */
export function Panel({ title, extra, style, children }: { title?: ReactNode; extra?: ReactNode; style?: CSSProperties; children: ReactNode }) {
  const { token } = theme.useToken();
  const line = `1px solid ${token.colorBorderSecondary}`;
  return (
    <section className="desk-panel" style={{ background: token.colorBgContainer, border: line, ...style }}>
      {title && (
        <header style={{ borderBottom: line }}>
          <h2>{title}</h2>
          <span style={{ flex: 1 }} />
          {extra}
        </header>
      )}
      {children}
    </section>
  );
}
