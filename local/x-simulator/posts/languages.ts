/** Made-up phrases in several scripts: what real posts look like to an encoder, saying nothing about anyone. */
export interface Language {
  /** BCP 47 tag, as in a post's `lang`. */
  readonly tag: string;
  readonly phrases: readonly string[];
  readonly hashtags: readonly string[];
}

export const LANGUAGES: readonly Language[] = [
  {
    tag: "en",
    phrases: [
      "The morning train was late again, so I read the whole report on the platform.",
      "Measured twice, cut once, and still the shelf is crooked.",
      "Does anybody know a bakery that opens before six?",
      "Release notes are out: fewer surprises, more tests.",
      "“Simple” is not the same as easy — it takes years.",
      "New post on the blog about queues, back pressure and patience.",
      "The harbour is quiet tonight and the lights are on 🌉",
      "My tomatoes have finally turned red 🍅🍅🍅",
      'Path was C:\\temp\\logs and of course it broke at the "quotes".',
      "Half of the work is naming things; the other half is renaming them.",
    ],
    hashtags: ["OpenData", "gardening", "typescript", "trains", "Sunday"],
  },
  {
    tag: "de",
    phrases: [
      "Schöne Grüße aus Köln, hier regnet es seit drei Tagen.",
      "Die Brücke über den Fluß wird nächstes Jahr größer gebaut.",
      "Wer früh aufsteht, hört die Vögel im Hinterhof.",
      "Übung macht den Meister, sagt man.",
    ],
    hashtags: ["Köln", "Wochenende", "Öffis"],
  },
  {
    tag: "ar",
    phrases: [
      "صباح الخير من المدينة القديمة",
      "الكتاب الجديد وصل اليوم وأنا سعيد جدا",
      "القهوة أولا ثم نبدأ العمل",
      "السوق مزدحم هذا المساء والطقس جميل",
    ],
    hashtags: ["قهوة", "صباح_الخير"],
  },
  {
    tag: "he",
    phrases: ["בוקר טוב לכולם", "הים היה שקט היום", "קראתי ספר מצוין על היסטוריה", "מחר נפגשים בתחנה"],
    hashtags: ["ספרים", "בוקר"],
  },
  {
    tag: "ja",
    phrases: [
      "今日は朝から雨が降っています。",
      "新しいカメラで夕焼けを撮りました📷",
      "電車が少し遅れているみたいです。",
      "週末は山に登る予定です。おすすめの道はありますか？",
    ],
    hashtags: ["写真", "週末"],
  },
  {
    tag: "ko",
    phrases: ["오늘 날씨가 정말 좋네요.", "새로 생긴 카페에 다녀왔어요 ☕️", "내일 회의는 열 시입니다."],
    hashtags: ["일상", "카페"],
  },
  {
    tag: "hi",
    phrases: ["आज मौसम बहुत अच्छा है।", "किताब पढ़ने का सबसे अच्छा समय सुबह है।", "चाय के बिना काम शुरू नहीं होता।"],
    hashtags: ["किताबें", "चाय"],
  },
  {
    tag: "pt",
    phrases: [
      "Amanhã tem jogo, não percam!",
      "O café da manhã é a melhor refeição do dia.",
      "Que saudade do mar 🌊",
    ],
    hashtags: ["futebol", "praia"],
  },
  {
    tag: "qme",
    phrases: ["👩‍👩‍👧‍👦🏳️‍🌈🧑🏽‍🚀", "😂😂😂", "🇯🇵🇧🇷🇩🇪", "❤️‍🔥✨🫶🏾"],
    hashtags: ["🎉", "nofilter"],
  },
];
