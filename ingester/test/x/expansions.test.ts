import { EXPANSIONS, worstCase } from "../../src/x/expansions";

describe("the most that one post can include", () => {
  it.each([
    [["author_id", "referenced_posts"], { posts: 2, users: 1 }],
    [["entities.mentions.username", "edit_history_post_ids"], { posts: 5, users: 50 }],
    [["attachments.media_keys", "geo.place_id"], { posts: 0, users: 0 }],
    [[], { posts: 0, users: 0 }],
  ])("is the sum of what different expansions bring: %j", (expansions, most) => {
    expect(worstCase(expansions)).toEqual(most);
  });

  it.each([
    [["author_id", "username"], { posts: 0, users: 1 }],
    [["referenced_posts", "referenced_tweets.id.author_id"], { posts: 2, users: 2 }],
    [["referenced_posts", "referenced_tweets.id"], { posts: 2, users: 0 }],
  ])("counts objects once that several expansions bring: %j", (expansions, most) => {
    expect(worstCase(expansions)).toEqual(most);
  });

  it("is never less than what one of the expansions brings", () => {
    const all = worstCase(Object.keys(EXPANSIONS));
    for (const name of Object.keys(EXPANSIONS)) {
      const { posts, users } = worstCase([name]);
      expect([posts <= all.posts, users <= all.users]).toEqual([true, true]);
    }
  });
});
