import { texts } from "../../app/language";

export const PROMPT_TEXTS = texts(
  {
    title: "语音", hint: "来电人听到的每一句话。换成真人录音：上传任何格式的声音文件，或直接在此录音；也可由合成音说新的文字。音量自动统一，破音的录音会被退回并说明原因。",
    key: "编号", words: "内容", length: "时长", source: "来源", recorded: "自有录音", synthetic: "合成音", language: "语言", search: "查找语音", play: "播放", upload: "上传录音", record: "录音", stop: "停止并保存", cancel: "放弃", recording: (seconds: number) => `正在录音 ${seconds} 秒`, taken: (key: string) => `${key} 已更换，下一位来电人就会听到`, noMicrophone: "无法使用话筒：请在浏览器里允许，并确认话筒已接好", speak: "合成语音", speakTitle: "由合成音说出文字", newPrompt: "新的语音", keyHint: "字母、数字、- 和 _，如 storm-notice", speakDo: "生成", noSound: "尚未生成",
    script: "配音稿", scriptFlow: "为哪个流程", markdown: "下载 Markdown", pdf: "下载 PDF", actions: "操作",
  },
  {
    title: "Prompts", hint: "Every sentence callers hear. Take a human voice instead: upload a sound file of any format, or record here; or let the synthetic voice say new words. Loudness is evened out; a clipped recording is refused with the reason.",
    key: "Name", words: "Words", length: "Length", source: "Source", recorded: "own recording", synthetic: "synthetic voice", language: "Language", search: "Find a prompt", play: "Play", upload: "Upload", record: "Record", stop: "Stop and keep", cancel: "Discard", recording: (seconds) => `Recording, ${seconds} s`, taken: (key) => `${key} has been replaced; the next caller hears it`, noMicrophone: "No microphone: allow it in the browser, and see that one is connected", speak: "Speak", speakTitle: "Let the synthetic voice say it", newPrompt: "New prompt", keyHint: "letters, digits, - and _, such as storm-notice", speakDo: "Speak it", noSound: "no sound yet",
    script: "Script for a voice actor", scriptFlow: "Of which flow", markdown: "As Markdown", pdf: "As PDF", actions: "Actions",
  },
);
