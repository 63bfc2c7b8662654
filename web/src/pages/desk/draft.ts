import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { answer, ApiFailure, client, type Schema } from "../../api/client";
import { useLiveEvents, useLiveRefresh } from "../../app/live";
import { finish, useWork, type Work } from "./work";

export interface Span {
  side?: string;
  start_s?: number;
  end_s?: number;
  words?: string;
}
export interface Field {
  value: unknown;
  confidence: number;
  spans: readonly Span[];
  why?: readonly (readonly string[])[];
  ranking?: readonly (readonly [string, number])[];
}
export type Fields = Readonly<Record<string, Field | undefined>>;
type Kind = NonNullable<Schema["SplitInput"]["category"]>;
export type Ticket = Schema["TicketAnswer"];
export type Wanted = Schema["WantedAnswer"];

/** Fields of every request, in the order of the form; then those of the matter's template. */
export const ORDER = [
  "category", "topic", "title", "summary", "address", "event_time", "subject", "request", "contact_name",
  "contact_number", "urgency",
] as const;
const TICKET = ["tickets", "one"];
const DRAFTED = new Set(["ticket_drafted"]);
const COLUMNS = new Set(["category", "title", "summary"]);
// Not more often than this while somebody speaks: each asks the service to read the whole call.
const ASK_EVERY_MS = 1_500;

/** The draft of a call: what the machine has understood, with what the agent has written over it. */
export function useDraft(callId: string | null, running: boolean) {
  const { work, change } = useWork(callId);
  const now = useQuery({
    queryKey: ["desk", "draft", callId],
    enabled: callId !== null,
    retry: 5, // the row of a call that has just begun is written within a second
    queryFn: () => answer(client.GET("/calls/{call_id}/draft", { params: { path: { call_id: callId ?? "" } } })),
  });
  useAskedWhenHeard(callId, running);
  const ticketId = work.ticketId ?? now.data?.ticket_id ?? null;
  const ticket = useQuery({
    queryKey: [...TICKET, ticketId],
    enabled: ticketId !== null && !running,
    retry: false,
    // Written by another process when the call has ended: asked for until it is there.
    refetchInterval: (query) => (query.state.data ? false : 1_500),
    queryFn: () => answer(client.GET("/tickets/{ticket_id}", { params: { path: { ticket_id: ticketId ?? "" } } })),
  });
  useLiveRefresh(TICKET, DRAFTED);
  const fields = (ticket.data?.fields ?? now.data?.fields ?? {}) as Fields;
  const machine = (name: string) => shown(name, fields, ticket.data);
  const value = (name: string) => work.edits[name] ?? machine(name);
  const template = useTemplate(value("category"), value("topic"), callId !== null);
  const missing = template.filter((wanted) => value(wanted.field === "district" ? "address" : wanted.field).trim() === "");
  return { work, change, fields, ticket: ticket.data ?? null, ticketId, value, machine, template, missing, failure: missingTicket(ticket.error) };
}
export type DeskDraft = ReturnType<typeof useDraft>;

/** While the ticket is not there yet its absence is no failure. */
function missingTicket(failure: unknown): unknown {
  return failure instanceof ApiFailure && failure.status === 404 ? null : failure;
}

function useAskedWhenHeard(callId: string | null, running: boolean): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), [callId]);
  useLiveEvents((event) => {
    if (!running || event.call_id !== callId || event.type !== "final" || timer.current) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey: ["desk", "draft", callId] });
    }, ASK_EVERY_MS);
  });
}

function useTemplate(category: string, topic: string, wanted: boolean): readonly Wanted[] {
  const asked = useQuery({
    queryKey: ["desk", "template", category, topic],
    enabled: wanted && category !== "",
    staleTime: Infinity,
    placeholderData: (before) => before,
    queryFn: () => answer(client.GET("/template", { params: { query: { category: category as Kind, topic } } })),
  });
  return asked.data?.wanted ?? [];
}

