import { Button, Result } from "antd";
import { Navigate, useNavigate } from "react-router";
import { useTexts } from "./language";
import { PAGES } from "./routes";
import { useMay } from "./session";
import { TEXTS } from "./texts";

/** The first page in the navigation that this person may see. */
export function Home() {
  const t = useTexts(TEXTS);
  const may = useMay();
  const first = PAGES.find((page) => page.title && may(page.permission));
  return first ? <Navigate to={`/${first.path}`} replace /> : <Result status="info" title={t.nothingForYou} />;
}

function HomeButton() {
  const t = useTexts(TEXTS);
  const go = useNavigate();
  return (
    <Button type="primary" onClick={() => void go("/")}>
      {t.home}
    </Button>
  );
}

export function NotFound() {
  const t = useTexts(TEXTS);
  return <Result status="404" title={t.notFound} subTitle={t.notFoundHint} extra={<HomeButton />} />;
}

export function Forbidden() {
  const t = useTexts(TEXTS);
  return <Result status="403" title={t.forbidden} subTitle={t.forbiddenHint} extra={<HomeButton />} />;
}

/** A page that failed, or whose code is gone since a new version was installed. */
export function Broken() {
  const t = useTexts(TEXTS);
  return (
    <Result
      status="500"
      title={t.broken}
      subTitle={t.brokenHint}
      extra={
        <Button type="primary" onClick={() => location.reload()}>
          {t.reload}
        </Button>
      }
    />
  );
}
