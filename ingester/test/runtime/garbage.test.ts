import { spawnSync } from "node:child_process";
import v8 from "node:v8";
import { collectEarly } from "../../src/runtime/garbage";

jest.mock("node:v8", () => ({ setFlagsFromString: jest.fn() }));

const FLAGS = ["--heap-growing-percent=50", "--no-incremental-marking"];

it("sets V8's flags once the process has started, and keeps no process alive for them", () => {
  jest.useFakeTimers();
  const wait = jest.spyOn(global, "setTimeout");
  collectEarly();
  expect(v8.setFlagsFromString).not.toHaveBeenCalled();
  expect(wait.mock.results[0]?.value.hasRef()).toBe(false);
  jest.runAllTimers();
  expect(jest.mocked(v8.setFlagsFromString).mock.calls.flat()).toEqual(FLAGS);
});

it("are flags that this Node knows", () => {
  const { status } = spawnSync(process.execPath, [...FLAGS, "--eval", ""]);
  expect(status).toBe(0);
});
