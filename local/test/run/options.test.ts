import { readRunOptions, readStreamOptions, START_SPEC } from "../../run/options";
import { helpText, readOptions } from "../../support/command-line";
import { UsageError } from "../../support/usage-error";

const read = (args: string, env: NodeJS.ProcessEnv = {}) => {
  const options = readOptions(START_SPEC, args === "" ? [] : args.split(" "));
  if (options === "help") throw new Error("help");
  return readRunOptions(options, env);
};

const token = { X_BEARER_TOKEN: "secret-token" };

describe("the options of a stream", () => {
  it("are places and the transform", () => {
    expect(readStreamOptions({ stream: true, dir: "here", transform: true })).toEqual({
      ...{ directory: "here", ingesterEntry: "ingester/dist/main.js", transform: true },
    });
  });

  it("refuse all that has no meaning for a stream, at once", () => {
    const refused = () =>
      readStreamOptions({ stream: true, live: true, query: "cats", posts: 3, fresh: true });
    expect(refused).toThrow(/--live does not work.*\n--query .*\n--posts .*\n--fresh /);
  });
});

describe("npm start's options", () => {
  it("are for a simulated run when there are none", () => {
    expect(read("")).toEqual({
      live: false,
      posts: undefined,
      fresh: false,
      directory: ".local",
      ingesterEntry: "ingester/dist/main.js",
      transform: false,
    });
  });

  it("make a live run with --live, against X by default", () => {
    expect(read("--live --query=cats --max-posts 10", token)).toMatchObject({
      live: true,
      query: "cats",
      maxPosts: 10,
      upstream: undefined,
    });
    expect(read("--live --query=cats", { ...token, X_API_URL: "http://127.0.0.1:1" })).toMatchObject({
      maxPosts: 50,
      upstream: "http://127.0.0.1:1",
    });
  });

  it.each([
    ["--bogus", "Unknown option --bogus"],
    ["2500", '"2500" is not an option'],
    ["--posts", "--posts needs a value"],
    ["--posts 0", '--posts must be a whole number of at least 1, got "0"'],
    ["--posts 1.5", 'got "1.5"'],
    ["--posts many", 'got "many"'],
    ["--fresh=yes", "--fresh takes no value"],
    ["--query cats", "--query works with --live only"],
    ["--max-posts 20", "--max-posts works with --live only"],
    ["--live --query cats --max-posts 9", "--max-posts must be a whole number of at least 10"],
    ["--live --query cats --posts 20", "--posts is for the simulator"],
    ["--live --query cats --fresh", "--fresh is for the simulator"],
    ["--live", "--live needs --query"],
  ])("refuse %s with one clear message", (args, message) => {
    expect(() => read(args, token)).toThrow(UsageError);
    expect(() => read(args, token)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
  });

  it("name everything that is wrong at once, and never the token", () => {
    const attempt = () => read("--live --posts 5 --fresh");
    for (const problem of ["X_BEARER_TOKEN", "--query", "--posts", "--fresh"]) {
      expect(attempt).toThrow(problem);
    }
    expect(() => read("--live --posts 5", token)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("secret-token") }),
    );
  });

  it("are all explained by --help", () => {
    expect(readOptions(START_SPEC, ["--help"])).toBe("help");
    for (const name of Object.keys(START_SPEC.options)) expect(helpText(START_SPEC)).toContain(`--${name}`);
  });
});
