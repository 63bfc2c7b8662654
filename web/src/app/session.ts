import { useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, ApiFailure, client, keepCsrfToken, type Schema } from "../api/client";

export type Me = Schema["Me"];
export type Permission = string;

const ME = ["me"];

/** Who is signed in; null: nobody. */
export function useMe() {
  return useQuery({
    queryKey: ME,
    staleTime: Infinity,
    queryFn: async (): Promise<Me | null> => {
      try {
        const me = await answer(client.GET("/auth/me"));
        keepCsrfToken(me.csrf_token);
        return me;
      } catch (failure) {
        if (failure instanceof ApiFailure && failure.status === 401) return null;
        throw failure;
      }
    },
  });
}

/** Whether the person signed in may do something; nothing, while his password is not his own. */
export function useMay(): (permission: Permission | undefined) => boolean {
  const { data } = useMe();
  const held = data && !data.must_change_password ? data.permissions : [];
  return (permission) => permission === undefined || held.includes(permission);
}

/** What to do when somebody else, or nobody, is signed in from now on. */
export function useSessionChange() {
  const queries = useQueryClient();
  return {
    signedIn(me: Me) {
      keepCsrfToken(me.csrf_token);
      queries.setQueryData(ME, me);
    },
    signedOut() {
      keepCsrfToken("");
      // Not `clear`: whoever shows ME would keep looking at a query that is no longer there.
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== ME[0] });
      queries.setQueryData(ME, null);
    },
    again: () => queries.invalidateQueries({ queryKey: ME }),
  };
}
