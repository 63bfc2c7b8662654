import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `base` must agree with AT in api/pages.py.
export default defineConfig({
  base: "/app/",
  plugins: [react()],
  // Inlined files would be data: addresses, which the page's policy refuses for scripts and fonts.
  build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 1200 },
  server: {
    // `npm run dev` beside a running hotline: everything but the pages is the API's.
    proxy: { "^/(?!app/)": { target: "http://127.0.0.1:8000", ws: true } },
  },
});
