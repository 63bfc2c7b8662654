import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema";

export type Schema = components["schemas"];
export type Failure = Schema["Failure"];

/** Why a request did not succeed. `status` 0: no answer came at all. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly failure: Failure;

  constructor(status: number, failure: Failure) {
    super(failure.message);
    this.name = "ApiFailure";
    this.status = status;
    this.failure = failure;
  }
}

const UNREACHABLE: Failure = {
  error: "Unreachable",
  message: "The service cannot be reached. Nothing was changed; try again.",
  message_zh: "无法连接到服务。内容未改变，请重试。",
  details: [],
  allowed: [],
  article: "",
};

// Their 401 means that nobody is signed in yet, not that a session has ended.
const ASK_WHO = /\/auth\/(login|me)$/;
let csrfToken = "";
let whenSignedOut: () => void = () => undefined;

/** Told once after signing in (`me.csrf_token`); every change carries it. */
export function keepCsrfToken(token: string): void {
  csrfToken = token;
}

/** Called when an answer says that the session has ended. */
export function onSignedOut(act: () => void): void {
  whenSignedOut = act;
}

const csrf: Middleware = {
  onRequest({ request }) {
    if (csrfToken && !["GET", "HEAD"].includes(request.method)) {
      request.headers.set("X-CSRF-Token", csrfToken);
    }
    return request;
  },
};

export const client = createClient<paths>({ baseUrl: location.origin });
client.use(csrf);

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of an answer; anything but success is thrown as `ApiFailure`. */
export async function answer<T>(asked: Promise<Outcome<T>>): Promise<T> {
  let outcome: Outcome<T>;
  try {
    outcome = await asked;
  } catch {
    throw new ApiFailure(0, UNREACHABLE);
  }
  const { response } = outcome;
  if (response.ok) return outcome.data as T;
  if (response.status === 401 && !ASK_WHO.test(response.url)) whenSignedOut();
  throw new ApiFailure(response.status, failureOf(outcome.error, response));
}

function failureOf(body: unknown, response: Response): Failure {
  if (typeof body === "object" && body !== null && "message_zh" in body) return body as Failure;
  return { ...UNREACHABLE, message: `HTTP ${response.status}`, message_zh: `HTTP ${response.status}` };
}
