import { useCallback, useReducer } from "react";

interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
}

type Act<T> = { do: "set"; to: T } | { do: "reset"; to: T } | { do: "undo" } | { do: "redo" };
const MOST_STEPS = 200;

function step<T>(history: History<T>, act: Act<T>): History<T> {
  const { past, present, future } = history;
  switch (act.do) {
    case "set":
      return act.to === present ? history : { past: [...past.slice(-MOST_STEPS), present], present: act.to, future: [] };
    case "reset":
      return { past: [], present: act.to, future: [] };
    case "undo": {
      const before = past.at(-1);
      return before === undefined ? history : { past: past.slice(0, -1), present: before, future: [present, ...future] };
    }
    case "redo": {
      const [next, ...rest] = future;
      return next === undefined ? history : { past: [...past, present], present: next, future: rest };
    }
  }
}

/** A value whose changes can be taken back and done again. */
export function useHistory<T>(initial: T) {
  const [history, act] = useReducer(step<T>, { past: [], present: initial, future: [] });
  return {
    present: history.present,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    set: useCallback((to: T) => act({ do: "set", to }), []),
    reset: useCallback((to: T) => act({ do: "reset", to }), []),
    undo: useCallback(() => act({ do: "undo" }), []),
    redo: useCallback(() => act({ do: "redo" }), []),
  };
}
