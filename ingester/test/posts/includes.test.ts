import { includesFor } from "../../src/posts/includes";
import type { Includes } from "../../src/posts/post";
import { COMPLETE, INCLUDES, PLAIN } from "../helpers/posts";

describe("includesFor", () => {
  it("selects what a post refers to, and what its referenced posts refer to", () => {
    const strangers: Includes = {
      posts: [...(INCLUDES.posts ?? []), { id: "99", author_id: "98" }],
      users: [...(INCLUDES.users ?? []), { id: "98" }],
      media: [...(INCLUDES.media ?? []), { media_key: "3_2" }, { media_key: "3_99" }],
      places: [...(INCLUDES.places ?? []), { id: "elsewhere" }],
      polls: [{ id: "5" }],
    };
    expect(includesFor(COMPLETE, strangers)).toEqual({
      ...INCLUDES,
      media: [...(INCLUDES.media ?? []), { media_key: "3_2" }],
    });
  });

  it("selects nothing for a post that refers to nothing", () => {
    expect(includesFor({ id: "1" }, INCLUDES)).toEqual({});
  });

  it("follows mentions in the long note, polls and the author", () => {
    const post = {
      id: "1",
      author_id: "7",
      attachments: { poll_ids: ["5"] },
      note_post: { text: "", entities: { mentions: [{ start: 0, end: 1, username: "u", id: "8" }] } },
    };
    const includes: Includes = {
      users: [{ id: "7" }, { id: "8" }, { id: "9" }],
      polls: [{ id: "5" }, { id: "6" }],
    };
    expect(includesFor(post, includes)).toEqual({ users: [{ id: "7" }, { id: "8" }], polls: [{ id: "5" }] });
  });

  it("gives kinds it does not know to every post, and undefined without includes", () => {
    expect(includesFor(PLAIN, { topics: [{ id: "1" }] })).toEqual({ topics: [{ id: "1" }] });
    expect(includesFor(PLAIN, {})).toBeUndefined();
  });
});
