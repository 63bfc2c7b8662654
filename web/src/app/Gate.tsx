import { Spin } from "antd";
import { lazy, Suspense } from "react";
import { Outlet, useMatches } from "react-router";
import { FailureNote } from "../parts/FailureNote";
import { Forbidden } from "./places";
import type { Page } from "./routes";
import { useMay, useMe } from "./session";
import { Shell } from "./Shell";

const SignIn = lazy(() => import("../pages/signin/SignIn"));
const NewPassword = lazy(() => import("../pages/account/NewPassword"));

/** Lets through who is signed in, has a password of his own and may see the page. */
export function Gate() {
  const me = useMe();
  const may = useMay();
  const page = useMatches().at(-1)?.handle as Page | undefined;
  if (me.isPending) return <Spin fullscreen />;
  if (me.isError) return <FailureNote failure={me.error} retry={() => void me.refetch()} />;
  if (me.data === null) return <Waiting><SignIn /></Waiting>;
  if (me.data.must_change_password) return <Waiting><NewPassword forced /></Waiting>;
  return <Shell me={me.data}>{may(page?.permission) ? <Outlet /> : <Forbidden />}</Shell>;
}

function Waiting({ children }: { children: React.ReactNode }) {
  return <Suspense fallback={<Spin fullscreen />}>{children}</Suspense>;
}
