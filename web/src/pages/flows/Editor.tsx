import { ReactFlowProvider } from "@xyflow/react";
import { Skeleton } from "antd";
import { useParams } from "react-router";
import { FailureNote } from "../../parts/FailureNote";
import { useFlow, useNodeTypes } from "./useFlow";
import { Workbench } from "./Workbench";

/** One flow: its drawing, proofs, rehearsal and versions. */
export default function Editor() {
  const { name = "" } = useParams();
  const flow = useFlow(name);
  const { types, ...language } = useNodeTypes();
  if (flow.error) return <FailureNote failure={flow.error} retry={() => void flow.refetch()} />;
  if (language.error) return <FailureNote failure={language.error} retry={() => void language.refetch()} />;
  if (!flow.data || types.size === 0) return <Skeleton active />;
  return (
    <ReactFlowProvider>
      <Workbench key={name} flow={flow.data} types={types} reload={() => flow.refetch()} />
    </ReactFlowProvider>
  );
}
