import type { Skills } from "../../parts/names";

/** "医保=3, english=2" → {medical: 3, english: 2}; a skill without a level has level 1. */
export function levels(text: string, skills: Skills): Record<string, number> {
  const parts = text.split(/[,，;；、\s]+/).filter((part) => part !== "");
  return Object.fromEntries(
    parts.map((part) => {
      const [name = "", level = "1"] = part.split(/[=＝:：]/);
      return [skills.codeOf(name), Number(level)];
    }),
  );
}

export function writtenLevels(known: Readonly<Record<string, number>>, skills: Skills): string {
  return Object.entries(known).map(([code, level]) => `${skills.nameOf(code)}=${level}`).join("，");
}
