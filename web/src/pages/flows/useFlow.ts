import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { answer, client } from "../../api/client";
import type { Graph, NodeType } from "./graph";

/** The language's node types, by their name. */
export function useNodeTypes() {
  const query = useQuery({ queryKey: ["flow-nodes"], staleTime: Infinity, queryFn: () => answer(client.GET("/flow-nodes")) });
  const types = useMemo(() => new Map<string, NodeType>(query.data?.node_types.map((type) => [type.type, type])), [query.data]);
  return { types, ...query };
}

export function useFlow(name: string) {
  return useQuery({
    queryKey: ["flows", name],
    refetchOnWindowFocus: false,
    staleTime: Infinity, // what is on the page is somebody's work: it is read again on request only
    queryFn: () => answer(client.GET("/flows/{name}", { params: { path: { name } } })),
  });
}

export function useSave(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ graph, version }: { graph: Graph; version: number }) =>
      answer(client.PUT("/flows/{name}/draft", { params: { path: { name } }, body: { graph, draft_version: version, reason: "" } })),
    onSuccess: (saved) => {
      queries.setQueryData(["flows", name], saved);
      void queries.invalidateQueries({ queryKey: ["flow-list"] });
      void queries.invalidateQueries({ queryKey: ["flow-difference", name] });
    },
  });
}

export function useCheck(name: string) {
  return useMutation({
    mutationFn: (graph: Graph) => answer(client.POST("/flows/{name}/check", { params: { path: { name } }, body: { graph } })),
  });
}
