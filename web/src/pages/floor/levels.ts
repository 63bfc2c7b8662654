/** "medical=3, english=2" → {medical: 3, english: 2}; a skill without a level has level 1. */
export function levels(text: string): Record<string, number> {
  const parts = text.split(/[,，;；\s]+/).filter((part) => part !== "");
  return Object.fromEntries(
    parts.map((part) => {
      const [name = "", level = "1"] = part.split(/[=＝:：]/);
      return [name, Number(level)];
    }),
  );
}

export function writtenLevels(skills: Readonly<Record<string, number>>): string {
  return Object.entries(skills).map(([name, level]) => `${name}=${level}`).join(", ");
}
