/** A form as the API keeps it; what is left out has the API's own defaults. */
export interface Question {
  id: string;
  text: string;
  choices: Record<string, number>;
  weight: string;
  not_applicable: boolean;
  comment_on: string[];
  examples: string[];
  only_if?: { question: string; answer: string };
}

export type Answers = Record<string, { answer: string; comment: string; at_s: number | null }>;

interface Section {
  name: string;
  questions: (Partial<Question> & { id: string; text: string })[];
}

export type FormQuestion = Question & { points: number; suggest?: string };
export interface FormSection {
  name: string;
  weight: number;
  questions: FormQuestion[];
}
export interface FormBody {
  name: string;
  sections: FormSection[];
}

const PLAIN = { choices: { yes: 1, no: 0 }, weight: "points", not_applicable: false, comment_on: [], examples: [] };

/** A form to be changed: everything that was left out stands there. */
export function formOf(body: Record<string, unknown>): FormBody {
  const sections = (body["sections"] ?? []) as (Omit<FormSection, "questions"> & { questions: Partial<FormQuestion>[] })[];
  return {
    name: String(body["name"] ?? ""),
    sections: sections.map(({ name, weight, questions }) => ({ name, weight, questions: questions.map((one) => ({ ...blankQuestion(), ...one })) })),
  };
}

export function blankQuestion(): FormQuestion {
  return { ...PLAIN, choices: { ...PLAIN.choices }, comment_on: [], examples: [], id: "", text: "", points: 10 };
}

/** The questions that apply, given the answers so far, by section. */
export function questionsOf(body: Record<string, unknown>, answers: Answers): { section: string; questions: Question[] }[] {
  const sections = (body["sections"] ?? []) as Section[];
  return sections.map(({ name, questions }) => ({
    section: name,
    questions: questions
      .filter(({ only_if: condition }) => !condition || answers[condition.question]?.answer === condition.answer)
      .map((question) => ({ choices: { yes: 1, no: 0 }, weight: "points", not_applicable: false, comment_on: [], examples: [], ...question })),
  }));
}
