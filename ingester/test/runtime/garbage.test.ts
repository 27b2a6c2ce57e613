import { spawnSync } from "node:child_process";
import v8 from "node:v8";
import { collectEarly } from "../../src/runtime/garbage";

jest.mock("node:v8", () => ({ setFlagsFromString: jest.fn() }));

it("sets V8's flag once the process has started, and keeps no process alive for it", () => {
  jest.useFakeTimers();
  const wait = jest.spyOn(global, "setTimeout");
  collectEarly();
  expect(v8.setFlagsFromString).not.toHaveBeenCalled();
  expect(wait.mock.results[0]?.value.hasRef()).toBe(false);
  jest.runAllTimers();
  expect(v8.setFlagsFromString).toHaveBeenCalledWith("--heap-growing-percent=50");
});

it("is a flag that this Node knows", () => {
  const { status } = spawnSync(process.execPath, ["--heap-growing-percent=50", "--eval", ""]);
  expect(status).toBe(0);
});
