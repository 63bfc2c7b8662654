import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Flex, Input, Segmented, Skeleton, theme, Typography } from "antd";
import { useState } from "react";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { FailureNote } from "../../parts/FailureNote";
import { PageHead } from "../../parts/PageHead";
import { useSure } from "./policy";
import "./settings.css";
import { TEXTS } from "./texts";

type Year = Schema["YearAnswer"];
const MONTHS = [...Array(12).keys()];
const SATURDAY = 5;

/** Days off and days worked instead (调休), by which every time limit is counted. */
export default function WorkingDays() {
  const t = useTexts(TEXTS);
  const today = new Date().getFullYear();
  const [year, setYear] = useState(today);
  const found = useQuery({ queryKey: ["calendar", year], queryFn: () => answer(client.GET("/rules/calendar/{year}", { params: { path: { year } } })) });
  return (
    <>
      <PageHead title={t.days}>
        <Segmented<number> aria-label={t.days} value={year} options={[today - 1, today, today + 1, today + 2]} onChange={setYear} />
      </PageHead>
      {found.error && <FailureNote failure={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Skeleton active />}
      {found.data && <Edit key={`${year}-${found.data.edition}`} found={found.data} reload={() => void found.refetch()} />}
    </>
  );
}

function Edit({ found, reload }: { found: Year; reload: () => void }) {
  const t = useTexts(TEXTS);
  const sure = useSure();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [changed, setChanged] = useState<ReadonlySet<string>>(() => new Set([...found.days_off, ...found.days_worked]));
  const [source, setSource] = useState(found.source);
  const days_off = [...changed].filter((day) => !isWeekend(day)).sort();
  const days_worked = [...changed].filter(isWeekend).sort();
  const put = useMutation({
    mutationFn: () => answer(client.PUT("/rules/calendar/{year}", { params: { path: { year: found.year } }, body: { edition: found.edition, days_off, days_worked, source } })),
    onSuccess: () => {
      void message.success(t.saved);
      return queries.invalidateQueries({ queryKey: ["calendar"] });
    },
  });
  const turn = (day: string) => setChanged(changed.has(day) ? new Set([...changed].filter((one) => one !== day)) : new Set([...changed, day]));
  const unnamed = source.trim().length < 2;
  return (
    <Flex vertical gap={12}>
      <Typography.Text type="secondary">{t.daysHint}</Typography.Text>
      {!found.announced && <Alert type="warning" showIcon title={t.notAnnounced} />}
      <div className="year">{MONTHS.map((month) => <Month key={month} {...{ month, changed, turn }} year={found.year} />)}</div>
      <Flex gap={12} align="center" wrap>
        <Input aria-label={t.source} placeholder={t.source} style={{ width: 420 }} maxLength={200} status={unnamed ? "error" : ""} value={source} onChange={(event) => setSource(event.target.value)} />
        <Typography.Text data-changes>{t.changes.replace("{off}", String(days_off.length)).replace("{worked}", String(days_worked.length))}</Typography.Text>
        <Typography.Text type="secondary">{t.edition} {found.edition}</Typography.Text>
        <Button type="primary" disabled={unnamed} loading={put.isPending} onClick={() => sure(t.daysSure, () => put.mutate())}>{t.save}</Button>
        {unnamed && <Typography.Text type="danger">{t.sourceMissing}</Typography.Text>}
      </Flex>
      {put.error && <FailureNote failure={put.error} retry={reload} />}
    </Flex>
  );
}

interface MonthProps {
  year: number;
  month: number;
  changed: ReadonlySet<string>;
  turn: (day: string) => void;
}

function Month({ year, month, changed, turn }: MonthProps) {
  const t = useTexts(TEXTS);
  const { token } = theme.useToken();
  const colours = { off: token.colorErrorBg, worked: token.colorWarningBg, weekend: token.colorFillSecondary, weekday: token.colorBgContainer };
  return (
    <section className="month" aria-label={`${year}-${month + 1}`} style={{ border: `1px solid ${token.colorBorderSecondary}`, background: token.colorBgContainer }}>
      <strong>{month + 1}{t.month}</strong>
      <div className="month-days">
        {[...t.weekdays].map((name, at) => <small key={at} style={{ color: token.colorTextSecondary }}>{name}</small>)}
        {daysOf(year, month).map((day, at) => {
          const weekend = isWeekend(day);
          const kind = changed.has(day) ? (weekend ? "worked" : "off") : weekend ? "weekend" : "weekday";
          const told = kind === "off" || kind === "worked" ? ` ${t[kind]}` : "";
          return (
            <button key={day} type="button" data-kind={kind} aria-pressed={changed.has(day)} aria-label={`${day}${told}`} title={`${day}${told}`} onClick={() => turn(day)} style={{ background: colours[kind], color: token.colorText, fontWeight: told ? 700 : 400, ...(at === 0 && { gridColumnStart: weekday(day) + 1 }) }}>
              {Number(day.slice(8))}
            </button>
          );
        })}
      </div>
    </section>
  );
}

// Days of the calendar, not moments: counted in UTC so that no time zone moves them.
function daysOf(year: number, month: number): string[] {
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return [...Array(length).keys()].map((at) => new Date(Date.UTC(year, month, at + 1)).toISOString().slice(0, 10));
}

/** 0: Monday. */
function weekday(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

function isWeekend(day: string): boolean {
  return weekday(day) >= SATURDAY;
}
