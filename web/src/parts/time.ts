/** `2026-11-22T15:28:21.4+08:00` → `2026-11-22 15:28:21`: the city's time, wherever one reads. */
export function wallTime(iso: string | null): string {
  return iso === null ? "–" : iso.slice(0, 19).replace("T", " ");
}

/** Seconds as `m:ss`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map(String) as [string, string, string];
  return hours === "0" ? `${minutes}:${rest.padStart(2, "0")}` : `${hours}:${minutes.padStart(2, "0")}:${rest.padStart(2, "0")}`;
}

/** Seconds between two times of the API; null while one is missing. */
export function between(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : (Date.parse(to) - Date.parse(from)) / 1000;
}
