import { hash32 } from "../../support/random";

/** How many people write the simulator's posts. */
export const USER_COUNT = 5000;

const ID_BASE = 1_500_000_000_000_000_000n;
const NAMES = [
  "Ana",
  "Björn",
  "Chidi",
  "دانا",
  "Emeka",
  "Fatima",
  "陽子",
  "Ida",
  "José",
  "Kari",
  "Lê",
  "Μaria",
];
const BIOS = [
  "Gardens, trains, open data.",
  "Opinions are on loan.",
  "Writes about small machines ⚙️",
  "قهوة وكتب",
  "写真と散歩が好きです。",
];

/** A user as X returns it without `user.fields`. */
export interface UserIdentity {
  readonly id: string;
  readonly username: string;
  readonly name: string;
}

/** Who a user is. @param index 0 to `USER_COUNT - 1`. */
export function userAt(index: number): UserIdentity {
  const name = NAMES[hash32(1, index, 21) % NAMES.length] ?? "Ana";
  return {
    id: (ID_BASE + BigInt(index) * 104_729n).toString(),
    username: `user_${index.toString(36).padStart(4, "0")}`,
    name: `${name} ${index}`,
  };
}

/** Everything else a user can show, by the names of `user.fields`. */
export function userDetails(index: number): Readonly<Record<string, unknown>> {
  const draw = (salt: number): number => hash32(2, index, salt);
  return {
    created_at: new Date(1_300_000_000_000 + (draw(1) % 400_000) * 1_000_000).toISOString(),
    description: BIOS[draw(2) % BIOS.length],
    location: draw(3) % 3 === 0 ? "Lisboa" : undefined,
    profile_image_url: `https://pbs.twimg.com/profile_images/${draw(4)}/photo_normal.jpg`,
    protected: false,
    public_metrics: {
      followers_count: draw(5) % 20_000,
      following_count: draw(6) % 2_000,
      post_count: draw(7) % 50_000,
      listed_count: draw(8) % 100,
      like_count: draw(9) % 30_000,
      media_count: draw(10) % 3_000,
    },
    url: draw(11) % 2 === 0 ? `https://t.co/${draw(12).toString(36)}` : undefined,
    verified: draw(13) % 10 === 0,
    verified_type: draw(13) % 10 === 0 ? "blue" : "none",
  };
}
