import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, client, type Schema } from "../../api/client";
import { useTexts } from "../../app/language";
import { TEXTS } from "./texts";

type Kind = Schema["Conduct"];
type Measure = Schema["Measure"];
const KINDS: readonly Kind[] = ["insult", "occupy"];

/** What the city's text allows against an abusive caller now; `warn` takes the mildest at once. */
export function useConduct(callId: string | null, known: boolean) {
  const t = useTexts(TEXTS);
  const queries = useQueryClient();
  const standing = useQuery({
    queryKey: ["desk", "conduct", callId],
    enabled: callId !== null && known,
    queryFn: () => Promise.all(KINDS.map((conduct) => answer(client.GET("/conduct/measures", { params: { query: { call_id: callId ?? "", conduct } } })))),
  });
  const take = useMutation({
    mutationFn: async ({ conduct, measure }: { conduct: Kind; measure: Measure }) => {
      const about = { call_id: callId ?? "", conduct };
      if (measure === "suspend") {
        await answer(client.POST("/suspensions", { body: { ...about, reason: t.proposal } }));
        return t.proposed;
      }
      const taken = await answer(client.POST("/conduct/measures", { body: { ...about, measure, note: t.note } }));
      return `${t.written}${t.measures[measure]}（${taken.article}）`;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["desk"] }),
  });
  const first = standing.data?.[0]?.allowed[0] ?? null;
  const choices = KINDS.flatMap((conduct, at) =>
    (standing.data?.[at]?.allowed ?? []).map((measure) => ({
      key: `${conduct}-${measure}`,
      label: `${t.conducts[conduct]} → ${t.measures[measure]}`,
      onClick: () => take.mutate({ conduct, measure }),
    })),
  );
  const warn = () => first && take.mutate({ conduct: "insult", measure: first });
  return { first, choices, warn, take, told: take.data ?? "", failure: take.error };
}
export type Conduct = ReturnType<typeof useConduct>;