function shown(name: string, fields: Fields, ticket: Ticket | undefined): string {
  if (ticket && COLUMNS.has(name)) return ticket[name as "category" | "title" | "summary"];
  const field = fields[name];
  // Before anything was said the machine has its defaults, and no reason for them.
  const value = ticket || (field?.confidence ?? 0) > 0 ? field?.value : undefined;
  return typeof value === "string" ? value : "";
}

/** What differs from the ticket as it stands, as the API takes it. */
function patchOf(work: Work, ticket: Ticket): Schema["TicketPatch"] {
  const changed = Object.entries(work.edits).filter(([name, value]) => value !== shown(name, ticket.fields as Fields, ticket));
  const columns = Object.fromEntries(changed.filter(([name, value]) => COLUMNS.has(name) && value !== ""));
  const fields = Object.fromEntries(changed.filter(([name]) => !COLUMNS.has(name)).map(([name, value]) => [name, value === "" ? null : value]));
  return { version: ticket.version, ...columns, ...(Object.keys(fields).length > 0 && { fields }) };
}

/** Saving as a draft, and the act that ends it: registering, answering or refusing. */
export function useFinishing(draft: DeskDraft) {
  const queries = useQueryClient();
  const { work, ticket, change } = draft;
  const saved = async (): Promise<Ticket> => {
    if (!ticket) throw new Error("the ticket is not there yet");
    const patch = patchOf(work, ticket);
    const path = { params: { path: { ticket_id: ticket.ticket_id } } };
    const after = Object.keys(patch).length > 1 ? await answer(client.PATCH("/tickets/{ticket_id}", { ...path, body: patch })) : ticket;
    queries.setQueryData(["tickets", "one", ticket.ticket_id], after);
    return after;
  };
  const again = (failure: unknown) => {
    // Somebody else has changed it: what he wrote stands beside ours, and the next try builds on it.
    if (failure instanceof ApiFailure && failure.status === 409) void queries.invalidateQueries({ queryKey: ["tickets", "one", draft.ticketId] });
  };
  const save = useMutation({ mutationFn: saved, onSuccess: () => change({ edits: {} }), onError: again });
  const submit = useMutation({
    mutationFn: async () => {
      const { ticket_id: id, version } = await saved();
      await acted(work, { params: { path: { ticket_id: id } } }, version, draft);
      return id;
    },
    onSuccess: (id) => {
      finish(work.callId);
      void queries.invalidateQueries({ queryKey: ["tickets"] });
      return id;
    },
    onError: again,
  });
  return { save, submit };
}

type OfTicket = { params: { path: { ticket_id: string } } };

function acted(work: Work, path: OfTicket, version: number, draft: DeskDraft) {
  if (work.outcome === "answer") {
    return answer(client.POST("/tickets/{ticket_id}/answer_directly", { ...path, body: { version, reply: work.reply } }));
  }
  if (work.outcome === "refuse") {
    return answer(client.POST("/tickets/{ticket_id}/refuse", { ...path, body: { version, ground: work.ground, ...(work.asked && { asked: true }) } }));
  }
  const own = draft.template.filter((wanted) => wanted.own).map((wanted) => wanted.field);
  return answer(client.POST("/tickets/{ticket_id}/register", { ...path, body: { version, content: contentOf(draft), template: own, channel: "phone" } }));
}

/** The registration as a form: the city's own elements are checked by its rules. */
function contentOf(draft: DeskDraft): Record<string, string> {
  const { value } = draft;
  const own = draft.template.filter((wanted) => wanted.own).map((wanted) => [wanted.field, value(wanted.field)]);
  return {
    category: value("category"),
    name: value("contact_name"),
    contact: value("contact_number") || draft.ticket?.caller || "",
    subject: value("subject"),
    parties: value("subject"),
    address: value("address"),
    place: value("address"),
    time: value("event_time"),
    facts: value("summary"),
    content: value("summary"),
    demand: value("request"),
    request: value("request"),
    ...Object.fromEntries(own),
  };
}
