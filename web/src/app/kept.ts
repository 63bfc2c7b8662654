/** A choice of this browser that outlives the page, one of `allowed`. */
export function kept<T extends string>(name: string, allowed: readonly T[], initial: T) {
  const key = `hotline.${name}`;
  const watchers = new Set<() => void>();
  const found = localStorage.getItem(key) as T | null;
  let value = found !== null && allowed.includes(found) ? found : initial;
  return {
    get: (): T => value,
    set: (to: T): void => {
      value = to;
      localStorage.setItem(key, to);
      watchers.forEach((watcher) => watcher());
    },
    watch: (watcher: () => void): (() => void) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}
