import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

/** A list that the API gives in pages (`after`), read as far as somebody wants to see it. */
export function usePages<Page extends { after: string | null }>(
  key: readonly unknown[],
  ask: (after: string | undefined) => Promise<Page>,
) {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => ask(pageParam ?? undefined),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page) => last.after,
    placeholderData: keepPreviousData,
  });
}
