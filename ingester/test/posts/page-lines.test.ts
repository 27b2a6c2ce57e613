import { linesOf } from "../../src/posts/page-lines";
import { PROVENANCE } from "../helpers/posts";

const POSTS = [
  { id: "3", author_id: "7" },
  { id: "2", author_id: "8" },
];
const USERS = { seven: { id: "7" }, eight: { id: "8" }, nine: { id: "9" } };
const PAGE = {
  posts: POSTS,
  fresh: POSTS,
  includes: { users: Object.values(USERS) },
  provenance: PROVENANCE,
};

describe("the lines of a page", () => {
  it("are its posts, each with what it refers to; the last one has what none refers to", () => {
    expect(linesOf(PAGE)).toEqual([
      { post: POSTS[0], includes: { users: [USERS.seven] }, provenance: PROVENANCE },
      {
        post: POSTS[1],
        includes: { users: [USERS.eight] },
        unreferenced: { users: [USERS.nine] },
        provenance: PROVENANCE,
      },
    ]);
  });

  it.each([
    ["fresh", { ...PAGE, fresh: POSTS.slice(0, 1) }, undefined],
    ["wanted", PAGE, ({ id }: { readonly id: string }) => id === "3"],
  ])("of %s posts alone have nothing over that belongs to the others", (_name, page, isWanted) => {
    expect(linesOf(page, isWanted)).toEqual([
      {
        post: POSTS[0],
        includes: { users: [USERS.seven] },
        unreferenced: { users: [USERS.nine] },
        provenance: PROVENANCE,
      },
    ]);
  });

  it("end with what has no id", () => {
    const lines = linesOf({ ...PAGE, fresh: [...POSTS, { id: "no-id-1", author_id: "9" }] });
    expect(lines.map(({ post }) => post.id)).toEqual(["3", "2", "no-id-1"]);
    expect(lines[2]?.includes).toEqual({ users: [USERS.nine] });
    expect(lines.some((line) => line.unreferenced !== undefined)).toBe(false);
  });

  it("share one provenance, and have no includes where the page has none", () => {
    const lines = linesOf({ ...PAGE, includes: {} });
    expect(lines.map(({ includes }) => includes)).toEqual([undefined, undefined]);
    expect(lines[0]?.provenance).toBe(lines[1]?.provenance);
  });

  it("are none of a page without fresh posts", () => {
    expect(linesOf({ ...PAGE, fresh: [] })).toEqual([]);
  });
});
