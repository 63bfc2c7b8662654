import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useCallback, useEffect } from "react";
import { createBrowserRouter, RouterProvider } from "react-router";
import { ApiFailure, onSignedOut } from "../api/client";
import { Gate } from "./Gate";
import { useLanguage } from "./language";
import { LiveProvider } from "./live";
import { Broken, Home, NotFound } from "./places";
import { PAGES } from "./routes";
import { useSessionChange } from "./session";
import { themeOf, useIsDark } from "./theme";

const WORTH_ASKING_AGAIN = new Set([0, 502, 503, 504]);
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (times, failure) =>
        times < 2 && failure instanceof ApiFailure && WORTH_ASKING_AGAIN.has(failure.status),
    },
  },
});

const router = createBrowserRouter(
  [
    {
      path: "/",
      Component: Gate,
      ErrorBoundary: Broken,
      HydrateFallback: () => null,
      children: [
        { index: true, Component: Home },
        ...PAGES.map((page) => ({
          path: page.path,
          handle: page,
          ErrorBoundary: Broken,
          lazy: async () => ({ Component: (await page.load()).default }),
        })),
        { path: "*", Component: NotFound },
      ],
    },
  ],
  { basename: "/app" },
);

export function App() {
  const [language] = useLanguage();
  const dark = useIsDark();
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
  }, [language, dark]);
  return (
    <ConfigProvider locale={language === "zh" ? zhCN : enUS} theme={themeOf(dark)} button={{ autoInsertSpace: false }}>
      <AntApp style={{ height: "100%" }}>
        <QueryClientProvider client={queries}>
          <Connected />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}

function Connected() {
  const { signedOut } = useSessionChange();
  const end = useCallback(() => void queries.invalidateQueries({ queryKey: ["me"] }), []);
  useEffect(() => onSignedOut(signedOut), [signedOut]);
  return (
    <LiveProvider onSignedOut={end}>
      <RouterProvider router={router} />
    </LiveProvider>
  );
}
